import Dispatch
import Synchronization

/// A `map` in progress, as the pool's threads see it: so many pieces, handed out one at a time.
protocol HashPieces: AnyObject, Sendable {
    var count: Int { get }
    /// The next piece's number; never called again after `isLast`.
    func next() -> (piece: Int, isLast: Bool)
    func run(_ piece: Int)
}

final class HashBatch<Item: Sendable, Result: Sendable>: HashPieces {
    private let items: [Item]
    private let transform: @Sendable (Item) -> Result
    private let handedOut = Atomic<Int>(0)
    private let done: Mutex<[Int: Result]> = Mutex([:])
    private let finished = DispatchSemaphore(value: 0)

    init(_ items: [Item], _ transform: @escaping @Sendable (Item) -> Result) {
        self.items = items
        self.transform = transform
    }

    var count: Int { items.count }

    func next() -> (piece: Int, isLast: Bool) {
        let piece = handedOut.add(1, ordering: .relaxed).oldValue
        return (piece, piece == items.count - 1)
    }

    func run(_ piece: Int) {
        let result = transform(items[piece])
        let all = done.withLock { done in
            done[piece] = result
            return done.count == items.count
        }
        if all { finished.signal() }
    }

    /// Blocks until every piece has run.
    func results() -> [Result] {
        finished.wait()
        return done.withLock { done in items.indices.compactMap { done[$0] } }
    }
}
