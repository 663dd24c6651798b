/// May this text be sent? Pure, from what the range's owner knows of the phone and the range; `now` is the request's
/// own time, so that a replay decides the same.
public enum NumberGate {
    /// A text asked for, as far as the limits are concerned.
    public struct Ask: Equatable, Sendable {
        public var shop: UInt32
        public var now: Int64
        /// The request's offset.
        public var offset: Int64
        /// An operator's test number: exempt from all send budgets, and counted nowhere.
        public var isTest: Bool

        public init(shop: UInt32, now: Int64, offset: Int64, isTest: Bool = false) {
            self.shop = shop
            self.now = now
            self.offset = offset
            self.isTest = isTest
        }
    }

    public enum Verdict: Equatable, Sendable {
        /// The rows with the text counted; nil where one stays as it was.
        case passed(phone: PhoneTexts?, range: RangeTexts?)
        /// Counts nothing: who asks for ever does not keep a limit up for ever.
        case refused(SendRefusal)
    }

    public static func decide(_ phone: PhoneTexts?, _ range: RangeTexts?, _ ask: Ask, _ limits: NumberLimits) -> Verdict
    {
        guard !ask.isTest else { return .passed(phone: nil, range: nil) }
        let phone = phone ?? PhoneTexts()
        let isRangeCounted = (range?.applied ?? -1) >= ask.offset
        let range = (range ?? RangeTexts(since: ask.now, lastAt: ask.now)).current(at: ask.now, limits)
        let nextRange = isRangeCounted ? nil : range.adding(shop: ask.shop, at: ask.now, offset: ask.offset)
        if phone.has(offset: ask.offset) { return .passed(phone: nil, range: nextRange) }
        if let refusal = refusal(phone, range, ask, limits) { return .refused(refusal) }
        let text = PhoneTexts.Text(at: ask.now, shop: ask.shop, offset: ask.offset)
        return .passed(phone: phone.adding(text), range: nextRange)
    }

    private static func refusal(
        _ phone: PhoneTexts, _ range: RangeTexts, _ ask: Ask, _ limits: NumberLimits
    ) -> SendRefusal? {
        func isSpent(_ day: Int, _ month: Int, _ shop: UInt32?) -> Bool {
            phone.count(within: NumberLimits.dayMs, of: ask.now, shop: shop) >= day
                || phone.count(within: NumberLimits.monthMs, of: ask.now, shop: shop) >= month
        }
        if phone.optedOutAt != nil { return .optedOut }
        if isSpent(limits.phoneShopDay, limits.phoneShopMonth, ask.shop) { return .phoneShopBudget }
        if isSpent(limits.phoneDay, limits.phoneMonth, nil) { return .phoneBudget }
        if range.shopTexts(ask.shop, at: ask.now) >= limits.shopRangeHour { return .shopRangeRate }
        return range.isBlocked(limits) ? .rangeBlocked : nil
    }

    /// The phone's row once its owner has answered STOP or START; nil where it stays as it was.
    public static func opted(out: Bool, _ phone: PhoneTexts?, now: Int64, offset: Int64) -> PhoneTexts? {
        let phone = phone ?? PhoneTexts()
        guard phone.applied < offset, out != (phone.optedOutAt != nil) else { return nil }
        return PhoneTexts(texts: phone.texts, applied: offset, optedOutAt: out ? now : nil)
    }

    /// The range's row once somebody there has verified; nil where it stays as it was.
    public static func verified(_ range: RangeTexts?, now: Int64, offset: Int64, _ limits: NumberLimits) -> RangeTexts?
    {
        guard let range, range.applied < offset else { return nil }
        var next = range.current(at: now, limits)
        next.verified += 1
        next.lastAt = max(next.lastAt, now)
        next.applied = offset
        return next
    }
}
