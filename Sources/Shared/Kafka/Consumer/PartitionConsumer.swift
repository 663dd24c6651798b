import CRdKafka

/// A consumer without a group's membership: partitions are assigned to it by hand, one at a time (incremental), from
/// numeric offsets. Confined to the thread that polls it.
final class PartitionConsumer {
    enum Event {
        case record(IncomingRecord)
        /// The reader has come to the end as it is now; the offset is the next one to come.
        case end(topic: String, partition: Int32, offset: Int64)
        case failure(KafkaError)
    }

    private let client: Client
    /// Ends a poll from any thread.
    let waker: ConsumerWaker?

    init(
        _ settings: KafkaSettings, _ isolation: Isolation, tuning: [(String, String)] = []
    ) throws(KafkaError) {
        // librdkafka wants a group's name for assign, though it never joins one.
        let properties = [
            ("group.id", "\(settings.clientId)-reader"), ("enable.auto.commit", "false"),
            ("enable.auto.offset.store", "false"), ("enable.partition.eof", "true"),
            ("auto.offset.reset", "earliest"), ("isolation.level", isolation.rawValue), ("fetch.wait.max.ms", "100"),
        ]
        client = try Client(.consumer, settings, properties + tuning)
        waker = ConsumerWaker(client)
    }

    func assign(_ topic: String, _ offsets: [Int32: Int64]) throws(KafkaError) {
        let list = TopicPartitions(topic: topic, offsets: offsets)
        let error = list.use { KafkaError(taking: rd_kafka_incremental_assign(client.raw, $0)) }
        if let error { throw error }
    }

    /// The next event, nil when there was none in that time.
    func poll(_ milliseconds: Int32) -> Event? {
        guard let message = rd_kafka_consumer_poll(client.raw, milliseconds) else { return nil }
        defer { rd_kafka_message_destroy(message) }
        let m = message.pointee
        switch m.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR: return .record(IncomingRecord(message, topic: name(m.rkt)))
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            return .end(topic: name(m.rkt), partition: m.partition, offset: m.offset)
        default:
            return .failure(KafkaError(m.err, rd_kafka_message_errstr(message).map { String(cString: $0) }))
        }
    }

    private func name(_ topic: OpaquePointer?) -> String {
        guard let topic, let text = rd_kafka_topic_name(topic) else { return "" }
        return String(cString: text)
    }
}

/// What a reader sees of open and aborted transactions.
public enum Isolation: String, Sendable {
    case readCommitted = "read_committed"
    case readUncommitted = "read_uncommitted"
}
