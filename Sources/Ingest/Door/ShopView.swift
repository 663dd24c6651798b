import Model

/// A shop as the operator sees it: everything but the access token. Its fields are those of a put.
struct ShopView: Encodable, Equatable {
    private enum Key: String, CodingKey {
        case platform, accessToken, plan, shopifyPlan, settings
    }

    private enum SettingsKey: String, CodingKey {
        case active, timerSeconds, codeSeconds, codeLength, orders, cancelOnTimeout, onUndeliverable
        case maxCancelsPerHour, countries, dailyCap, template, texts, name, originBound, linkURL
        case colour, logo
    }

    let platform: String
    let plan: ShopRecord.Plan
    let shopifyPlan: String?
    let settings: ShopSettings

    /// Nil for a shop that has a key and nothing else yet.
    init?(_ record: ShopRecord) {
        guard let installation = record.installation else { return nil }
        platform = record.platform
        plan = installation.plan
        shopifyPlan = installation.shopifyPlan
        settings = installation.settings
    }

    init(platform: String, putBody: ShopPutBody) {
        self.platform = platform
        plan = putBody.plan
        shopifyPlan = putBody.shopifyPlan
        settings = putBody.settings
    }

    /// What is not set is shown as null.
    func encode(to encoder: any Encoder) throws {
        var shop = encoder.container(keyedBy: Key.self)
        try shop.encode(platform, forKey: .platform)
        try shop.encode("•••", forKey: .accessToken)
        try shop.encode(plan, forKey: .plan)
        try shop.encode(shopifyPlan, forKey: .shopifyPlan)
        var fields = shop.nestedContainer(keyedBy: SettingsKey.self, forKey: .settings)
        try fields.encode(settings.active, forKey: .active)
        try fields.encode(settings.timerSeconds, forKey: .timerSeconds)
        try fields.encode(settings.codeSeconds, forKey: .codeSeconds)
        try fields.encode(settings.codeLength, forKey: .codeLength)
        try fields.encode(settings.orders, forKey: .orders)
        try fields.encode(settings.cancelOnTimeout, forKey: .cancelOnTimeout)
        try fields.encode(settings.onUndeliverable, forKey: .onUndeliverable)
        try fields.encode(settings.maxCancelsPerHour, forKey: .maxCancelsPerHour)
        try fields.encode(settings.countries, forKey: .countries)
        try fields.encode(settings.dailyCap, forKey: .dailyCap)
        try fields.encode(settings.template, forKey: .template)
        try fields.encode(settings.texts, forKey: .texts)
        try fields.encode(settings.name, forKey: .name)
        try fields.encode(settings.linkURL, forKey: .linkURL)
        try fields.encode(settings.originBound ?? false, forKey: .originBound)
        try fields.encode(settings.colour, forKey: .colour)
        try fields.encode(settings.logo, forKey: .logo)
    }
}
