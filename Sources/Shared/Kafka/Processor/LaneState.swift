import Base

/// The half of a lane that the desk's thread keeps: what waits, what is in flight, what is due. Decides, does nothing.
final class LaneState {
    enum Phase {
        case restoring
        case idle
        case busy
        /// Abandoned: only its closing is awaited.
        case ended
    }

    let worker: LaneWorker
    var phase = Phase.restoring
    var buffer: RecordBuffer
    /// The input's next offset that is not settled.
    private(set) var settled: Int64 = 0
    /// The lowest offset to accept: what a seek or a pause delivers again is dropped.
    private var expected: Int64 = 0
    private var inputEnd = Int64.max
    private var endSeen: Int64 = -1
    private(set) var isCaughtUp = false
    /// What is settled is not committed yet.
    private(set) var owes = false
    /// Fetching stands still until the partition is positioned here.
    private(set) var pendingPosition: Int64?
    var isPaused = true
    /// Until this offset messages are decided one by one, after a batch was undone.
    private var singleUntil: Int64 = -1
    /// The offset whose single decision was refused or undone together with others.
    private var suspects: ClosedRange<Int64>?
    private var attempts = 0
    private var retryAt = Deadline(nanoseconds: 0)
    private var nextTick = Deadline(nanoseconds: 0)

    init(_ worker: LaneWorker, batchLimit: Int) {
        self.worker = worker
        buffer = RecordBuffer(limit: batchLimit)
    }

    func opened(at position: Int64, end: Int64) {
        phase = .idle
        settled = position
        inputEnd = end
        buffer.removeAll()
        // One of them has ended a daemon; alone the next time says which.
        singleUntil = worker.lane.stumbles.withLock { $0.last }
        reposition(to: position)
    }

    private func reposition(to offset: Int64) {
        pendingPosition = offset
        expected = offset
        endSeen = -1
    }

    /// Asks to be fetched again from where the buffer ends.
    func unpause() { pendingPosition = expected }

    func positioned() {
        pendingPosition = nil
        isPaused = false
    }

    func accept(_ record: IncomingRecord) {
        guard phase != .restoring, phase != .ended, pendingPosition == nil, record.offset >= expected else { return }
        expected = record.offset + 1
        buffer.append(record)
    }

    func reachedEnd(_ offset: Int64) {
        guard phase != .restoring, pendingPosition == nil, offset >= expected else { return }
        endSeen = offset
    }

    func settled(next: Int64?, owes: Bool = false) {
        phase = .idle
        attempts = 0
        self.owes = owes
        if let next { settled = next }
    }

    /// Takes a batch back; later and later attempts. A batch is then tried message by message.
    func undone(_ batch: [IncomingRecord], blamesRecord: Bool) {
        phase = .idle
        attempts += 1
        worker.lane.step()
        let first = blamesRecord && attempts == 1
        retryAt = .after(.milliseconds(first ? 0 : min(20 << min(attempts, 8), 5_000)))
        nextTick = max(nextTick, retryAt)
        guard let lowest = batch.first, let last = batch.last else { return }
        buffer.putBack(batch)
        singleUntil = max(singleUntil, last.offset)
        if blamesRecord { suspects = lowest.offset...max(last.offset, suspects?.upperBound ?? 0) }
    }

    /// The next batch if it is time for one; whether a refusal of it is the message's second, or whether it is not even
    /// to be looked at.
    func nextBatch(
        _ limit: Int, _ weigh: (IncomingRecord) -> Int = { _ in 1 }
    ) -> (batch: [IncomingRecord], buryOnRefusal: Bool, hopeless: StumbleBook.Stumble?)? {
        guard phase == .idle, retryAt.hasPassed, let first = buffer.first else { return nil }
        guard first.offset <= singleUntil else { return (buffer.take(limit, weigh), false, nil) }
        let hopeless = worker.lane.stumbles.withLock { $0.hopeless(first.offset) }
        return (buffer.take(1), suspects?.contains(first.offset) ?? false, hopeless)
    }

    var isTickDue: Bool {
        phase == .idle && (nextTick.hasPassed || (retryAt.hasPassed && worker.lane.isWoken))
    }

    /// A wake before this tick is answered by it.
    func ticked(_ interval: Duration) {
        worker.lane.clearWake()
        // Lanes tick together: the desk's thread is woken once for all of them.
        nextTick = .next(interval)
    }

    /// True once: all that the input held at assignment is settled.
    func takeCaughtUp() -> Bool {
        guard phase == .idle, !isCaughtUp, buffer.isEmpty else { return false }
        guard settled >= inputEnd || endSeen >= inputEnd else { return false }
        isCaughtUp = true
        return true
    }

    /// Below this nothing is left to settle. Past the last message of a drained input stand the markers of its
    /// transactions, which are never handed out: there only the end tells how far the lane has come.
    var reached: Int64 { settled >= expected ? max(settled, endSeen) : settled }

    /// As the watchman sees it. A decision that was undone and logged is a step.
    var standing: StallWatch.Standing {
        .init(isOpen: phase != .restoring, reached: reached, steps: worker.lane.steps, doing: doing)
    }

    private var doing: String {
        switch phase {
        case .restoring: "restoring"
        case .busy: "deciding"
        case .ended: "given up"
        case .idle:
            if let pendingPosition {
                "waiting to be positioned at \(pendingPosition)"
            } else if isPaused {
                "paused"
            } else {
                buffer.isEmpty ? "waiting for messages" : "holding back \(buffer.count) messages"
            }
        }
    }

    /// When this lane has something to do by itself.
    var due: Deadline? {
        guard phase == .idle else { return nil }
        return buffer.isEmpty ? nextTick : min(nextTick, retryAt)
    }
}
