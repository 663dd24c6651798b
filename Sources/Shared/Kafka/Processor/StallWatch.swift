/// Judges which partitions stand still: there is input beyond what is settled, or tables still to read, and nothing has
/// moved for longer than the patience. Decides, does nothing; the clock is passed.
///
/// Never blames a partition for what it can't help: while Kafka does not answer, or a partition's end is not known, its
/// time begins anew; a retry that was logged counts as a step.
struct StallWatch {
    /// What a partition looks like from outside.
    struct Standing: Sendable, Equatable {
        /// Restored, or positioned: from here on only input beyond `reached` is a reason to move.
        var isOpen: Bool
        /// The next offset that is not settled.
        var reached: Int64
        /// Grows with everything that is progress without an offset: rows read, retries that were logged.
        var steps: Int
        /// For the log, nothing of the messages.
        var doing: String

        func hasMoved(since past: Standing) -> Bool {
            isOpen != past.isOpen || reached != past.reached || steps != past.steps
        }
    }

    struct Finding: Equatable {
        /// Partitions that stand still, each with a sentence for the operator.
        var still: [Int32: String] = [:]
        /// Those of them that do for twice the patience.
        var over: Set<Int32> = []
        /// Only a restart is left.
        var isOver: Bool { !over.isEmpty }
    }

    private struct Known {
        var standing: Standing
        var since: Int64
    }

    /// Looks come every few seconds. Where one comes later than that, in milliseconds, the whole process stood still:
    /// stopped, paused, or with its machine.
    static let gap: Int64 = 10_000

    private let patience: Int64
    private var looked: Int64?
    private var known: [Int32: Known] = [:]

    init(patience: Duration) { self.patience = patience.milliseconds }

    /// Before a look: whoever was not let run has not stood still. All times begin anew after a gap.
    mutating func comesBack(at now: Int64) {
        if let looked, now - looked > Self.gap { known = [:] }
        looked = now
    }

    /// - Parameters:
    ///   - now: milliseconds on a clock that is never set back.
    ///   - standings: of all partitions that are ours.
    ///   - ends: the input's ends as the broker tells them; nil when it did not answer.
    mutating func look(at now: Int64, _ standings: [Int32: Standing], ends: [Int32: Int64]?) -> Finding {
        var finding = Finding()
        // Restores take turns: one that waits for its turn moves with the others.
        let isRestoring = standings.contains { number, standing in
            !standing.isOpen && known[number].map { standing.hasMoved(since: $0.standing) } ?? true
        }
        var next: [Int32: Known] = [:]
        for (number, standing) in standings {
            let hasWork = standing.isOpen ? ends?[number].map { $0 > standing.reached } ?? false : ends != nil
            guard let past = known[number], hasWork, !standing.hasMoved(since: past.standing),
                standing.isOpen || !isRestoring
            else {
                next[number] = Known(standing: standing, since: now)
                continue
            }
            next[number] = past
            let age = now - past.since
            guard age >= patience else { continue }
            let end = ends?[number].map { " of \($0)" } ?? ""
            finding.still[number] =
                "partition \(number) stands still at \(standing.reached)\(end) for \(age / 1000) s: \(standing.doing)"
            if age >= 2 * patience { finding.over.insert(number) }
        }
        known = next
        return finding
    }
}
