import Glibc

/// How long to wait before trying again: grows by a factor up to a cap, and is spread so that many who failed together
/// do not come back together ("equal jitter"; AWS Architecture Blog, Exponential Backoff and Jitter).
public struct Backoff: Sendable, Equatable {
    public let base: Duration
    public let factor: Double
    public let cap: Duration
    /// The share of the delay that is random: 0 none, 1 all of it.
    public let jitter: Double

    public init(base: Duration, factor: Double = 2, cap: Duration, jitter: Double = 0.5) {
        precondition(base > .zero && factor >= 1 && cap >= base && (0...1).contains(jitter), "a backoff that shrinks")
        self.base = base
        self.factor = factor
        self.cap = cap
        self.jitter = jitter
    }

    /// After the `attempt`-th failure (from 1; less counts as 1), with a `random` in 0..<1. Never above the cap, never
    /// below (1 − jitter) of the undisturbed delay.
    public func delay(attempt: Int, random: Double = .random(in: 0..<1)) -> Duration {
        let most = cap / base
        let grown = factor > 1 && attempt > 1 ? pow(factor, Double(attempt - 1)) : 1
        return base * min(grown, most) * (1 - jitter + jitter * random)
    }
}
