/// The texts one phone was let have in the last 30 days; the value of `otp.numbers` under the phone's keyed hash.
///
/// Bounded by the budget itself. Each text is known by the offset of its request, so that a request that comes again
/// (at-least-once, a crash between this row and the job's) is answered as before and counted once.
public struct PhoneTexts: Codable, Equatable, Sendable {
    public var texts: [Text]
    /// The highest offset of `otp.requests` this row has applied.
    public var applied: Int64
    /// When the phone's owner answered STOP, in milliseconds since 1970; nil again after START.
    public var optedOutAt: Int64?

    public struct Text: Codable, Equatable, Sendable {
        /// Milliseconds since 1970.
        public var at: Int64
        /// Four bytes of the shop's hash: tells shops apart, names none.
        public var shop: UInt32
        public var offset: Int64

        public init(at: Int64, shop: UInt32, offset: Int64) {
            self.at = at
            self.shop = shop
            self.offset = offset
        }
    }

    public init(texts: [Text] = [], applied: Int64 = -1, optedOutAt: Int64? = nil) {
        self.texts = texts
        self.applied = applied
        self.optedOutAt = optedOutAt
    }

    func has(offset: Int64) -> Bool { texts.contains { $0.offset == offset } }

    func count(within length: Int64, of now: Int64, shop: UInt32? = nil) -> Int {
        texts.count { now - $0.at < length && (shop == nil || $0.shop == shop) }
    }

    /// With one text more, and without those that no limit asks for any longer.
    func adding(_ text: Text) -> PhoneTexts {
        let recent = texts.filter { text.at - $0.at < NumberLimits.monthMs }
        return PhoneTexts(texts: recent + [text], applied: max(applied, text.offset), optedOutAt: optedOutAt)
    }

    /// Whether nothing in it counts any longer; a STOP does until START.
    public func isOver(now: Int64) -> Bool {
        optedOutAt == nil && texts.allSatisfy { now - $0.at >= NumberLimits.monthMs }
    }
}
