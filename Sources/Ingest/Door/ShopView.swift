import Model
import Platforms

/// A shop as the operator sees it: everything but its secrets. Its fields are those of a put, and what its platform
/// refuses.
struct ShopView: Encodable, Equatable {
    private enum Key: String, CodingKey {
        case platform, accessToken, webhookSecrets, plan, shopifyPlan, accessDenied, settings, passedGateways
    }

    enum SettingsKey: String, CodingKey {
        case active, timerSeconds, codeSeconds, codeLength, orders, cancelOnTimeout, onUndeliverable
        case onUnusablePhone
        case maxCancelsPerHour, countries, dailyCap, template, texts, name, originBound, linkURL
        case colour, logo
        case minimumTotal, shippingCountries, onlyTags, exceptTags, channels, codGateways, skipVerified, phoneSources
        case fixedLine, voip, aboveLimit
        case refundOnCancel, restockOnCancel, notifyOnCancel, staffNote
    }

    let platform: String
    let plan: ShopRecord.Plan
    let shopifyPlan: String?
    let settings: ShopSettings
    /// What the platform refuses of the shop's orders; nil for nothing.
    let accessDenied: [String]?
    /// Names to ask the merchant about: their orders were not verified, and were not paid either.
    let passedGateways: [PassedGateway]

    /// Nil for a shop that has a key and nothing else yet.
    init?(_ record: ShopRecord) {
        guard let installation = record.installation else { return nil }
        platform = record.platform
        plan = installation.plan
        shopifyPlan = installation.shopifyPlan
        settings = installation.settings
        accessDenied = installation.care?.accessDenied
        passedGateways = record.gatewaysToAskAbout
    }

    init(platform: String, putBody: ShopPutBody) {
        self.platform = platform
        plan = putBody.plan
        shopifyPlan = putBody.shopifyPlan
        settings = putBody.settings
        accessDenied = nil
        passedGateways = []
    }

    /// What is not set is shown as its default; null where that is nothing.
    func encode(to encoder: any Encoder) throws {
        var shop = encoder.container(keyedBy: Key.self)
        try shop.encode(platform, forKey: .platform)
        let isShopify = platform == ShopName.shopify
        try shop.encode(isShopify ? "•••" : nil, forKey: .accessToken)
        try shop.encode(isShopify ? nil : "•••", forKey: .webhookSecrets)
        try shop.encode(plan, forKey: .plan)
        try shop.encode(shopifyPlan, forKey: .shopifyPlan)
        try shop.encodeIfPresent(accessDenied, forKey: .accessDenied)
        var fields = shop.nestedContainer(keyedBy: SettingsKey.self, forKey: .settings)
        try encodeTexting(&fields)
        try encodeScope(&fields)
        try encodeCancelling(&fields)
        if !passedGateways.isEmpty { try shop.encode(passedGateways, forKey: .passedGateways) }
    }
}
