import Base
import HTTP
import Kafka
import Model
import Pipeline
import Security

/// What every door does with a webhook it trusts, whichever platform sent it: looks up the shop, seals the body under
/// its key, and answers 200 once the log holds it, 503 within a second when it does not.
///
/// A shop whose key this instance can't open is 503 as well, for its orders must not be lost. The body is not looked
/// into: what can't be understood is the desk's to put aside.
struct WebhookIntake: Sendable {
    enum Lookup {
        case known(ShopRecord, DataKey, ShopRecord.Installation)
        /// Nobody put it, or it has a key and nothing else yet.
        case unknown
        /// Not to be told yet; with the answer.
        case unavailable(HTTPResponse)
    }

    let topology: Topology
    let directory: ShopDirectory
    /// Whether the table of shops has been read.
    let isCaughtUp: @Sendable () -> Bool
    let outbox: Outbox
    let metrics: IngestMetrics

    func look(_ shop: String) -> Lookup {
        guard isCaughtUp() else { return .unavailable(.unavailable("The shops are still being read.")) }
        guard !directory.isUnreadable(shop) else {
            return .unavailable(.unavailable("The shop's key can't be opened here."))
        }
        guard let (record, key) = directory.current(shop), let installation = record.installation else {
            return .unknown
        }
        return .known(record, key, installation)
    }

    /// - Parameters:
    ///   - webhook: with its body still open.
    ///   - key: the shop's, of the webhook's version.
    ///   - onStored: called once the log holds it, before it is answered.
    func store(
        _ webhook: WebhookMessage.SealedWebhook, of shop: String, _ key: DataKey, from source: IngestMetrics.Source,
        _ answer: Responder, onStored: @escaping @Sendable () -> Void = {}
    ) {
        var sealed = webhook
        sealed.body = key.seal(webhook.body, topic: "webhooks", key: shop, field: "body")
        outbox.post(WebhookMessage.webhook(sealed).record(shop: shop, topology)) { [metrics] isAcknowledged in
            if isAcknowledged {
                CrashPoint.ingestAcknowledged.reached()
                onStored()
            }
            metrics.door(source, isAcknowledged ? .accepted : .unavailable)
            answer.respond(isAcknowledged ? .empty(200) : .unavailable("The webhook could not be stored."))
        }
    }
}
