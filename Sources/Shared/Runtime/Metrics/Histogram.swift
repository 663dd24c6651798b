import Synchronization

/// Counts observations by upper bound, with their sum; one short lock an observation, from any thread.
public final class Histogram: MetricSeries {
    /// Seconds, for what should take milliseconds and must not take more than a door waits.
    public static let latencies = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct State {
        /// One a bucket, and one for what is above the last.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    init(bounds: [Double]) {
        precondition(!bounds.isEmpty && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "buckets must ascend")
        self.bounds = bounds
        state = Mutex(State(counts: [UInt64](repeating: 0, count: bounds.count + 1)))
    }

    /// A value in the unit of the buckets.
    public func observe(_ value: Double) {
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// In seconds.
    public func observe(_ duration: Duration) {
        observe(duration.seconds)
    }

    public var count: UInt64 {
        state.withLock { $0.counts.reduce(0, +) }
    }

    func samples(_ name: String, _ labels: String) -> [String] {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        var lines: [String] = []
        for (bound, count) in zip(bounds + [.infinity], counts) {
            total += count
            let all = (labels.isEmpty ? "" : labels + ",") + "le=\"\(Exposition.number(bound))\""
            lines.append("\(name)_bucket\(Exposition.braces(all)) \(total)")
        }
        lines.append("\(name)_sum\(Exposition.braces(labels)) \(Exposition.number(sum))")
        lines.append("\(name)_count\(Exposition.braces(labels)) \(total)")
        return lines
    }
}
