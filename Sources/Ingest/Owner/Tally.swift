import Runtime

/// What is counted and logged about decisions, held back until they are durable: a decision that is undone and made
/// again counts once.
struct Tally {
    private var pending: [() -> Void] = []

    mutating func add(_ counter: Counter) { pending.append { counter.add() } }
    mutating func add(_ action: @escaping () -> Void) { pending.append(action) }

    mutating func commit() {
        for action in pending { action() }
        rollback()
    }

    mutating func rollback() { pending.removeAll(keepingCapacity: true) }
}
