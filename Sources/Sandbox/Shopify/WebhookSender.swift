import Base
import HTTP
import Platforms
import Security

/// Posts webhooks to Ingest as Shopify does: the raw body signed with the app's client secret, the rest in headers. One
/// attempt each, five seconds; what came of it is written down and answered.
struct WebhookSender: Sendable {
    struct Delivery: Sendable {
        var topic: String
        var shop: String
        var body: [UInt8]
        /// Fresh ones when nil.
        var deliveryId: String?
        var eventId: String?
        /// The order the journal files it under.
        var order: String?
        /// Instead of the right one; empty sends none.
        var signature: String?
    }

    struct Receipt: Sendable, Encodable, Equatable {
        var deliveryId: String
        /// Ingest's status; nil without an answer.
        var status: Int?
        /// Why there was no answer, or what Ingest said to a refusal.
        var detail: String?
    }

    static let apiVersion = "2026-10"

    var ingestURL: String
    var clientSecret: Secret
    var http: HTTPClient
    var journal: Journal
    var now: @Sendable () -> Int64

    func send(_ delivery: Delivery) async -> Receipt {
        let deliveryId = delivery.deliveryId ?? RandomName.uuid()
        let request = request(delivery, deliveryId)
        let receipt: Receipt
        do throws(OutboundError) {
            let response = try await http.send(request)
            let isFine = (200..<300).contains(response.status)
            let said = isFine ? nil : String(decoding: response.body.prefix(500), as: UTF8.self)
            receipt = Receipt(deliveryId: deliveryId, status: response.status, detail: said)
        } catch {
            receipt = Receipt(deliveryId: deliveryId, status: nil, detail: error.description)
        }
        let outcome = receipt.status.map { "answered \($0)" } ?? "no answer"
        journal.write(
            "shop", "webhook.\(delivery.topic)", order: delivery.order, "\(delivery.topic) webhook: \(outcome)")
        return receipt
    }

    private func request(_ delivery: Delivery, _ deliveryId: String) -> OutboundRequest {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "X-Shopify-Topic": delivery.topic,
            "X-Shopify-Shop-Domain": delivery.shop, "X-Shopify-API-Version": Self.apiVersion,
            "X-Shopify-Webhook-Id": deliveryId, "X-Shopify-Event-Id": delivery.eventId ?? RandomName.uuid(),
            "X-Shopify-Triggered-At": RFC3339.precise(now()), "X-Shopify-Name": "otp-guard",
        ]
        let signature = delivery.signature ?? ShopifyWebhook.sign(body: delivery.body, secret: clientSecret)
        if !signature.isEmpty { headers.set("X-Shopify-Hmac-Sha256", signature) }
        return OutboundRequest(
            method: "POST", url: "\(ingestURL)/webhooks/shopify", headers: headers, body: delivery.body,
            deadline: .seconds(5))
    }
}
