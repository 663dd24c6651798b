/// What a shop's plan allows at one moment.
public enum PlanStanding: Equatable, Sendable {
    case open
    /// The month's verifications are used up.
    case full
    /// The subscription is frozen or over.
    case ended
}

/// How many verifications a month each plan allows. An order counts once, whatever texts it took; one whose text could
/// not be sent does not count.
public struct PlanLimits: Equatable, Sendable {
    public private(set) var monthly: [ShopRecord.Plan: Int]

    public static let standard = PlanLimits(monthly: [.starter: 100, .growth: 1_000, .pro: 10_000])

    public init(monthly: [ShopRecord.Plan: Int]) {
        self.monthly = monthly
    }

    /// `starter=100,growth=1000,pro=unlimited`; what is not named stays as it is.
    ///
    /// - Returns: nil where a name is no plan or a number none from 0 to 1,000,000,000.
    public init?(parsing text: String) {
        self = .standard
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard pair.count == 2, let plan = ShopRecord.Plan(rawValue: String(pair[0])) else { return nil }
            if pair[1] == "unlimited" {
                monthly[plan] = nil
            } else {
                guard let limit = Int(pair[1]), (0...1_000_000_000).contains(limit) else { return nil }
                monthly[plan] = limit
            }
        }
    }

    /// Nil is no limit.
    public func limit(_ installation: ShopRecord.Installation) -> Int? {
        monthly[installation.currentPlan]
    }

    /// - Parameter used: what the month counts so far.
    public func standing(_ installation: ShopRecord.Installation, used: Int) -> PlanStanding {
        if let subscription = installation.subscription, subscription.state != .active { return .ended }
        guard let limit = limit(installation) else { return .open }
        return used < limit ? .open : .full
    }

    /// The shares of the limit, in percent, that a merchant is told of.
    public static let toldShares = [80, 100]

    /// Those of `toldShares` that `used` has reached.
    public func reached(_ installation: ShopRecord.Installation, used: Int) -> [Int] {
        guard let limit = limit(installation), limit > 0 else { return [] }
        return Self.toldShares.filter { used >= (limit * $0 + 99) / 100 }
    }
}

extension ShopRecord.Installation {
    /// The subscription's plan while there is one, else the operator's word.
    public var currentPlan: ShopRecord.Plan { subscription?.plan ?? plan }

    /// The plans on offer to a shop, by what Shopify calls the shop's own plan (`publicDisplayName`): the smallest
    /// shops are not sold what they can't use, shops that can't sell are sold nothing.
    public var plansOnOffer: [ShopRecord.Plan] {
        guard let name = shopifyPlan?.lowercased() else { return ShopRecord.Plan.allCases }
        switch name {
        case "inactive", "paused", "frozen", "cancelled", "dormant", "fraudulent": return []
        case "lite", "starter", "shop component", "trial": return [.starter, .growth]
        default: return ShopRecord.Plan.allCases
        }
    }
}
