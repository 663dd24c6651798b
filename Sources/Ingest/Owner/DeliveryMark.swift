import Base
import Pipeline
import Security

/// How a delivery is known again: by its own id, and by what it is about, since nobody promises that a retry keeps its
/// id.
///
/// Short hashes; a row remembers the last few. Whatever a delivery does bears repetition in any case: this spares the
/// work, and keeps an old body from being taken for news.
enum DeliveryMark {
    static let kept = 16

    /// - Parameter resource: the order, or the shop. The event's id alone would not do: one action of a merchant's on
    ///   many orders shares it.
    static func of(_ webhook: WebhookMessage.SealedWebhook, shop: String, resource: String) -> [String] {
        let id = webhook.deliveryId.map { short(["delivery", webhook.topic, $0]) }
        let event = webhook.eventId.map { short(["event", shop, webhook.topic, resource, $0]) }
        return [id, event].compactMap(\.self)
    }

    static func known(_ marks: [String], in row: [String]?) -> Bool {
        guard let row else { return false }
        return marks.contains { row.contains($0) }
    }

    static func added(_ marks: [String], to row: [String]?) -> [String]? {
        marks.isEmpty ? row : Array(((row ?? []) + marks).suffix(kept))
    }

    private static func short(_ parts: [String]) -> String {
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Hex.encode(Digest.sha256(Array(text.utf8)).prefix(6))
    }
}

extension IngestLogic.Delivery {
    func marks(resource: String) -> [String] { DeliveryMark.of(webhook, shop: shop, resource: resource) }
}
