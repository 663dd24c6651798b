import Base
import CRdKafka

/// A snapshot of a group's membership (generation and member id). librdkafka only reads it after it was made, which is
/// the proof for `@unchecked Sendable`.
final class GroupMetadata: @unchecked Sendable {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { self.raw = raw }

    deinit { rd_kafka_consumer_group_metadata_destroy(raw) }
}

/// Ends a blocking poll of a consumer from any thread. The queue belongs to librdkafka and is thread-safe; the client
/// is held until the queue has been given back: the proof for `@unchecked Sendable`.
final class ConsumerWaker: @unchecked Sendable {
    private let client: Client
    private let queue: OpaquePointer
    private let isOpen = Monitor(true)

    init?(_ client: Client) {
        guard let queue = rd_kafka_queue_get_consumer(client.raw) else { return nil }
        self.client = client
        self.queue = queue
    }

    deinit { rd_kafka_queue_destroy(queue) }

    func wake() { isOpen.read { if $0 { rd_kafka_queue_yield(queue) } } }

    /// No wake reaches the queue after this. To be called before the consumer is closed: the yield would end
    /// rd_kafka_consumer_close half-way, and the instance could then never be destroyed.
    func close() { isOpen.update { $0 = false } }
}
