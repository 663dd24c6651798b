import Base
import HTTP
import Kafka
import Pipeline
import Platforms
import Security

/// `POST /webhooks/orders?source={shop}`: the door of shops without a platform of their own here.
/// docs/orders-webhook.md
///
/// Each source has secrets of its own. A source that nobody put gets what a wrong signature gets, after a signature was
/// computed for it as well. What is signed is read before it is taken: whoever posts it learns at once what can't be
/// understood, and only what was understood is stored.
struct OrdersDoor: Sendable {
    /// As Shopify's.
    static let largestBody = 2 << 20

    let intake: WebhookIntake
    let secrets: SourceSecrets
    let pace: SourcePace
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
            let content = SourcePace.content(request.body, version: shop.version)
            guard !pace.isStored(delivery.id, content, of: source) else {
                return refuse(answer, .repeated, .empty(200))
            }
            if let wait = pace.take(source) { return refuse(answer, .throttled, Self.tooFast(wait)) }
            let event: OrderEvent
            switch Self.read(request.body, of: source) {
            case .success(let good): event = good
            case .failure(let faults): return refuse(answer, .misfit, Self.misfit(faults))
            }
            let webhook = WebhookMessage.SealedWebhook(
                platform: shop.platform, topic: Self.topic, deliveryId: delivery.id, eventId: nil,
                shopVersion: shop.version, body: event.json)
            let lifeMs = delivery.timestamp * 1000 + StandardWebhooks.toleranceMs - clock.now()
            intake.store(webhook, of: source, key, from: .orders, answer) { [pace] in
                pace.remember(delivery.id, content, of: source, for: lifeMs)
            }
        }
    }

    /// The signature is the source's own: an event that names another shop is not taken.
    private static func read(_ body: [UInt8], of source: String) -> Result<OrderEvent, OrderEvent.Faults> {
        OrderEvent.read(body).flatMap { event in
            event.shop == source ? .success(event) : .failure(.init([.foreignShop]))
        }
    }

    private static func misfit(_ faults: OrderEvent.Faults) -> HTTPResponse {
        .problem(
            422, detail: "The event can't be understood. Nothing was stored.",
            places: faults.all.map { HTTPResponse.ProblemPlace(pointer: $0.pointer, detail: $0.detail) })
    }

    private static func tooFast(_ seconds: Int) -> HTTPResponse {
        HTTPResponse.problem(
            429, detail: "More than \(SourcePace.atOnce) events at once, or \(SourcePace.perSecond) a second."
        ).with("Retry-After", String(seconds))
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
