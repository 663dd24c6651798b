import HTTP
import Kafka
import Pipeline
import Platforms
import Runtime
import Security

/// `POST /webhooks/orders?source={shop}`: the door of shops without a platform of their own here. docs/orders-webhook.md
///
/// Each source has secrets of its own. A source that nobody put gets what a wrong signature gets, after a signature was computed
/// for it as well.
struct OrdersDoor: Sendable {
    /// Far above any order's; five signatures over it are checked before anybody is trusted.
    static let largestBody = 64 << 10

    let intake: WebhookIntake
    let secrets: SourceSecrets
    let clock: Clock

    func addRoutes(_ router: inout Router) {
        let options = RouteOptions(maximumBodyBytes: Self.largestBody)
        router.on("POST", "/webhooks/orders", options: options) { request, _, answer in handle(request, answer) }
    }

    func handle(_ request: HTTPRequest, _ answer: Responder) {
        let named = request.queryItems().filter { $0.0 == "source" }
        guard named.count == 1, let source = named.first.flatMap({ ShopName.validate($0.1) }) else {
            return refuse(answer, .malformed, .problem(400, detail: "The address does not name one source."))
        }
        let delivery: StandardDelivery
        do throws(StandardDeliveryProblem) {
            delivery = try StandardDelivery(request.headers, now: clock.now())
        } catch {
            return refuse(answer, .unsigned, .problem(401, detail: error.detail))
        }
        switch intake.look(source) {
        case .unavailable(let response): refuse(answer, .unavailable, response)
        case .unknown:
            _ = delivery.isSigned(body: request.body, secrets: secrets.decoys)
            refuse(answer, .unsigned, Self.unsigned)
        case .known(let shop, let key, let installation):
            guard let own = secrets.of(source, installation.webhookSecrets, key) else {
                return refuse(answer, .unavailable, .unavailable("The source's secrets can't be opened here."))
            }
            guard delivery.isSigned(body: request.body, secrets: own) else {
                return refuse(answer, .unsigned, Self.unsigned)
            }
            let webhook = WebhookMessage.SealedWebhook(
                platform: shop.platform, topic: Self.topic, deliveryId: delivery.id, eventId: nil,
                shopVersion: shop.version, body: request.body)
            intake.store(webhook, of: source, key, from: .orders, answer)
        }
    }

    /// What kind of event it is stands in the sealed body.
    static let topic = "order"

    private static let unsigned = HTTPResponse.problem(401, detail: "The signature is wrong.")

    private func refuse(_ answer: Responder, _ reason: IngestMetrics.Answer, _ response: HTTPResponse) {
        intake.metrics.door(.orders, reason)
        answer.respond(response)
    }
}

extension StandardDeliveryProblem {
    var detail: String {
        switch self {
        case .incomplete: "webhook-id, webhook-timestamp and webhook-signature must be there, once each."
        case .stale: "webhook-timestamp is more than five minutes from now."
        }
    }
}
