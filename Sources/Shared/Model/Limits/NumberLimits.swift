/// How many texts may go to one number and into one range of numbers (a number without its last four digits). A resend
/// is a text like any other.
public struct NumberLimits: Equatable, Sendable {
    public static let dayMs: Int64 = 24 * 3_600_000
    public static let monthMs: Int64 = 30 * dayMs
    public static let hourMs: Int64 = 3_600_000

    /// To one phone for one shop within 24 hours, and within 30 days.
    public var phoneShopDay = 8
    public var phoneShopMonth = 24
    /// To one phone for all shops together.
    public var phoneDay = 12
    public var phoneMonth = 48
    /// For one shop into one range within an hour.
    public var shopRangeHour = 60
    /// Into one range within 24 hours before anybody there has to have verified.
    public var rangeUnverified = 20
    /// Of a hundred texts beyond those, so many verifications at least; otherwise the range is blocked.
    public var rangeVerifiedPercent = 10

    public init() {}
}

/// Why a text is not sent although nothing is wrong with its number; the reason code of its failure. Ours, never the
/// number's: an order is not cancelled for it.
public enum SendRefusal: String, Codable, Sendable, CaseIterable {
    case optedOut = "opted_out"
    case phoneShopBudget = "phone_shop_budget"
    case phoneBudget = "phone_budget"
    case shopRangeRate = "shop_range_rate"
    case rangeBlocked = "range_blocked"
}
