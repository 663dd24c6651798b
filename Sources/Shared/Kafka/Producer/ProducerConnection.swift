import Base
import CRdKafka
import Synchronization

/// One librdkafka producer with the reports it still owes. Each send's report is called exactly once, on the polling
/// thread or, for what was never queued, on the caller's.
final class ProducerConnection: Sendable {
    typealias Report = @Sendable (Result<Delivery, KafkaError>) -> Void

    /// librdkafka takes a message whose request failed for stored when a later one of its partition was acknowledged,
    /// because a broker refuses sequence numbers with a gap. The mock cluster doesn't, and loses it; a broker that does
    /// has it. Nobody said where it stands, so nobody is told that it does: who sent it sends it again.
    private static let implied = KafkaError(
        RD_KAFKA_RESP_ERR__TIMED_OUT, "acknowledged by implication only", isRetriable: true)

    let client: Client
    private let pending: Pending

    init(_ settings: KafkaSettings, _ properties: [(String, String)]) throws(KafkaError) {
        let pending = Pending()
        let events = ClientEvents()
        events.delivered = { id, delivery, error in
            guard let report = pending.take(id) else { return }
            if let error { return report(.failure(pending.judged(error))) }
            report(delivery.offset >= 0 ? .success(delivery) : .failure(Self.implied))
        }
        events.failed = { error in
            settings.log(error.isFatal ? 3 : 4, "PRODUCER", error.description)
            if error.isFatal { pending.hasFailed.store(true, ordering: .releasing) }
        }
        client = try Client(.producer, settings, properties, events: events)
        self.pending = pending
    }

    /// True once librdkafka has given this producer up for good.
    var hasFailed: Bool { pending.hasFailed.load(ordering: .acquiring) }
    var queued: Int { pending.reports.read { $0.waiting.count } }

    func send(_ record: OutgoingRecord, _ report: @escaping Report) {
        let id = pending.add(report)
        guard let error = client.produce(record, id: id), let report = pending.take(id) else { return }
        if error.isFatal { pending.hasFailed.store(true, ordering: .releasing) }
        report(.failure(pending.judged(error)))
    }

    /// Serves reports and errors for at most that long.
    func poll(_ milliseconds: Int32) { rd_kafka_poll(client.raw, milliseconds) }

    /// Waits until a message has left the queue, or the deadline.
    func waitForSpace(below count: Int, until deadline: Deadline) {
        _ = pending.reports.wait(until: deadline) { $0.waiting.count < count ? true : nil }
    }

    /// Fails everything still pending with an error that says the same message may be sent again.
    func abandon(_ reason: KafkaError) {
        rd_kafka_purge(client.raw, Client.purgeAll)
        poll(0)
        for report in pending.takeAll() { report(.failure(reason)) }
    }

    private final class Pending: Sendable {
        struct Reports {
            var next: UInt = 1
            var waiting: [UInt: Report] = [:]
        }

        let reports = Monitor(Reports())
        let hasFailed = Atomic(false)

        func add(_ report: @escaping Report) -> UInt {
            reports.update { state in
                defer { state.next += 1 }
                state.waiting[state.next] = report
                return state.next
            }
        }

        func take(_ id: UInt) -> Report? { reports.update { $0.waiting.removeValue(forKey: id) } }

        func takeAll() -> [Report] {
            reports.update { state in
                defer { state.waiting = [:] }
                return state.waiting.sorted { $0.key < $1.key }.map(\.value)
            }
        }

        /// What ends an idempotent producer is no fault of the message: its successor may send it again.
        func judged(_ error: KafkaError) -> KafkaError {
            let ended = error.isFatal || hasFailed.load(ordering: .acquiring) || Self.endings.contains(error.code)
            return ended && !error.blamesRecord ? error.retriable("the producer is being rebuilt") : error
        }

        private static let endings = [
            RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, RD_KAFKA_RESP_ERR_DUPLICATE_SEQUENCE_NUMBER,
            RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_ID_MAPPING,
            RD_KAFKA_RESP_ERR_UNKNOWN_PRODUCER_ID,
        ].map(\.rawValue)
    }
}
