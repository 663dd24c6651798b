import Synchronization

/// Counts upwards; one atomic add, from any thread.
public final class Counter: MetricSeries {
    private let count = Atomic<UInt64>(0)

    init() {}

    /// By 1, or by any number from 0 upwards.
    public func add(_ amount: Int = 1) {
        count.add(UInt64(amount), ordering: .relaxed)
    }

    public var value: UInt64 { count.load(ordering: .relaxed) }

    func samples(_ name: String, _ labels: String) -> [String] {
        ["\(name)\(Exposition.braces(labels)) \(value)"]
    }
}
