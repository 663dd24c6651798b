/// What the owner of a shop has to see to at the shop's platform.
public enum ShopChore: String, Sendable, CaseIterable {
    /// The access token is about to end.
    case refresh
    /// Are we still let in, and what does the shop say of itself?
    case check
    /// Ask for orders whose webhooks may have been lost.
    case poll
}

extension ShopChore {
    /// Before a token's end, where its life is not known. Long enough that an hour's token survives some minutes of
    /// trouble.
    static let refreshAheadMs: Int64 = 15 * 60_000
    static let checkEveryMs: Int64 = 24 * 3_600_000
    /// While the shop refuses us.
    static let recheckEveryMs: Int64 = 15 * 60_000

    /// How often orders are asked for.
    public struct Pace: Equatable, Sendable {
        public var pollEveryMs: Int64
        /// Orders changed later than so long ago are left to their webhooks.
        public var pollBehindMs: Int64

        public init(pollEverySeconds: Int = 600) {
            pollEveryMs = Int64(pollEverySeconds) * 1000
            pollBehindMs = min(pollEveryMs, 60_000)
        }
    }

    /// The most pressing; nil where nothing is to be done.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - polledAt: when orders were last asked for with nothing new, where that has been remembered.
    public static func due(_ shop: ShopRecord, now: Int64, polledAt: Int64?, _ pace: Pace = Pace()) -> ShopChore? {
        guard shop.platform == "shopify", let installation = shop.installation else { return nil }
        let care = installation.care ?? ShopCare()
        if care.uninstallToldAt != nil { return .check }
        if care.refusedSince == nil, let renewAt = installation.grant?.dueAt, now >= renewAt { return .refresh }
        let wait = care.refusedSince == nil ? checkEveryMs : recheckEveryMs
        guard let checkedAt = care.checkedAt, now - checkedAt < wait, installation.grant?.previous == nil else {
            return .check
        }
        guard care.refusedSince == nil, installation.settings.active else { return nil }
        let last = max(care.polledTo ?? installation.activatedAt, polledAt ?? 0)
        return now - last >= pace.pollEveryMs + pace.pollBehindMs ? .poll : nil
    }

    /// Where polling goes on: never further back than an order can matter.
    public static func pollStart(_ installation: ShopRecord.Installation, now: Int64) -> Int64 {
        max(installation.care?.polledTo ?? installation.activatedAt, now - Intake.rememberedMs)
    }
}

extension ShopGrant {
    /// From when on the token is to be renewed; nil for one that does not expire.
    var dueAt: Int64? {
        guard refreshToken != nil else { return nil }
        return renewAt ?? expiresAt.map { $0 - ShopChore.refreshAheadMs }
    }
}
