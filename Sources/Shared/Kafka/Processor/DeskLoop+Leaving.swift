import Base
import CRdKafka

/// Letting go of partitions: in a rebalance, and when the desk stops.
extension DeskLoop {
    /// Serves a revoke: batches in flight may end within the bound, then the lanes are closed. What is lost already
    /// belongs to somebody else: nothing is waited for and nothing committed.
    func revoked(_ partitions: [Int32], lost: Bool) {
        settings.kafka.log(6, "DESK", "\(lost ? "lost" : "revoked") \(partitions)")
        published.update { $0.statistics.rebalances += 1 }
        let leaving = partitions.compactMap { lanes[$0] }
        if !lost { settle(leaving, until: .after(settings.revokeDeadline)) }
        close(leaving)
        if !lost { commitFinally(leaving, until: .after(.seconds(2))) }
        for partition in partitions {
            lanes[partition] = nil
            dirty[partition] = nil
        }
        publishLanes()
    }

    /// Stops intake, lets lanes finish, closes them, commits, leaves the group: all within the deadline, of which the
    /// last second is kept for leaving.
    func shutDown() {
        let deadline = mailbox.stop ?? .after(.seconds(3))
        let settling = Deadline(nanoseconds: deadline.nanoseconds - 1_000_000_000)
        let leaving = Array(lanes.values)
        if failure == nil { settle(leaving, until: settling) }
        close(leaving)
        while !closing.isEmpty && !deadline.hasPassed {
            mailbox.awaitReports(until: deadline).forEach(handle)
        }
        commitFinally(leaving, until: max(settling, .after(.milliseconds(500))))
        lanes = [:]
        publishLanes()
        consumer.close(until: max(deadline, .after(.milliseconds(500))))
        context.close(until: deadline)
    }

    /// Waits until none of the lanes is busy, then has what they owe committed. Lanes still restoring are told to give
    /// up first, and waited for too: a late `init_transactions` would fence the successor.
    private func settle(_ leaving: [LaneState], until deadline: Deadline) {
        for lane in leaving where lane.phase == .restoring { lane.worker.lane.disown() }
        awaitIdle(leaving, until: deadline)
        let owing = leaving.filter { $0.phase == .idle && $0.owes }
        guard !owing.isEmpty, !deadline.hasPassed, let metadata = consumer.groupMetadata() else { return }
        for lane in owing {
            lane.phase = .busy
            lane.worker.settleOwed(metadata)
        }
        awaitIdle(owing, until: deadline)
    }

    private func awaitIdle(_ waited: [LaneState], until deadline: Deadline) {
        while waited.contains(where: { $0.phase == .busy || $0.phase == .restoring }) && !deadline.hasPassed {
            mailbox.awaitReports(until: deadline).forEach(handle)
        }
    }

    func close(_ leaving: [LaneState]) {
        for lane in leaving {
            lane.worker.lane.disown()
            closing[ObjectIdentifier(lane.worker)] = lane
            lane.worker.close()
        }
    }

    /// At-least-once: commits what the lanes have settled and not yet committed, waiting for the answer.
    private func commitFinally(_ leaving: [LaneState], until deadline: Deadline) {
        var offsets: [Int32: Int64] = [:]
        var notes: [Int32: String] = [:]
        for lane in leaving {
            let partition = lane.worker.lane.partition
            if dirty[partition] != nil || committing[partition] != nil {
                offsets[partition] = lane.settled
                notes[partition] = lane.worker.lane.note(at: lane.settled)
            }
        }
        guard !offsets.isEmpty else { return }
        if let error = consumer.client.commit(settings.input, offsets, notes: notes, until: deadline) {
            settings.kafka.log(4, "DESK", "last offsets not committed, the successor repeats: \(error)")
        }
    }
}
