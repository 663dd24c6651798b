import CrashPoints
import HTTP
import Kafka
import Pipeline
import Platforms
import Security

/// `POST /webhooks/shopify`: a signed webhook becomes a sealed message in the shop's own partition.
///
/// Answers 200 once the log holds it, 503 within a second when it does not; nothing of an unsigned request or of an
/// unknown shop is kept. A shop whose key this instance can't open is 503 as well, for its orders must not be lost. The
/// body is not looked into: what can't be understood is the desk's to put aside.
struct ShopifyDoor: Sendable {
    let secrets: [Secret]
    let topology: Topology
    let directory: ShopDirectory
    /// Whether the table of shops has been read.
    let isCaughtUp: @Sendable () -> Bool
    let outbox: Outbox
    let metrics: IngestMetrics

    func addRoutes(_ router: inout Router) {
        router.on("POST", "/webhooks/shopify", options: RouteOptions(maximumBodyBytes: 2 << 20)) { request, _, answer in
            handle(request, answer)
        }
    }

    func handle(_ request: HTTPRequest, _ answer: Responder) {
        let signature = ShopifyDelivery.signature(request.headers)
        guard ShopifyWebhook.verify(body: request.body, signature: signature, secrets: secrets) else {
            return refuse(answer, .unsigned, .problem(401, detail: "The signature is missing or wrong."))
        }
        let delivery: ShopifyDelivery
        do throws(ShopifyDeliveryProblem) {
            delivery = try ShopifyDelivery(request.headers)
        } catch {
            return refuse(answer, .malformed, .problem(400, detail: error.detail))
        }
        guard isCaughtUp() else {
            return refuse(answer, .unavailable, .unavailable("The shops are still being read."))
        }
        guard !directory.isUnreadable(delivery.shopDomain) else {
            return refuse(answer, .unavailable, .unavailable("The shop's key can't be opened here."))
        }
        guard let (shop, key) = directory.current(delivery.shopDomain), shop.installation != nil else {
            return refuse(answer, .unknownShop, .empty(200))
        }
        let webhook = WebhookMessage.SealedWebhook(
            platform: "shopify", topic: delivery.topic, deliveryId: delivery.webhookId, eventId: delivery.eventId,
            triggeredAt: delivery.triggeredAt,
            shopVersion: shop.version,
            body: key.seal(request.body, topic: "webhooks", key: delivery.shopDomain, field: "body"))
        outbox.post(WebhookMessage.webhook(webhook).record(shop: delivery.shopDomain, topology)) { isAcknowledged in
            if isAcknowledged { CrashPoint.ingestAcknowledged.reached() }
            metrics.door(.shopify, isAcknowledged ? .accepted : .unavailable)
            answer.respond(isAcknowledged ? .empty(200) : .unavailable("The webhook could not be stored."))
        }
    }

    private func refuse(_ answer: Responder, _ reason: IngestMetrics.Answer, _ response: HTTPResponse) {
        metrics.door(.shopify, reason)
        answer.respond(response)
    }
}

extension ShopifyDeliveryProblem {
    var detail: String {
        switch self {
        case .noTopic: return "X-Shopify-Topic is missing."
        case .noShop: return "X-Shopify-Shop-Domain is missing."
        case .badShop: return "X-Shopify-Shop-Domain is not a shop's domain."
        case .noWebhookId: return "X-Shopify-Webhook-Id is missing."
        }
    }
}
