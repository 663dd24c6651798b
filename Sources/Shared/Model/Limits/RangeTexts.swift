/// What went into one range of numbers and what came of it; the value of `otp.numbers` under the range's keyed hash.
///
/// Texts are counted in windows of a day. A range that takes its allowance of texts while almost nobody there verifies
/// is blocked until the window ends or enough have verified; each window that ended blocked halves the next one's
/// allowance.
public struct RangeTexts: Codable, Equatable, Sendable {
    /// When the window began, in milliseconds since 1970.
    public var since: Int64
    public var sent: Int
    public var verified: Int
    /// Windows in a row that ended blocked.
    public var strikes: Int
    /// When the last text was let through or the last verification came.
    public var lastAt: Int64
    /// Each shop's texts within its hour; at most `shopLimit`, the oldest go first.
    public var shops: [Shop]
    /// The highest offset of `otp.requests` this row has applied.
    public var applied: Int64

    public struct Shop: Codable, Equatable, Sendable {
        public var shop: UInt32
        public var since: Int64
        public var sent: Int

        public init(shop: UInt32, since: Int64, sent: Int) {
            self.shop = shop
            self.since = since
            self.sent = sent
        }
    }

    static let shopLimit = 64

    public init(
        since: Int64, sent: Int = 0, verified: Int = 0, strikes: Int = 0, lastAt: Int64, shops: [Shop] = [],
        applied: Int64 = -1
    ) {
        self.since = since
        self.sent = sent
        self.verified = verified
        self.strikes = strikes
        self.lastAt = lastAt
        self.shops = shops
        self.applied = applied
    }

    func isBlocked(_ limits: NumberLimits) -> Bool {
        sent >= max(1, limits.rangeUnverified >> min(strikes, 16))
            && verified * 100 < sent * limits.rangeVerifiedPercent
    }

    /// The row in the window that `now` is in. A week without a text forgives.
    func current(at now: Int64, _ limits: NumberLimits) -> RangeTexts {
        let age = now - since
        guard age >= NumberLimits.dayMs else { return self }
        var next = RangeTexts(since: now, lastAt: lastAt, applied: applied)
        next.strikes = isBlocked(limits) && age < 7 * NumberLimits.dayMs ? strikes + 1 : 0
        return next
    }

    func shopTexts(_ shop: UInt32, at now: Int64) -> Int {
        shops.first { $0.shop == shop && now - $0.since < NumberLimits.hourMs }?.sent ?? 0
    }

    /// With one text more of a shop.
    func adding(shop: UInt32, at now: Int64, offset: Int64) -> RangeTexts {
        var next = self
        next.sent += 1
        next.lastAt = max(lastAt, now)
        next.applied = offset
        next.shops.removeAll { now - $0.since >= NumberLimits.hourMs }
        if let index = next.shops.firstIndex(where: { $0.shop == shop }) {
            next.shops[index].sent += 1
        } else {
            if next.shops.count == Self.shopLimit { next.shops.removeFirst() }
            next.shops.append(Shop(shop: shop, since: now, sent: 1))
        }
        return next
    }

    /// Whether nothing in it counts any longer.
    public func isOver(now: Int64) -> Bool { now - lastAt >= NumberLimits.monthMs }
}
