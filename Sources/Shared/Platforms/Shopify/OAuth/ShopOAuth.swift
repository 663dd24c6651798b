import Security

/// How an app comes to a shop's tokens, as a value: Shopify's by `ShopifyOAuth.make`, tests script theirs. Every call
/// is one attempt.
///
/// A refusal of what was shown (a code used before, a session token too old, a refresh token that was revoked) is
/// `.unauthorized`; one of ourselves (a wrong client secret) is `.rejected`, so that a mistake of the operator's never
/// looks like shops that uninstalled the app.
public struct ShopOAuth: Sendable {
    /// Token exchange: a session token of the embedded app for the shop's offline token.
    public var exchange: @Sendable (_ shop: String, _ sessionToken: Secret) async throws(ShopAdminError) -> OAuthGrant
    /// Authorization code grant: the code of the callback for the shop's offline token.
    public var redeem: @Sendable (_ shop: String, _ code: Secret) async throws(ShopAdminError) -> OAuthGrant
    /// A new pair for the one that expires. The old refresh token works until the new one is first used.
    public var refresh: @Sendable (_ shop: String, _ refreshToken: Secret) async throws(ShopAdminError) -> OAuthGrant

    public init(
        exchange: @escaping @Sendable (String, Secret) async throws(ShopAdminError) -> OAuthGrant,
        redeem: @escaping @Sendable (String, Secret) async throws(ShopAdminError) -> OAuthGrant,
        refresh: @escaping @Sendable (String, Secret) async throws(ShopAdminError) -> OAuthGrant
    ) {
        self.exchange = exchange
        self.redeem = redeem
        self.refresh = refresh
    }

    /// For tests that must not ask for tokens: a call is a bug and stops the process. Replace what the test expects.
    public static let unimplemented = ShopOAuth(
        exchange: { _, _ throws(ShopAdminError) in unexpected("exchange") },
        redeem: { _, _ throws(ShopAdminError) in unexpected("redeem") },
        refresh: { _, _ throws(ShopAdminError) in unexpected("refresh") })

    private static func unexpected(_ call: String) -> Never {
        preconditionFailure("ShopOAuth.\(call) was called where no call was expected")
    }
}

/// What a shop granted. Prints as `•••`.
public struct OAuthGrant: Masked, Sendable, Equatable {
    public var accessToken: Secret
    /// As granted, which may be less than was asked for: see `ShopifyScopes.covers`.
    public var scopes: [String]
    /// Nil for a token that does not expire.
    public var refreshToken: Secret?
    /// Seconds from now; nil for a token that does not expire.
    public var expiresIn: Int64?
    /// Seconds from now.
    public var refreshExpiresIn: Int64?

    public init(
        accessToken: Secret, scopes: [String], refreshToken: Secret? = nil, expiresIn: Int64? = nil,
        refreshExpiresIn: Int64? = nil
    ) {
        self.accessToken = accessToken
        self.scopes = scopes
        self.refreshToken = refreshToken
        self.expiresIn = expiresIn
        self.refreshExpiresIn = refreshExpiresIn
    }
}
