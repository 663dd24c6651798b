import Synchronization

/// A number that goes up and down; lock-free, from any thread.
public final class Gauge: MetricSeries {
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    init() {}

    public func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    public func add(_ amount: Double) {
        var known = bits.load(ordering: .relaxed)
        while true {
            let next = (Double(bitPattern: known) + amount).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: known, desired: next, ordering: .relaxed)
            if exchanged { return }
            known = original
        }
    }

    public var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func samples(_ name: String, _ labels: String) -> [String] {
        ["\(name)\(Exposition.braces(labels)) \(Exposition.number(value))"]
    }
}
