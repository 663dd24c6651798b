import Synchronization

/// So many at once, then so many a second, for each key (a token bucket). Remembers at most twice `capacity` keys, in
/// constant time: of those that were not seen lately a burst starts anew.
final class RateGate<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        /// Thousandths of one.
        var credit: Int64
        var at: Int64
    }

    private struct State {
        var recent: [Key: Bucket] = [:]
        var older: [Key: Bucket] = [:]
    }

    private let burst: Int64
    private let perSecond: Double
    private let capacity: Int
    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    init(burst: Int64, perSecond: Double, capacity: Int = 100_000, clock: @escaping @Sendable () -> Int64) {
        self.burst = burst
        self.perSecond = perSecond
        self.capacity = capacity
        self.clock = clock
    }

    /// Nil where nothing is used up; else the seconds until one more is allowed. Takes nothing.
    func wait(_ key: Key) -> Int? {
        let now = clock()
        return state.withLock { state in
            guard let bucket = state.recent[key] ?? state.older[key] else { return nil }
            return wait(refilled(bucket, now))
        }
    }

    /// Takes one, whether it is there or not below zero; the seconds to wait where it was not.
    @discardableResult
    func take(_ key: Key) -> Int? {
        let now = clock()
        return state.withLock { state in
            var bucket = refilled(
                state.recent[key] ?? state.older[key] ?? Bucket(credit: burst * 1000, at: now), now)
            let wait = wait(bucket)
            if wait == nil { bucket.credit -= 1000 }
            if state.recent.count >= capacity, state.recent[key] == nil {
                state.older = state.recent
                state.recent = [:]
            }
            state.recent[key] = bucket
            return wait
        }
    }

    private func refilled(_ bucket: Bucket, _ now: Int64) -> Bucket {
        let gained = Int64(Double(max(0, now - bucket.at)) * perSecond)
        // A clock that was set back goes on from there: waiting until it is where it was would shut the bucket for as
        // long.
        return Bucket(credit: min(burst * 1000, bucket.credit + gained), at: now)
    }

    private func wait(_ bucket: Bucket) -> Int? {
        guard bucket.credit < 1000 else { return nil }
        return max(1, Int((Double(1000 - bucket.credit) / perSecond / 1000).rounded(.up)))
    }
}
