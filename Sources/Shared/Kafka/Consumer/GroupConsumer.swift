import Base
import CRdKafka

/// A member of a consumer group, cooperative-sticky, reading one topic. Confined to the thread that polls it; newly
/// assigned partitions are paused until `resume` is called for them.
final class GroupConsumer {
    struct Membership: Sendable {
        let topic: String
        let group: String
        let instance: String?
        let sessionTimeout: Duration
        let heartbeatInterval: Duration
    }

    let client: Client
    let topic: String
    let waker: ConsumerWaker
    /// Called while polling, after librdkafka has been told: partitions that are ours now, still paused.
    var assigned: ([Int32]) -> Void = { _ in }
    /// Called while polling, before librdkafka is told: partitions to let go, and whether they are lost already.
    var revoked: (_ partitions: [Int32], _ lost: Bool) -> Void = { _, _ in }
    /// The answer to `commit`.
    var committed: (KafkaError?) -> Void = { _ in }
    /// Set when the consumer is being closed by another thread: partitions are then let go without a word.
    private var isClosing = false
    private var hasBeenAssigned = false
    private var nextComplaint = Deadline(nanoseconds: 0)

    init(_ settings: KafkaSettings, _ member: Membership, tuning: [(String, String)] = []) throws(KafkaError) {
        topic = member.topic
        let relay = Relay()
        let events = ClientEvents()
        events.rebalanced = { rk, code, list in relay.consumer?.rebalance(rk, code, list) }
        events.committed = { relay.consumer?.committed($0) }
        events.failed = { settings.log($0.isFatal ? 3 : 4, "CONSUMER", $0.description) }
        var properties = [
            ("group.id", member.group), ("partition.assignment.strategy", "cooperative-sticky"),
            ("session.timeout.ms", "\(member.sessionTimeout.milliseconds)"),
            ("heartbeat.interval.ms", "\(member.heartbeatInterval.milliseconds)"),
            ("enable.auto.commit", "false"), ("enable.auto.offset.store", "false"),
            ("auto.offset.reset", "earliest"), ("enable.partition.eof", "true"),
            ("isolation.level", Isolation.readCommitted.rawValue), ("fetch.wait.max.ms", "100"),
            ("queued.min.messages", "20000"), ("queued.max.messages.kbytes", "16384"),
        ]
        if let instance = member.instance { properties.append(("group.instance.id", instance)) }
        client = try Client(.consumer, settings, properties + tuning, events: events)
        guard let waker = ConsumerWaker(client) else { throw KafkaError(RD_KAFKA_RESP_ERR__UNKNOWN_GROUP) }
        self.waker = waker
        relay.consumer = self
    }

    func subscribe() throws(KafkaError) {
        let code = TopicPartitions([(topic, -1, -1001)]).use { rd_kafka_subscribe(client.raw, $0) }
        guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
    }

