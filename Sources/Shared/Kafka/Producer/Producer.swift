import Base
import CRdKafka
import Synchronization

/// Idempotent producer, `acks=all`, partitioned as Java does, one poll thread.
///
/// Promises one report per message: acknowledged, or why not. A full queue is an error or a wait, never a drop. When
/// librdkafka gives the instance up, it is replaced in process: pending messages fail with a retriable error and later
/// ones go to the successor.
public final class Producer: Sendable {
    private struct State {
        var connection: ProducerConnection
        var isClosed = false
    }

    private let settings: KafkaSettings
    private let tuning: ProducerTuning
    private let state: Monitor<State>
    /// Poll threads that have not ended yet.
    private let threads = Monitor(0)

    public init(_ settings: KafkaSettings, tuning: ProducerTuning = .door) throws(KafkaError) {
        self.settings = settings
        self.tuning = tuning
        let connection = try ProducerConnection(settings, tuning.properties)
        state = Monitor(State(connection: connection))
        startPolling(connection)
    }

    deinit { state.update { $0.isClosed = true } }

    /// Queues a record without ever blocking. `onDelivery` is called once, on the poll thread or, when the record could
    /// not be queued, on this one: `_QUEUE_FULL` (retriable) when the queue is full.
    public func send(
        _ record: OutgoingRecord, onDelivery: @escaping @Sendable (Result<Delivery, KafkaError>) -> Void
    ) {
        let now = state.read { $0 }
        guard !now.isClosed else {
            return onDelivery(.failure(KafkaError(RD_KAFKA_RESP_ERR__DESTROY, "the producer is closed")))
        }
        now.connection.send(record, onDelivery)
    }

    /// Sends a record and waits for its acknowledgement; waits as well while the queue is full, at most as long as a
    /// message may take.
    public func send(_ record: OutgoingRecord) async throws(KafkaError) -> Delivery {
        let deadline = Deadline.after(.milliseconds(tuning.messageTimeoutMs))
        while true {
            let result = await withCheckedContinuation { continuation in
                send(record) { continuation.resume(returning: $0) }
            }
            if case .failure(let error) = result, error.has(RD_KAFKA_RESP_ERR__QUEUE_FULL), !deadline.hasPassed {
                do { try await Task.sleep(for: .milliseconds(2)) } catch { throw Self.cancelled }
                continue
            }
            return try result.get()
        }
    }

    private static let cancelled = KafkaError(RD_KAFKA_RESP_ERR__INTR, "cancelled while the queue was full")

    /// Sends all and blocks until all are acknowledged. For threads that may block. Throws the first failure in the
    /// records' order, or `_TIMED_OUT` at the deadline; the others may have been delivered all the same.
    public func sendAll(_ records: [OutgoingRecord], deadline: Duration) throws(KafkaError) {
        let results = deliver(records, until: .after(deadline))
        for case .failure(let error) in results { throw error }
    }

    /// As `sendAll`, with one result per record in order.
    func deliver(_ records: [OutgoingRecord], until deadline: Deadline) -> [Result<Delivery, KafkaError>] {
        let late = KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, "not acknowledged in time", isRetriable: true)
        let answers = Monitor<[Int: Result<Delivery, KafkaError>]>([:])
        for (index, record) in records.enumerated() {
            repeat {
                answers.update { $0[index] = nil }
                send(record) { result in answers.update { $0[index] = result } }
            } while refusedForSpace(answers, index) && waitForSpace(until: deadline)
        }
        _ = answers.wait(until: deadline) { $0.count == records.count ? true : nil }
        return answers.read { got in records.indices.map { got[$0] ?? .failure(late) } }
    }

    private func refusedForSpace(_ answers: Monitor<[Int: Result<Delivery, KafkaError>]>, _ index: Int) -> Bool {
        guard case .failure(let error) = answers.read({ $0[index] }) else { return false }
        return error.has(RD_KAFKA_RESP_ERR__QUEUE_FULL)
    }

    private func waitForSpace(until deadline: Deadline) -> Bool {
        let connection = state.read { $0.connection }
        connection.waitForSpace(below: connection.queued, until: min(deadline, .after(.milliseconds(50))))
        return !deadline.hasPassed
    }

    /// Messages without a report yet.
    public var queued: Int { state.read { $0.connection }.queued }

    /// Fetches the topics' metadata in advance: the first message by name otherwise waits up to a second. Blocks up to
    /// the deadline; a failure is only a slower first message.
    public func warm(_ topics: [String], deadline: Duration = .seconds(5)) {
        let client = state.read { $0.connection }.client
        let limit = Deadline.after(deadline)
        for topic in topics where !limit.hasPassed { client.warm(topic, limit.milliseconds) }
    }

    /// Flushes until the deadline, fails what is left, ends the poll thread.
    public func close(deadline: Duration) {
        let limit = Deadline.after(deadline)
        let connection: ProducerConnection? = state.update { state in
            guard !state.isClosed else { return nil }
            state.isClosed = true
            return state.connection
        }
        guard let connection else { return }
        rd_kafka_flush(connection.client.raw, limit.milliseconds)
        connection.abandon(KafkaError(RD_KAFKA_RESP_ERR__DESTROY, "the producer was closed", isRetriable: true))
        _ = threads.wait(until: .after(.seconds(1))) { $0 == 0 ? true : nil }
    }

    /// Makes the current instance fail for good, as librdkafka's own test hook does.
    func failForTest(_ code: Int32) {
        let client = state.read { $0.connection }.client
        rd_kafka_test_fatal_error(client.raw, rd_kafka_resp_err_t(rawValue: code), "test")
    }

    private func startPolling(_ connection: ProducerConnection) {
        let (state, settings, properties) = (state, settings, tuning.properties)
        threads.update { $0 += 1 }
        OwnedThread.start("producer") { [threads] in
            var connection = connection
            // A cluster that kills every instance must not be flooded with new ones.
            var youngest = Deadline.after(.zero)
            while !state.read(\.isClosed) {
                connection.poll(100)
                guard connection.hasFailed, youngest.hasPassed else { continue }
                youngest = .after(.seconds(1))
                connection = Self.rebuild(connection, state, settings, properties)
            }
            connection.abandon(KafkaError(RD_KAFKA_RESP_ERR__DESTROY, "the producer was closed", isRetriable: true))
            threads.update { $0 -= 1 }
        }
    }

    /// Puts a successor in place, then fails what the dead instance still held. At most one attempt a second.
    private static func rebuild(
        _ dead: ProducerConnection, _ state: Monitor<State>, _ settings: KafkaSettings,
        _ properties: [(String, String)]
    ) -> ProducerConnection {
        let reason = dead.client.fatalError ?? KafkaError(RD_KAFKA_RESP_ERR__FATAL)
        settings.log(4, "PRODUCER", "rebuilt after \(reason)")
        while !state.read(\.isClosed) {
            do throws(KafkaError) {
                let next = try ProducerConnection(settings, properties)
                state.update { $0.connection = next }
                dead.abandon(reason.retriable("the producer was rebuilt"))
                return next
            } catch {
                settings.log(3, "PRODUCER", "can't be rebuilt: \(error)")
                _ = state.wait(until: .after(.seconds(1))) { $0.isClosed ? true : nil }
            }
        }
        return dead
    }
}
