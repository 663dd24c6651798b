import Synchronization

/// The shops that refuse us at the moment, for the metric, and when each was last warned of.
final class RefusingShops: Sendable {
    static let warnEveryMs: Int64 = 3_600_000

    private let warnedAt = Mutex<[String: Int64]>([:])

    /// True when it is time for a warning about the shop.
    func add(_ shop: String, now: Int64) -> Bool {
        warnedAt.withLock { warnedAt in
            if let last = warnedAt[shop], now - last < Self.warnEveryMs { return false }
            warnedAt[shop] = now
            return true
        }
    }

    func remove(_ shop: String) {
        _ = warnedAt.withLock { $0.removeValue(forKey: shop) }
    }

    var count: Int { warnedAt.withLock { $0.count } }
}