    /// The next event, nil when there was none in that time or the waker was used.
    func poll(_ milliseconds: Int32) -> PartitionConsumer.Event? {
        guard let message = rd_kafka_consumer_poll(client.raw, milliseconds) else { return nil }
        defer { rd_kafka_message_destroy(message) }
        let m = message.pointee
        switch m.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .record(IncomingRecord(message, topic: topic))
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            return .end(topic: topic, partition: m.partition, offset: m.offset)
        case RD_KAFKA_RESP_ERR__FATAL: return .failure(client.fatalError ?? KafkaError(m.err))
        default:
            return .failure(KafkaError(m.err, rd_kafka_message_errstr(message).map { String(cString: $0) }))
        }
    }

    /// Stops fetching; what was fetched but not polled is fetched again after `resume`.
    func pause(_ partition: Int32) {
        _ = TopicPartitions(topic: topic, offsets: [partition: 0]).use { rd_kafka_pause_partitions(client.raw, $0) }
    }

    /// What two seconds are for `rd_kafka_seek_partitions`: before 2.1.0 it takes milliseconds for microseconds.
    private static let seekTimeout: Int32 = rd_kafka_version() < 0x0201_0000 ? 2_000_000 : 2_000

    /// Fetches from that offset on. The seek is what makes a resumed partition quick (without it up to a second).
    /// False when the partition can't be positioned yet: ask again. Said in the log at most every five seconds.
    func resume(_ partition: Int32, at offset: Int64) -> Bool {
        let list = TopicPartitions(topic: topic, offsets: [partition: offset])
        _ = list.use { rd_kafka_resume_partitions(client.raw, $0) }
        let target = TopicPartitions(topic: topic, offsets: [partition: offset])
        let error = target.use { KafkaError(taking: rd_kafka_seek_partitions(client.raw, $0, Self.seekTimeout)) }
        let code = target.entries[0].error
        if error == nil && code == RD_KAFKA_RESP_ERR_NO_ERROR { return true }
        if nextComplaint.hasPassed {
            nextComplaint = .after(.seconds(5))
            client.settings.log(
                5, "CONSUMER", "partition \(partition) can't be read from \(offset) yet: \(error ?? KafkaError(code))")
        }
        return false
    }

    /// Commits without waiting; the answer goes to `committed`. At most one may be outstanding.
    func commit(_ offsets: [Int32: Int64], notes: [Int32: String]) -> KafkaError? {
        let list = TopicPartitions(topic: topic, offsets: offsets, notes: notes)
        let code = list.use { rd_kafka_commit(client.raw, $0, 1) }
        return code == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(code)
    }

    /// The membership to fence a batch with; nil while our partitions are lost. To be taken before the batch and kept
    /// for its whole transaction: a fresh one would let a zombie commit.
    func groupMetadata() -> GroupMetadata? {
        guard let raw = rd_kafka_consumer_group_metadata(client.raw) else { return nil }
        let metadata = GroupMetadata(raw)
        // Asked afterwards: a membership that was reset before we took it shows as lost here.
        return rd_kafka_assignment_lost(client.raw) == 0 ? metadata : nil
    }

    /// Messages between an offset and the end as the last fetch told it.
    func lag(_ partition: Int32, from offset: Int64) -> Int64 {
        var low: Int64 = 0
        var high: Int64 = 0
        let code = rd_kafka_get_watermark_offsets(client.raw, topic, partition, &low, &high)
        return code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 ? max(0, high - max(offset, low)) : 0
    }

    /// Leaves the group (a static member stays) within the deadline. Closing a cooperative consumer can hang: then its
    /// thread is left behind, and the session's time-out does the rest.
    func close(until deadline: Deadline) {
        isClosing = true
        waker.close()
        let isClosed = Monitor(false)
        OwnedThread.start("consumer close") { [client] in
            rd_kafka_consumer_close(client.raw)
            isClosed.update { $0 = true }
        }
        let done: Bool? = isClosed.wait(until: deadline) { $0 ? true : nil }
        if done == nil { client.settings.log(4, "CONSUMER", "closing took too long and was left behind") }
        // librdkafka 2.0.2 asserts in the sticky assignor when a member is destroyed between joining and its first
        // assignment (rd_kafka_sticky_assignor_state_destroy). Such a member is never destroyed.
        if done == nil || !hasBeenAssigned { client.keepForever() }
    }

    private func rebalance(_ rk: OpaquePointer, _ code: rd_kafka_resp_err_t, _ list: TopicPartitions) {
        let partitions = list.entries.map(\.partition)
        switch code {
        case RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS:
            hasBeenAssigned = true
            // Numbered, not "as committed": librdkafka would ask for the offset, and when that answer is an error it
            // never starts the partition (rd_kafka_assignment_apply_offsets in 2.0.2). Where to read is said by
            // `resume`; until then the partition is paused and the number means nothing.
            list.setOffsets(0)
            if !partitions.isEmpty { _ = list.use { rd_kafka_pause_partitions(rk, $0) } }
            report(list.use { rd_kafka_incremental_assign(rk, $0) })
            if !partitions.isEmpty { _ = list.use { rd_kafka_pause_partitions(rk, $0) } }
            if !isClosing { assigned(partitions) }
        case RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS:
            if !isClosing { revoked(partitions, rd_kafka_assignment_lost(rk) != 0) }
            report(list.use { rd_kafka_incremental_unassign(rk, $0) })
        default:
            client.settings.log(3, "CONSUMER", "rebalance failed: \(KafkaError(code))")
            rd_kafka_assign(rk, nil)
        }
    }

    private func report(_ error: OpaquePointer?) {
        if let error = KafkaError(taking: error) { client.settings.log(4, "CONSUMER", "rebalance: \(error)") }
    }

    /// The callbacks' way back to the consumer, which owns the client that owns the callbacks.
    private final class Relay {
        weak var consumer: GroupConsumer?
    }
}
