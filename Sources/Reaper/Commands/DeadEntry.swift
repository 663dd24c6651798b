import Base
import FoundationEssentials
import Kafka
import Pipeline

/// What can be said of a dead letter without opening it: one line of `dead list`, one object of `dead list --json`.
struct DeadEntry: Encodable, Equatable, Sendable {
    let partition: Int32
    let offset: Int64
    /// Milliseconds since 1970.
    let timestamp: Int64
    let daemon: String
    let reason: String
    /// The original message's topic/partition/offset.
    let from: String
    /// The original key, or a hash of it; text where it is printable, else `base64:…`.
    let key: String?
    /// Whether it has been sent again.
    var redriven = false

    var place: DeadPlace { DeadPlace(partition: partition, offset: offset) }

    /// Nil when the record is no dead letter: a beat, a mark.
    init?(_ record: IncomingRecord) {
        guard record.value != nil, let from = record.header("from") else { return nil }
        let text = { (name: String) in DeadText.shown(Array((record.header(name) ?? "").utf8)) }
        partition = record.partition
        offset = record.offset
        timestamp = record.timestamp
        daemon = text("daemon")
        reason = text("reason")
        self.from = DeadText.shown(Array(from.utf8))
        key = record.key.map(DeadText.shown)
    }

    /// Tab-separated: place, time, daemon, reason, origin, key, and `redriven` where it was.
    var line: String {
        let columns = [place.description, RFC3339.precise(timestamp), daemon, reason, from, key ?? "-"]
        return (columns + (redriven ? ["redriven"] : [])).joined(separator: "\t")
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
