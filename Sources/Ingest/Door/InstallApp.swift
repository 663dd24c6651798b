import Base
import Platforms
import Security

/// The app as Shopify and its merchants know it: who it is, what it asks for, where its parts are.
struct InstallApp: Sendable {
    let clientId: String
    /// The first asks for tokens; each of them may have signed what comes in.
    let secrets: [Secret]
    /// What a merchant is asked to grant.
    let scopes: [String]
    /// `https://{shop}`, without a slash at its end.
    let shopURL: String
    /// `OTP_WEBHOOK_URL`: where these routes are reached, without a slash at its end.
    let ownURL: String

    /// Where a merchant is asked (shopify.dev, "Authorization code grant").
    func authorizeURL(_ shop: String, state: String) -> String {
        at(shop) + "/admin/oauth/authorize?"
            + URIComponent.query([
                ("client_id", clientId), ("scope", scopes.joined(separator: ",")),
                ("redirect_uri", ownURL + "/shopify/callback"), ("state", state),
            ])
    }

    /// The app's place in the shop's admin.
    func homeURL(_ shop: String) -> String {
        at(shop) + "/admin/apps/" + URIComponent.encode(clientId)
    }

    /// Where the authorization code grant begins, with a query that is signed.
    func installURL(_ query: [(String, String)]) -> String {
        ownURL + "/shopify/install?" + URIComponent.query(query.filter { $0.0 != "id_token" })
    }

    /// `__Host-` keeps other hosts of the domain from setting it; browsers take such a cookie by https only.
    var cookieName: String { isSecure ? "__Host-otp-install" : "otp-install" }

    /// - Parameter value: nil takes the cookie away.
    func cookie(_ value: String?) -> String {
        let age = value == nil ? 0 : OAuthState.lifetimeSeconds
        return "\(cookieName)=\(value ?? ""); Path=/; Max-Age=\(age); HttpOnly; SameSite=Lax"
            + (isSecure ? "; Secure" : "")
    }

    private var isSecure: Bool { ownURL.hasPrefix("https://") }

    private func at(_ shop: String) -> String { shopURL.replacing("{shop}", with: shop) }
}
