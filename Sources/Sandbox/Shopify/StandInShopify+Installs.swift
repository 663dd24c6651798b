import Base
import Platforms
import Security

/// Installing and removing the app, as seen from the shop.
extension StandInShopify {
    /// The shop as it will be when the app is installed.
    func prepare(_ shop: String, agreesTo scopes: [String]?) {
        open(shop)
        state.withLock { $0.shops[shop]?.agreesTo = scopes.map(Set.init) }
    }

    /// How long the access tokens live that are given out from now on.
    func prepare(_ shop: String, tokenSeconds: Int64) {
        open(shop)
        state.withLock { $0.shops[shop]?.grants.tokenSeconds = tokenSeconds }
    }

    /// Makes the shop where there is none yet.
    func open(_ shop: String) {
        if !hasShop(shop) { _ = openShop(shop, token: nil, settings: [:]) }
    }

    /// What App Bridge would give the app's page.
    ///
    /// - Parameter seconds: from now, when it was made.
    func sessionToken(
        _ shop: String, clientId other: String? = nil, at seconds: Int64 = 0, lifetimeSeconds: Int64 = 60
    ) -> Secret {
        SessionToken.make(
            shop: shop, clientId: other ?? clientId, secret: webhooks.clientSecret, now: now() + seconds * 1000,
            id: RandomName.uuid(), lifetimeSeconds: lifetimeSeconds)
    }

    /// Whether a token opens the shop's Admin API now.
    func opens(_ shop: String, _ token: Secret) -> Bool {
        let time = now()
        return state.withLock { state in
            guard var found = state.shops[shop] else { return false }
            defer { state.shops[shop] = found }
            return found.grants.opens(token, now: time) || found.accessToken == token
        }
    }

    func expireTokens(_ shop: String) {
        let time = now()
        state.withLock { $0.shops[shop]?.grants.expire(now: time) }
        journal.write("shop", "oauth.expired", "the tokens of \(shop) ran out")
    }

    /// Every token of the shop is dead at once; then its webhook goes out. Nil for a shop that is not here.
    func uninstall(_ shop: String) async -> WebhookSender.Receipt? {
        guard hasShop(shop) else { return nil }
        state.withLock { state in
            state.shops[shop]?.grants.revoke()
            state.shops[shop]?.accessToken = Secret(text: RandomName.make("shpat_"))
        }
        journal.write("shop", "shop.uninstalled", "\(shop) removed the app")
        // As in Shopify's sample: nearly everything is null, the domains among it.
        let number = Self.gid(ofShop: shop).split(separator: "/").last.flatMap { Int64($0) }
        let body: JSONTree = [
            "id": number.map { .integer($0) } ?? .null, "name": .string(shop), "email": .null, "domain": .null,
            "myshopify_domain": .null,
            "plan_name": "basic", "plan_display_name": "Basic", "iana_timezone": .null, "currency": "USD",
        ]
        return await webhooks.send(
            WebhookSender.Delivery(topic: "app/uninstalled", shop: shop, body: body.bytes))
    }
}
