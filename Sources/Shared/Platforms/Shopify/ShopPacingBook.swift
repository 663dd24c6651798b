import Synchronization

/// The pacing of every shop that is not idle, for callers on any thread.
final class ShopPacingBook: Sendable {
    private let shops = Mutex<[String: ShopPacing]>([:])

    func reserve(shop: String, cost: Double, now: Int64) -> Duration? {
        update(shop, now: now) { $0.reserve(cost: cost, now: now) }
    }

    func observe(shop: String, _ bucket: ShopPacing.Bucket, now: Int64) {
        update(shop, now: now) { $0.observe(bucket, now: now) }
    }

    func hold(shop: String, for wait: Duration, now: Int64) {
        update(shop, now: now) { $0.hold(for: wait, now: now) }
    }

    /// How many shops are remembered.
    var count: Int { shops.withLock { $0.count } }

    private func update<Result: Sendable>(
        _ shop: String, now: Int64, _ change: (inout ShopPacing) -> Result
    ) -> Result {
        shops.withLock { shops in
            // Buckets fill up by themselves: those of shops we are done with go when the book has grown.
            if shops.count >= 1024, shops[shop] == nil { shops = shops.filter { !$0.value.isIdle(now: now) } }
            let result = change(&shops[shop, default: ShopPacing()])
            if shops[shop]?.isIdle(now: now) == true { shops[shop] = nil }
            return result
        }
    }
}
