import CRdKafka
import Base

/// Exactly-once: outputs and offset in one transaction of a producer that belongs to this input partition alone. A
/// successor's `open` fences it, wherever it hangs.
final class TransactionalSettlement: Settlement {
    private let settings: DeskSettings
    private let lane: Lane
    let isCostly = true
    private var partition: Int32 { lane.partition }
    private var client: Client?
    private let firstFailure = Monitor<KafkaError?>(nil)

    init(_ settings: DeskSettings, _ lane: Lane) {
        self.settings = settings
        self.lane = lane
    }

    func open(while isWanted: () -> Bool) throws(KafkaError) -> Bool {
        let events = ClientEvents()
        let kafka = settings.kafka
        events.delivered = { [firstFailure] _, _, error in
            guard let error, !error.isPurge else { return }
            firstFailure.update { $0 = $0 ?? error }
        }
        events.failed = { kafka.log($0.isFatal ? 3 : 4, "TRANSACTION", $0.description) }
        let properties = [
            ("transactional.id", "\(settings.transactionalIdPrefix)\(partition)"),
            ("transaction.timeout.ms", "\(settings.transactionTimeout.milliseconds)"),
            ("enable.idempotence", "true"), ("acks", "all"), ("partitioner", "murmur2_random"),
            // Measured: with the default of 100 ms every wait for the coordinator costs that much.
            ("retry.backoff.ms", "1"), ("message.max.bytes", "\(ProducerTuning.desk.messageBytes)"),
        ]
        let client = try Client(.producer, kafka, properties, events: events)
        self.client = client
        // "Coordinator load in progress" and "concurrent transactions" are retriable here and pass.
        while isWanted() {
            guard let error = KafkaError(taking: rd_kafka_init_transactions(client.raw, 2_000)) else {
                for topic in settings.outputs where isWanted() { client.warm(topic, 2_000) }
                return true
            }
            guard error.isRetriable, !error.isFatal else { throw error }
            kafka.log(5, "TRANSACTION", "init_transactions: \(error), asking again")
            lane.step()
            OwnedThread.pause(for: .milliseconds(20))
        }
        return false
    }

    func close() { client = nil }

    func settle(
        _ staged: [StagedRecord], offset: Int64?, _ metadata: GroupMetadata?, while isWanted: () -> Bool
    ) -> Verdict {
        guard let client, isWanted() else { return .abandoned(Self.gone) }
        if staged.isEmpty && offset == nil { return .settled }
        firstFailure.update { $0 = nil }
        rd_kafka_poll(client.raw, 0)
        if let error = KafkaError(taking: rd_kafka_begin_transaction(client.raw)) { return .fatal(error) }
        if let error = produce(staged, client) { return abort(client, error, isWanted) }
        if let offset {
            guard let metadata else { return abort(client, Self.gone, isWanted) }
            let list = TopicPartitions(
                topic: settings.input, offsets: [partition: offset], notes: [partition: lane.note(at: offset)])
            let outcome = attempt(isWanted) {
                list.use { rd_kafka_send_offsets_to_transaction(client.raw, $0, metadata.raw, timeout) }
            }
            if let stop = verdict(outcome, client, isWanted) { return stop }
        }
        if !staged.isEmpty { CrashPoint.deskProduced.reached() }
        let outcome = attempt(isWanted) { rd_kafka_commit_transaction(client.raw, timeout) }
        return verdict(outcome, client, isWanted) ?? .settled
    }

    private static let gone = KafkaError(RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST, "the partition is no longer ours")

    private func produce(_ staged: [StagedRecord], _ client: Client) -> KafkaError? {
        let deadline = Deadline.after(settings.transactionTimeout)
        for item in staged {
            while let error = client.produce(item.record, id: 0) {
                guard error.has(RD_KAFKA_RESP_ERR__QUEUE_FULL), !deadline.hasPassed else { return error }
                rd_kafka_poll(client.raw, 10)
            }
        }
        return nil
    }

    private enum Outcome {
        case done
        case mustAbort(KafkaError)
        case abandoned(KafkaError)
        case fatal(KafkaError)
    }

    /// Never −1, which means for ever here: some calls of 2.0.2 miss their end.
    private var timeout: Int32 { Int32(clamping: settings.transactionTimeout.milliseconds) }

    /// Repeats a call as long as the error says that the same call may be repeated and the partition is wanted; a
    /// broker that stays away longer than any transaction lives ends the daemon instead.
    private func attempt(_ isWanted: () -> Bool, _ call: () -> OpaquePointer?) -> Outcome {
        let deadline = Deadline.after(settings.transactionTimeout * 3)
        while let error = KafkaError(taking: call()) {
            if error.isFatal { return .fatal(error) }
            if error.requiresAbort { return .mustAbort(error) }
            guard error.isRetriable, !deadline.hasPassed else { return .fatal(error) }
            guard isWanted() else { return .abandoned(error) }
            OwnedThread.pause(for: .milliseconds(5))
        }
        return .done
    }

    private func verdict(_ outcome: Outcome, _ client: Client, _ isWanted: () -> Bool) -> Verdict? {
        switch outcome {
        case .done: return nil
        case .mustAbort(let error): return abort(client, error, isWanted)
        case .abandoned(let error): return .abandoned(error)
        case .fatal(let error): return .fatal(error)
        }
    }

    /// The reason is the first message that failed, if one did: the transaction's own error only follows from it.
    private func abort(_ client: Client, _ error: KafkaError, _ isWanted: () -> Bool) -> Verdict {
        // In slices: an abort that waits for a new epoch is not told when that ends in being fenced (2.0.2); asked
        // again it knows.
        switch attempt(isWanted, { rd_kafka_abort_transaction(client.raw, 1_000) }) {
        case .done: return .undone(firstFailure.read { $0 } ?? error)
        case .abandoned(let error): return .abandoned(error)
        case .mustAbort(let error), .fatal(let error): return .fatal(error)
        }
    }
}

extension KafkaError {
    /// What a message says that was thrown away because its transaction had failed already.
    fileprivate var isPurge: Bool {
        has(RD_KAFKA_RESP_ERR__PURGE_QUEUE) || has(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
    }
}
