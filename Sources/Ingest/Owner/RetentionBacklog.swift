/// Keys of what may have outlived its time, taken a bounded number a tick, so that no tick's transaction grows with
/// what has piled up. Follows the desk's verdicts: what was taken comes back when the tick is undone.
struct RetentionBacklog {
    enum Item: Hashable {
        case order(OrderKey)
        case usage(UsageKey)
        case customer(CustomerKey)
    }

    static let perTick = 200

    private var waiting: [Item] = []
    private var taken: [Item] = []

    /// Replaces what waits by the result of a new look at everything.
    mutating func refill(_ items: [Item]) { waiting = items }

    /// What came to light since the last look.
    mutating func add(_ items: [Item]) { waiting += items }

    mutating func take() -> [Item] {
        taken = Array(waiting.suffix(Self.perTick))
        waiting.removeLast(taken.count)
        return taken
    }

    mutating func commit() { taken = [] }

    mutating func rollback() {
        waiting += taken
        taken = []
    }
}
