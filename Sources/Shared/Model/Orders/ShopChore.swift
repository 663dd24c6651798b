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
    /// Before a token's end. Long enough that an hour's token survives some minutes of trouble.
    static let refreshAheadMs: Int64 = 15 * 60_000
    static let checkEveryMs: Int64 = 24 * 3_600_000
    /// While the shop refuses us.
    static let recheckEveryMs: Int64 = 15 * 60_000
    public static let pollEveryMs: Int64 = 10 * 60_000
    /// Orders changed later than so long ago are left to their webhooks.
    public static let pollBehindMs: Int64 = 60_000

    /// The most pressing; nil where nothing is to be done.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - polledAt: when orders were last asked for with nothing new, where that has been remembered.
    public static func due(_ shop: ShopRecord, now: Int64, polledAt: Int64?) -> ShopChore? {
        guard shop.platform == "shopify", let installation = shop.installation else { return nil }
        let care = installation.care ?? ShopCare()
        if care.uninstallToldAt != nil { return .check }
        if care.refusedSince == nil, let grant = installation.grant, grant.refreshToken != nil,
            let end = grant.expiresAt, now >= end - refreshAheadMs
        {
            return .refresh
        }
        let wait = care.refusedSince == nil ? checkEveryMs : recheckEveryMs
        guard let checkedAt = care.checkedAt, now - checkedAt < wait, installation.grant?.previous == nil else {
            return .check
        }
        guard care.refusedSince == nil, installation.settings.active else { return nil }
        let last = max(care.polledTo ?? installation.activatedAt, polledAt ?? 0)
        return now - last >= pollEveryMs + pollBehindMs ? .poll : nil
    }

    /// Where polling goes on: never further back than an order can matter.
    public static func pollStart(_ installation: ShopRecord.Installation, now: Int64) -> Int64 {
        max(installation.care?.polledTo ?? installation.activatedAt, now - Intake.rememberedMs)
    }
}
