import Model
import Pipeline
import Platforms
import Security

extension WebhookMessage.Grant {
    /// What a shop granted, on its way to the owner: its secrets under the shop's key.
    ///
    /// - Parameter asked: when the tokens were asked for, milliseconds since 1970. Lifetimes count from then, so that a
    ///   token is never thought to live longer than it does; after three quarters of its life it is to be renewed.
    init(_ granted: OAuthGrant, of shop: String, _ key: DataKey, asked: Int64) {
        func seal(_ secret: Secret, _ field: String) -> Sealed {
            Sealed(key.seal(secret.bytes, topic: "shops", key: shop, field: field))
        }
        self.init(
            accessToken: seal(granted.accessToken, "accessToken"),
            refreshToken: granted.refreshToken.map { seal($0, "refreshToken") },
            expiresAt: granted.expiresIn.map { asked + $0 * 1000 },
            refreshExpiresAt: granted.refreshExpiresIn.map { asked + $0 * 1000 },
            renewAt: granted.expiresIn.map { asked + $0 * 750 }, scopes: granted.scopes)
    }
}
