/// Which questions of a door wait for their owner's answer, and whether one more would be answered in time.
///
/// An owner that is behind is not asked more: whoever would wait longer than a second is told at once to come again,
/// and those who were let in get their answer. Without that every question would wait its five seconds for nothing
/// while its owner hashes for people who have gone. Pure; milliseconds of any clock.
struct Backlog {
    /// A question that has waited that long shows that its partition is behind.
    static let patienceMs: Int64 = 800
    /// Guesses cost a hash: so many may wait before anything is known of the pace; then a second's worth of answers.
    static let floor = 32

    private struct Waiting {
        let correlation: String
        let since: Int64
    }

    /// Oldest first; those that were answered meanwhile are passed over.
    private var queues: [Int32: (items: [Waiting], head: Int)] = [:]
    /// True for guesses.
    private var open: [String: Bool] = [:]
    private var guesses = 0
    /// Guesses answered in this second and in the one before it.
    private var second: Int64 = 0
    private var answers = (now: 0, before: 0)

    var count: Int { open.count }

    /// Takes the question in, unless its owner is too far behind.
    mutating func admit(_ correlation: String, isGuess: Bool, partition: Int32, now: Int64) -> Bool {
        roll(to: now)
        guard !isGuess || guesses < max(Self.floor, answers.now, answers.before) else { return false }
        var queue = queues[partition] ?? ([], 0)
        while queue.head < queue.items.count, open[queue.items[queue.head].correlation] == nil { queue.head += 1 }
        if queue.head > 64, queue.head * 2 > queue.items.count {
            queue.items.removeFirst(queue.head)
            queue.head = 0
        }
        let oldest = queue.head < queue.items.count ? queue.items[queue.head].since : now
        let isInTime = now - oldest < Self.patienceMs
        if isInTime {
            queue.items.append(Waiting(correlation: correlation, since: now))
            open[correlation] = isGuess
            if isGuess { guesses += 1 }
        }
        queues[partition] = queue
        return isInTime
    }

    /// It no longer waits; `isAnswered` where its owner has said something.
    mutating func leave(_ correlation: String, isAnswered: Bool, now: Int64) {
        guard let isGuess = open.removeValue(forKey: correlation), isGuess else { return }
        guesses -= 1
        roll(to: now)
        if isAnswered { answers.now += 1 }
    }

    private mutating func roll(to now: Int64) {
        let current = now / 1000
        guard current != second else { return }
        answers = (0, current == second + 1 ? answers.now : 0)
        second = current
    }
}
