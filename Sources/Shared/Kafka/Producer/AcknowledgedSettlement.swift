import CRdKafka
import Base

/// At-least-once: records are acknowledged stage by stage, each before the next begins; the offset follows later from
/// the desk's thread. A crash in between repeats the batch. Broker trouble is waited out as long as the partition is
/// wanted, repeating a stage from its first failure so that the order per key is kept.
final class AcknowledgedSettlement: Settlement {
    private let producer: Producer
    private let kafka: KafkaSettings
    private let lane: Lane
    let isCostly = false

    init(_ producer: Producer, _ kafka: KafkaSettings, _ lane: Lane) {
        self.producer = producer
        self.kafka = kafka
        self.lane = lane
    }

    func open(while isWanted: () -> Bool) throws(KafkaError) -> Bool { true }

    func close() {}

    func settle(
        _ staged: [StagedRecord], offset: Int64?, _ metadata: GroupMetadata?, while isWanted: () -> Bool
    ) -> Verdict {
        // Refused as a whole before anything is sent: a stage that was sent can't be taken back.
        if staged.contains(where: { $0.record.size > ProducerTuning.desk.messageBytes - 1_024 }) {
            return .undone(KafkaError(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE))
        }
        for stage in Stage.allCases {
            var left = staged.filter { $0.stage == stage }.map(\.record)[...]
            let isWritten = !left.isEmpty
            while !left.isEmpty {
                guard isWanted() else { return .abandoned(KafkaError(RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST)) }
                let results = producer.deliver(Array(left), until: .after(.seconds(30)))
                guard let (index, error) = Self.firstFailure(results) else { break }
                if error.blamesRecord { return .undone(error) }
                left = left.dropFirst(index)
                kafka.log(5, "DESK", "partition \(lane.partition) sends again: \(error)")
                lane.step()
                OwnedThread.pause(for: .milliseconds(50))
            }
            if isWritten { stage.crashPoint?.reached() }
        }
        return .settled
    }

    private static func firstFailure(_ results: [Result<Delivery, KafkaError>]) -> (Int, KafkaError)? {
        for (index, result) in results.enumerated() {
            if case .failure(let error) = result { return (index, error) }
        }
        return nil
    }
}

extension Stage {
    /// Where a test can end the process once the stage is acknowledged. After the last one that is `deskCommitted`.
    fileprivate var crashPoint: CrashPoint? {
        switch self {
        case .opening: .deskOpened
        case .effect: .deskEffected
        case .state: .deskStated
        case .reply: nil
        }
    }
}
