/// One topic of the system as the catalogue declares it.
public struct Topic: Sendable, Equatable {
    /// Without the prefix, for example `webhooks`.
    public let name: String
    /// What the key is, in words for the map.
    public let key: String
    /// What decides the partition, where that is only a part of the key.
    public let partitionedBy: String
    /// The message types or the record type that the value holds.
    public let value: String
    public let policy: Policy
    public let writers: [String]
    public let readers: [String]
    /// Whose beats keep its segments rolling; nil where quiet partitions hold nothing of people or shops.
    public let beatsFrom: String?
    public var maximumMessageBytes: Int = 1 << 20
    public var usesLogAppendTime = false

    public enum Policy: Sendable, Equatable {
        /// Everything is gone after this many milliseconds.
        case delete(afterMs: Int64)
        /// The newest value for each key stays until its writer removes it by a tombstone.
        case compact
    }

    /// Segments of topics that hold data of people or shops roll this often, so that it can be cleaned in time.
    public static let segmentMs: Int64 = 6 * 3_600_000

    var segmentMs: Int64 {
        switch policy {
        case .delete(let afterMs): return min(Self.segmentMs, afterMs / 2)
        case .compact: return Self.segmentMs
        }
    }

    /// A writer's clock may go before the broker's by that much; a record from later than that is refused.
    static let clockSkewMs: Int64 = 3_600_000

    /// Settings that brokers know since Kafka 3.6: with an older one the topic has none of them.
    public var preferred: [String: String] {
        usesLogAppendTime ? [:] : ["message.timestamp.after.max.ms": String(Self.clockSkewMs)]
    }

    /// The topic's settings at the broker. A whole segment goes at once, so retention is the promise less a segment.
    public var configuration: [String: String] {
        var settings = [
            "segment.ms": String(segmentMs),
            "max.message.bytes": String(maximumMessageBytes),
            "message.timestamp.type": usesLogAppendTime ? "LogAppendTime" : "CreateTime",
        ]
        switch policy {
        case .delete(let afterMs):
            settings["cleanup.policy"] = "delete"
            settings["retention.ms"] = String(afterMs - segmentMs)
        case .compact:
            settings["cleanup.policy"] = "compact"
            settings["max.compaction.lag.ms"] = String(segmentMs)
            settings["min.cleanable.dirty.ratio"] = "0.1"
            settings["delete.retention.ms"] = String(4 * 3_600_000)
        }
        return settings
    }
}
