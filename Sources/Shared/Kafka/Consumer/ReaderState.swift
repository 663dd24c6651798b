import Base

/// What the reader's thread keeps of a partition: what waits, what is in flight, what is due.
final class ReaderState {
    let worker: ReaderWorker
    var buffer = RecordBuffer(limit: 2_000)
    var isBusy = false
    var isPaused = true
    private(set) var isOpen = false
    private(set) var isCaughtUp = false
    private(set) var pendingPosition: Int64?
    private var expected: Int64 = 0
    private var end = Int64.max
    private var endSeen: Int64 = -1
    /// The first offset that is being read just now.
    private var reading: Int64?
    private var nextTick = Deadline(nanoseconds: 0)

    init(_ worker: ReaderWorker) { self.worker = worker }

    func opened(at position: Int64, end: Int64) {
        isOpen = true
        self.end = end
        expected = position
        buffer.removeAll()
        // Nothing to read before the end as it was: no event will say so.
        if position >= end { endSeen = end }
        pendingPosition = position
    }

    func unpause() { pendingPosition = expected }

    func positioned() {
        pendingPosition = nil
        isPaused = false
    }

    func accept(_ record: IncomingRecord) {
        guard isOpen, pendingPosition == nil, record.offset >= expected else { return }
        expected = record.offset + 1
        buffer.append(record)
    }

    func reachedEnd(_ offset: Int64) {
        guard isOpen, pendingPosition == nil, offset >= expected else { return }
        endSeen = max(endSeen, offset)
    }

    /// Below this nothing is left to read.
    private var reached: Int64 {
        if let reading { return reading }
        return buffer.first?.offset ?? max(expected, endSeen)
    }

    var standing: StallWatch.Standing {
        let doing =
            if !isOpen { "finding its place" } else if isBusy { "reading" } else if let pendingPosition {
                "waiting to be positioned at \(pendingPosition)"
            } else {
                isPaused ? "paused" : "waiting for messages"
            }
        return .init(isOpen: isOpen, reached: reached, steps: worker.lane.steps, doing: doing)
    }

    /// Without anything to do a tick comes so often, in milliseconds.
    private static let idleMs: Int64 = 1_000

    func done(dueIn: Int64?, _ interval: Duration) {
        isBusy = false
        reading = nil
        let wait = Duration.milliseconds(min(dueIn ?? Self.idleMs, Self.idleMs))
        nextTick = .after(max(wait, interval))
    }

    /// Hands the executor what is due, one thing at a time.
    func dispatch(_ interval: Duration) {
        guard isOpen, !isBusy else { return }
        if !buffer.isEmpty {
            isBusy = true
            reading = buffer.first?.offset
            worker.read(buffer.take(2_000))
        } else if !isCaughtUp && max(expected, endSeen) >= end {
            isBusy = true
            isCaughtUp = true
            worker.caughtUp()
        } else if nextTick.hasPassed {
            isBusy = true
            nextTick = .after(interval)
            worker.tick()
        }
    }

    /// Milliseconds until there is something to do without a new event.
    var waitingTime: Int32 {
        guard isOpen, !isBusy else { return 100 }
        return nextTick.hasPassed || !buffer.isEmpty ? 0 : min(nextTick.milliseconds + 1, 100)
    }
}
