/// What is known of a shop; the value of `otp.shops`, written by the shop's owner (Ingest) alone.
///
/// The record exists from the moment a data key was made for the shop; until `installation` follows, the shop gets
/// no verifications. Taking the record away takes the key away, and with it all that was ever sealed under it.
public struct ShopRecord: Codable, Equatable, Sendable {
    public var platform: String
    /// The data key's number: the offset of the request that made it, so that a reinstalled shop never repeats one.
    public var version: Int64
    /// The data key, wrapped under the keyring's key `keyId`.
    public var wrappedKey: Sealed
    public var keyId: String
    public var installation: Installation?
    /// The id of the last put that this record shows; the door that sent it waits for it here.
    public var putId: String
    /// ISO 3166 codes of the countries that orders were seen to go to, sorted; nil before the first.
    public var shipsTo: [String]?
    /// Gateways whose orders were passed over as none of cash on delivery; nil before the first.
    public var passedGateways: [PassedGateway]?
    /// The highest offset of `otp.webhooks` this record has applied.
    public var applied: Int64

    public init(
        platform: String, version: Int64, wrappedKey: Sealed, keyId: String, installation: Installation? = nil,
        putId: String, applied: Int64
    ) {
        self.platform = platform
        self.version = version
        self.wrappedKey = wrappedKey
        self.keyId = keyId
        self.installation = installation
        self.putId = putId
        self.applied = applied
    }

    public struct Installation: Codable, Equatable, Sendable {
        /// The shop's API token, sealed under its data key.
        public var accessToken: Sealed
        public var plan: Plan
        public var shopifyPlan: String?
        public var settings: ShopSettings
        /// When the shop was put for the first time, in whole seconds (as milliseconds since 1970); older orders do
        /// not start verifications. Kept when the shop is put again.
        public var activatedAt: Int64
        /// How the token was come by and what renews it; nil for a token an operator put.
        public var grant: ShopGrant?
        /// What the shop says of itself.
        public var profile: ShopProfile?
        /// What the merchant pays for; nil where nobody asked for a subscription.
        public var subscription: ShopSubscription?
        /// What the owner has to see to, and how far it got.
        public var care: ShopCare?
        /// Secrets of a source's own webhooks (`whsec_…`, by comma), sealed with topic `shops`, field `webhookSecrets`.
        public var webhookSecrets: Sealed?

        public init(
            accessToken: Sealed, plan: Plan, shopifyPlan: String?, settings: ShopSettings, activatedAt: Int64
        ) {
            self.accessToken = accessToken
            self.plan = plan
            self.shopifyPlan = shopifyPlan
            self.settings = settings
            self.activatedAt = activatedAt
        }
    }

    public enum Plan: String, Codable, Sendable, CaseIterable {
        case starter, growth, pro
    }
}

extension ShopRecord {
    /// The record once the shop was put, for the first time or again: everything is replaced but the activation.
    ///
    /// - Parameter now: the put's own time; its whole second is the activation of a shop that had none.
    public func installed(
        accessToken: Sealed, plan: Plan, shopifyPlan: String?, settings: ShopSettings, webhookSecrets: Sealed? = nil,
        putId: String, now: Int64, offset: Int64
    ) -> ShopRecord {
        var next = self
        var installed = Installation(
            accessToken: accessToken, plan: plan, shopifyPlan: shopifyPlan, settings: settings,
            activatedAt: installation?.activatedAt ?? now / 1000 * 1000)
        installed.webhookSecrets = webhookSecrets
        installed.profile = installation?.profile
        installed.subscription = installation?.subscription
        installed.care = installation?.care?.afterNewToken
        installed.webhookSecrets = webhookSecrets
        next.installation = installed
        next.putId = putId
        next.applied = offset
        return next
    }
}

extension ShopRecord {
    /// For so long after its activation what a shop ships to counts as unknown.
    static let learningMs: Int64 = 7 * 24 * 3_600_000

    /// The record once an order was seen to go to `country`; nil where that is known.
    public func shipping(to country: String, offset: Int64) -> ShopRecord? {
        let known = shipsTo ?? []
        let isCode = country.utf8.count == 2 && country.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        guard isCode, applied <= offset, !known.contains(country) else { return nil }
        var next = self
        next.shipsTo = (known + [country]).sorted()
        next.applied = offset
        return next
    }

    /// The countries whose numbers get texts: the merchant's word, else those the shop ships to; nil allows all.
    func countriesServed(_ installation: Installation, and country: String?, now: Int64) -> [String]? {
        if let chosen = installation.settings.countries { return chosen }
        guard now - installation.activatedAt >= Self.learningMs, let shipsTo else { return nil }
        return shipsTo + (country.map { [$0] } ?? [])
    }
}
