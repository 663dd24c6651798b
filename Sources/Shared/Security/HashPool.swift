import Base

/// A fixed number of dedicated threads for work that burns a core for milliseconds (bcrypt), as wide as the cores.
/// Doors `submit` and are told at once when too much waits (answer 503); desks `map` a batch and block, which is their
/// back-pressure. Neither starves the other: the threads take turns between the queue and every running `map`.
public final class HashPool: Sendable {
    public let width: Int
    private let shared: HashPoolQueue

    /// `capacity` is how many submitted pieces may wait beyond those that run.
    public init(width: Int, capacity: Int) {
        precondition(width > 0 && capacity > 0, "a pool needs a thread and a place to wait")
        self.width = width
        let shared = HashPoolQueue(capacity: capacity)
        self.shared = shared
        for _ in 0..<width {
            OwnedThread.start("hash pool") { shared.work() }
        }
    }

    /// What waits is still done; then the threads end.
    deinit {
        shared.finish(threads: width)
    }

    /// Runs `work` on one of the threads, soon; false when the queue is full: nothing was queued.
    public func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        shared.submit(work)
    }

    /// `transform` of every item, in order, on all threads at once. Blocks the caller: for threads that may, never for
    /// the cooperative pool; called from one of the pool's own threads it would wait for itself.
    public func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], _ transform: @escaping @Sendable (Item) -> Result
    ) -> [Result] {
        guard !items.isEmpty else { return [] }
        let batch = HashBatch(items, transform)
        shared.add(batch)
        return batch.results()
    }
}
