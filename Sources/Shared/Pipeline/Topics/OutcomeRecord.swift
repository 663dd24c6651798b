import Base
import Kafka
import Model
import Security

/// Outcomes as CloudEvents 1.0 in Kafka's binary mode: the attributes in `ce_` headers, the data as JSON.
///
/// The same decision always makes the same `ce_id`, so a subscriber can tell a repetition.
public enum OutcomeRecord {
    /// A UUID from SHA-256(verification id|type|number of the text). The ends of a verification that was opened again
    /// have ids of their own; its texts are told apart by their numbers.
    ///
    /// - Parameter round: how often it had been opened again.
    public static func eventId(_ id: VerificationID, _ kind: OutcomeKind, number: Int? = nil, round: Int = 0) -> String
    {
        let suffix = number == nil && round > 0 ? "|r\(round)" : ""
        return DeterministicID.uuid("\(id.text)|\(kind.eventType)|\(number ?? 0)\(suffix)").uuidString.lowercased()
    }

    public static func make(
        _ kind: OutcomeKind, _ id: VerificationID, _ data: OutcomeData, _ topology: Topology, round: Int = 0
    ) -> OutgoingRecord {
        let eventId = eventId(id, kind, number: data.number, round: round)
        return OutgoingRecord(
            topic: topology.name(Catalogue.outcomes), partition: topology.partition(of: data.shop),
            key: Array("\(data.shop)/\(eventId)".utf8), value: Wire.encode(data),
            headers: [
                KafkaHeader("ce_specversion", "1.0"),
                KafkaHeader("ce_id", eventId),
                KafkaHeader("ce_source", "/shops/\(data.shop)"),
                KafkaHeader("ce_type", kind.eventType),
                KafkaHeader("ce_subject", data.order),
                KafkaHeader("ce_time", RFC3339.precise(data.at)),
                KafkaHeader("content-type", "application/json"),
            ])
    }

    /// Tombstones for every outcome that a verification with this many texts can have had, opened again or not.
    public static func tombstones(_ id: VerificationID, shop: String, texts: Int, _ topology: Topology)
        -> [OutgoingRecord]
    {
        let numbered = (0..<max(texts, 1)).flatMap { index in
            [OutcomeKind.sent, .delivered].map { eventId(id, $0, number: index + 1) }
        }
        let ends = [OutcomeKind.verified, .expired, .undeliverable, .cancelled]
        let single = (0...Verification.lastRound).flatMap { round in ends.map { eventId(id, $0, round: round) } }
        return (numbered + single + [eventId(id, .skipped)]).map {
            OutgoingRecord(
                topic: topology.name(Catalogue.outcomes), partition: topology.partition(of: shop),
                key: Array("\(shop)/\($0)".utf8), value: nil, headers: [])
        }
    }
}
