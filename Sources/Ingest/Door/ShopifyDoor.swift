import HTTP
import Pipeline
import Platforms
import Security

/// `POST /webhooks/shopify`: a signed webhook becomes a sealed message in the shop's own partition.
///
/// Nothing of an unsigned request, of an unknown shop or of another topic of Shopify's is kept; all else is
/// ``WebhookIntake``'s.
struct ShopifyDoor: Sendable {
    let secrets: [Secret]
    let intake: WebhookIntake

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
        guard Self.isForUs(delivery) else { return refuse(answer, .ignored, .empty(200)) }
        switch intake.look(delivery.shopDomain) {
        case .unavailable(let response): refuse(answer, .unavailable, response)
        case .unknown: refuse(answer, .unknownShop, .empty(200))
        case .known(let shop, let key, _):
            let webhook = WebhookMessage.SealedWebhook(
                platform: ShopName.shopify, topic: delivery.topic, deliveryId: delivery.webhookId,
                eventId: delivery.eventId, triggeredAt: delivery.triggeredAt, shopVersion: shop.version,
                body: request.body)
            intake.store(webhook, of: delivery.shopDomain, key, from: .shopify, answer)
        }
    }

    /// Shopify's other topics are somebody else's subscription, or one of an older app of ours; what is no topic of
    /// Shopify's is the desk's to put aside. A test notification says nothing of the shop; one about an order may be a
    /// test order's own webhook, which the desk tells apart.
    private static func isForUs(_ delivery: ShopifyDelivery) -> Bool {
        if ShopifyDelivery.topics.contains(delivery.topic) {
            return !delivery.isTest || ShopifyDelivery.orderTopics.contains(delivery.topic)
        }
        return !ShopifyDelivery.isShopifys(delivery.topic)
    }

    private func refuse(_ answer: Responder, _ reason: IngestMetrics.Answer, _ response: HTTPResponse) {
        intake.metrics.door(.shopify, reason)
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
