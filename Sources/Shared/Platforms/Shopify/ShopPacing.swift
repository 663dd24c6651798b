/// How much of its budget a shop has left: Shopify's leaky bucket (points, restored by the second), as its last answer
/// told it and our own requests since have used it. A pure value; an unknown bucket lets everything through.
public struct ShopPacing: Sendable, Equatable {
    /// `extensions.cost.throttleStatus` of an answer.
    public struct Bucket: Sendable, Equatable, Decodable {
        public let maximumAvailable: Double
        public let currentlyAvailable: Double
        /// Points a second.
        public let restoreRate: Double

        public init(maximumAvailable: Double, currentlyAvailable: Double, restoreRate: Double) {
            self.maximumAvailable = maximumAvailable
            self.currentlyAvailable = currentlyAvailable
            self.restoreRate = restoreRate
        }

        /// How long until `cost` points are there, at most a minute; whole seconds, as Shopify's own clients wait.
        func wait(for cost: Double) -> Duration {
            let missing = min(cost, maximumAvailable) - currentlyAvailable
            guard missing > 0 else { return .zero }
            guard restoreRate > 0 else { return .seconds(60) }
            return .seconds(min((missing / restoreRate).rounded(.up), 60))
        }
    }

    private var bucket: Bucket?
    /// When `bucket` was true, ms since 1970.
    private var asOf: Int64 = 0
    private var heldUntil: Int64 = 0

    public init() {}

    /// Takes `cost` points. Nil: go. Otherwise nothing was taken, and it is to be tried again after so long.
    public mutating func reserve(cost: Double, now: Int64) -> Duration? {
        if now < heldUntil { return .milliseconds(heldUntil - now) }
        guard let current = current(now: now) else { return nil }
        let wait = current.wait(for: cost)
        guard wait == .zero else { return wait }
        set(current, available: max(current.currentlyAvailable - cost, 0), now: now)
        return nil
    }

    /// What an answer said counts more than what we reckoned.
    public mutating func observe(_ bucket: Bucket, now: Int64) {
        set(bucket, available: bucket.currentlyAvailable, now: now)
    }

    /// Nothing at all before `wait` is over (HTTP 429 or 503 with `Retry-After`).
    public mutating func hold(for wait: Duration, now: Int64) {
        heldUntil = max(heldUntil, now + wait.milliseconds)
    }

    /// A full bucket and no hold: nothing to remember.
    public func isIdle(now: Int64) -> Bool {
        guard now >= heldUntil else { return false }
        guard let current = current(now: now) else { return true }
        return current.currentlyAvailable >= current.maximumAvailable
    }

    private func current(now: Int64) -> Bucket? {
        guard let bucket else { return nil }
        let restored = Double(max(now - asOf, 0)) / 1000 * bucket.restoreRate
        return Bucket(
            maximumAvailable: bucket.maximumAvailable,
            currentlyAvailable: min(bucket.currentlyAvailable + restored, bucket.maximumAvailable),
            restoreRate: bucket.restoreRate)
    }

    private mutating func set(_ bucket: Bucket, available: Double, now: Int64) {
        self.bucket = Bucket(
            maximumAvailable: bucket.maximumAvailable, currentlyAvailable: available, restoreRate: bucket.restoreRate)
        asOf = now
    }
}
