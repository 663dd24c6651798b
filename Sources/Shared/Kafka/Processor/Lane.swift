import Synchronization

/// A partition's place at a desk, handed to its logic. Usable from any thread, also long after the partition is gone.
public final class Lane: Sendable {
    public let partition: Int32
    private let owned = Atomic(true)
    private let woken = Atomic(false)
    private let counted = Atomic(0)
    private let passed = Atomic(0)
    /// What its thread works on just now. The thread that holds the lock runs nothing of the logic meanwhile.
    private let working = Mutex<Work?>(nil)
    private let doing = Mutex("opening")
    /// Messages that a daemon has ended over.
    let stumbles = Mutex(StumbleBook())
    private let onWake: @Sendable () -> Void

    struct Work: Sendable {
        /// Of the input, or of a row of that table.
        var offsets: ClosedRange<Int64>
        var table: String?
        /// Nobody but the logic is at work.
        var isDecision = true
    }

    init(partition: Int32, onWake: @escaping @Sendable () -> Void) {
        self.partition = partition
        self.onWake = onWake
    }

    /// A lane without a desk, for tests of a logic: owned, and waking calls the closure.
    public static func standalone(partition: Int32, onWake: @escaping @Sendable () -> Void = {}) -> Lane {
        Lane(partition: partition, onWake: onWake)
    }

    /// False from the moment the partition is being taken away: results of outside calls are dropped from then on.
    public var isOwned: Bool { owned.load(ordering: .acquiring) }

    /// Asks for a tick soon, however often it is called before that.
    public func wake() {
        if !woken.exchange(true, ordering: .acquiringAndReleasing) { onWake() }
    }

    func disown() { owned.store(false, ordering: .releasing) }

    /// Whether a tick was asked for since the last one began.
    var isWoken: Bool { woken.load(ordering: .acquiring) }

    /// Something went on that shows in no offset: a row was read, a call that failed is made again. A logic says it
    /// after each message of a batch, so that a long one on a busy machine does not look like standing still.
    public func step() { counted.add(1, ordering: .relaxed) }

    func passOver() { passed.add(1, ordering: .relaxed) }

    /// Rows that were not handed out, as they have ended daemons.
    var passedOver: Int { passed.load(ordering: .relaxed) }

    var steps: Int { counted.load(ordering: .relaxed) }

    /// What is committed with the offset below which everything is settled.
    func note(at offset: Int64) -> String { stumbles.withLock { $0.text(from: offset) } }

    var work: Work? { working.withLock { $0 } }

    /// What its thread does apart from messages, for the log.
    var phase: String { doing.withLock { $0 } }

    func enters(_ phase: String) { doing.withLock { $0 = phase } }

    func works(on work: Work?) { working.withLock { $0 = work } }

    /// The logic has decided; what follows waits for brokers.
    func settles() { working.withLock { $0?.isDecision = false } }

    func clearWake() { woken.store(false, ordering: .releasing) }
}
