import Base
import Model

/// The timers of one partition's pending verifications, and which of them have ended and been asked about.
///
/// What was asked stays due again and again, ever later, until the record shows another status (`update` with nil):
/// a lost ask or an owner whose clock is behind only costs time.
struct PartitionTimers {
    struct Due: Equatable {
        let id: VerificationID
        let deadline: Int64
        /// 1 for the first ask.
        let number: Int
    }

    private struct Asked {
        let deadline: Int64
        var number: Int
    }

    private var queue = DeadlineQueue<VerificationID>()
    /// Only of those whose timer has ended: few at any time.
    private var asked: [VerificationID: Asked] = [:]

    var count: Int { queue.count }

    mutating func earliest() -> Int64? { queue.earliest() }

    /// - Parameter deadline: when the verification's timer ends; nil where it has none, is settled or gone.
    mutating func update(_ id: VerificationID, deadline: Int64?) {
        if let known = asked[id] {
            guard known.deadline != deadline else { return }
            asked[id] = nil
        }
        if let deadline {
            // The owner ignores what the log dates before the deadline: the millisecond after it is never too early.
            queue.set(id, at: deadline + 1)
        } else {
            queue.remove(id)
        }
    }

    /// What is to be asked now, at most `limit`; each is due again by itself.
    mutating func due(now: Int64, limit: Int) -> [Due] {
        queue.popDue(now: now, limit: limit).map { id, at in
            let known = asked[id] ?? Asked(deadline: at - 1, number: 0)
            let number = known.number + 1
            asked[id] = Asked(deadline: known.deadline, number: number)
            queue.set(id, at: now + RepeatDelay.milliseconds(afterAsk: number))
            return Due(id: id, deadline: known.deadline, number: number)
        }
    }
}
