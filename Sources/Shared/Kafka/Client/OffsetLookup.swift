import Base
import CRdKafka

/// Asks brokers where partitions begin and end, through a handle of its own, by default a read_uncommitted one: the end
/// is the high watermark, not the last stable offset. Blocks; honours its deadlines; never used on a thread that polls
/// a group.
final class OffsetLookup: Sendable {
    /// First offset still there, and the offset the next record will get.
    struct Range: Sendable, Equatable {
        let low: Int64
        let high: Int64
    }

    private let client: Client

    /// - Parameter isolation: read_committed takes the last stable offset for the end.
    init(_ settings: KafkaSettings, _ isolation: Isolation = .readUncommitted) throws(KafkaError) {
        client = try Client(.consumer, settings, [("isolation.level", isolation.rawValue)])
    }

    func partitionCount(_ topic: String, until deadline: Deadline) throws(KafkaError) -> Int32 {
        try client.shape(of: topic, deadline.milliseconds).partitions
    }

    func ranges(
        _ topic: String, _ partitions: [Int32], until deadline: Deadline
    ) throws(KafkaError) -> [Int32: Range] {
        let low = try ask(topic, partitions, Self.earliest, deadline)
        let high = try ask(topic, partitions, Self.latest, deadline)
        var result: [Int32: Range] = [:]
        for partition in partitions {
            guard let from = low[partition], let to = high[partition], from >= 0, to >= 0 else {
                throw KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "no offsets for \(topic)[\(partition)]")
            }
            result[partition] = Range(low: from, high: to)
        }
        return result
    }

    /// The offsets the next records will get.
    func ends(
        _ topic: String, _ partitions: [Int32], until deadline: Deadline
    ) throws(KafkaError) -> [Int32: Int64] {
        try ask(topic, partitions, Self.latest, deadline).filter { $0.value >= 0 }
    }

    /// The first offset at or after a time; nil where the broker answers -1 (no such record, or it can't tell).
    func offsets(
        _ topic: String, _ partitions: [Int32], at timestamp: Int64, until deadline: Deadline
    ) throws(KafkaError) -> [Int32: Int64] {
        try ask(topic, partitions, max(timestamp, 0), deadline).filter { $0.value >= 0 }
    }

    /// Where to begin reading: always a number, because starting at a logical offset costs a round of 500 ms.
    func start(
        _ topic: String, _ ranges: [Int32: Range], _ from: TableStart, until deadline: Deadline
    ) throws(KafkaError) -> [Int32: Int64] {
        switch from {
        case .beginning: return ranges.mapValues(\.low)
        case .since(let ageMs):
            let found = try offsets(topic, Array(ranges.keys), at: Clock.system.now() - ageMs, until: deadline)
            return Dictionary(
                uniqueKeysWithValues: ranges.map { ($0.key, max(found[$0.key] ?? $0.value.low, $0.value.low)) })
        }
    }

    // ListOffsets' special timestamps (Kafka protocol, ListOffsets request).
    private static let latest: Int64 = -1
    private static let earliest: Int64 = -2

    private func ask(
        _ topic: String, _ partitions: [Int32], _ timestamp: Int64, _ deadline: Deadline
    ) throws(KafkaError) -> [Int32: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let list = TopicPartitions(partitions.map { (topic, $0, timestamp) })
        let code = list.use { rd_kafka_offsets_for_times(client.raw, $0, deadline.milliseconds) }
        let failure = code == RD_KAFKA_RESP_ERR_NO_ERROR ? list.entries.map(\.error).first(where: Self.isFailure) : code
        if let failure {
            // librdkafka asks whoever led when it last looked, for up to a quarter of an hour.
            client.warm(topic, min(deadline.milliseconds, 2_000))
            throw KafkaError(failure)
        }
        return list.entries.reduce(into: [:]) { $0[$1.partition] = $1.offset }
    }

    private static func isFailure(_ code: rd_kafka_resp_err_t) -> Bool { code != RD_KAFKA_RESP_ERR_NO_ERROR }
}
