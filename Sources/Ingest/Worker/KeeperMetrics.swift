import Model
import Runtime

/// What is counted of the owner's own calls.
struct KeeperMetrics: Sendable {
    private let chores: [ShopChore: (done: Counter, failed: Counter)]
    private let orders: Counter

    init(_ metrics: Metrics) {
        func counter(_ chore: ShopChore, _ result: String) -> Counter {
            metrics.counter(
                "otp_ingest_chores_total", help: "calls to shops that their owner made of its own accord",
                labels: [("chore", chore.rawValue), ("result", result)])
        }
        chores = Dictionary(
            uniqueKeysWithValues: ShopChore.allCases.map { ($0, (counter($0, "done"), counter($0, "failed"))) })
        orders = metrics.counter("otp_ingest_polled_orders_total", help: "orders that were asked for, known or not")
    }

    func done(_ chore: ShopChore) { chores[chore]?.done.add() }
    func failed(_ chore: ShopChore) { chores[chore]?.failed.add() }
    func polled(_ count: Int) { orders.add(count) }
}
