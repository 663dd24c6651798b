import Synchronization

/// What one token may ask of the door: one attempt in flight, a burst of ten, then one a second.
///
/// It protects the desk from a single shopper's script; counting guesses is the desk's work. Remembers no more than
/// `capacity` tokens: at worst a burst starts anew for one that was pushed out.
final class AttemptGate<Token: Hashable & Sendable>: Sendable {
    enum Entry: Equatable {
        case admitted
        case busy
        /// Come again after this many seconds.
        case tooFast(retryAfterSeconds: Int)
    }

    private struct Bucket {
        /// Milliseconds of credit; an attempt costs 1,000.
        var credit: Int64
        var at: Int64
        var isInFlight: Bool
    }

    private let burst: Int64
    private let capacity: Int
    private let clock: @Sendable () -> Int64
    private let buckets = Mutex<[Token: Bucket]>([:])

    init(burst: Int64 = 10, capacity: Int = 100_000, clock: @escaping @Sendable () -> Int64) {
        self.burst = burst
        self.capacity = capacity
        self.clock = clock
    }

    func enter(_ token: Token) -> Entry {
        let now = clock()
        return buckets.withLock { buckets in
            if buckets.count >= capacity, buckets[token] == nil { evict(&buckets, now: now) }
            var bucket = buckets[token] ?? Bucket(credit: burst * 1000, at: now, isInFlight: false)
            guard !bucket.isInFlight else { return .busy }
            bucket.credit = min(burst * 1000, bucket.credit + max(0, now - bucket.at))
            bucket.at = now
            defer { buckets[token] = bucket }
            guard bucket.credit >= 1000 else {
                return .tooFast(retryAfterSeconds: Int((1000 - bucket.credit + 999) / 1000))
            }
            bucket.credit -= 1000
            bucket.isInFlight = true
            return .admitted
        }
    }

    func leave(_ token: Token) {
        buckets.withLock { $0[token]?.isInFlight = false }
    }

    /// Drops those whose credit is full again, or everything that is not in flight when none is.
    private func evict(_ buckets: inout [Token: Bucket], now: Int64) {
        let full = burst * 1000
        let before = buckets.count
        buckets = buckets.filter { $0.value.isInFlight || $0.value.credit + now - $0.value.at < full }
        if buckets.count == before { buckets = buckets.filter(\.value.isInFlight) }
    }
}
