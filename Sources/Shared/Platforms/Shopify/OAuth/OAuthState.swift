import Base
import Security

/// What ties the end of an authorization code grant to the browser that began it: the `state` parameter (RFC 6749
/// §10.12) and a cookie that holds the same nonce, signed for one shop and until a time.
///
/// Nothing is kept here, so nothing can be struck off: the answer to a callback takes the cookie away, the code itself
/// works once at Shopify, and the callback's own signature is good for 90 seconds. Ten minutes, where Shopify's library
/// gives a minute, because between beginning and end a merchant may have to log in with a second factor and read what
/// is asked for; the state is no secret's only guard.
public struct OAuthState: Sendable {
    public static let lifetimeSeconds: Int64 = 600

    /// What goes out at the beginning.
    public struct Begun: Sendable, Equatable {
        /// The `state` parameter.
        public let state: String
        /// The cookie's value.
        public let cookie: String
    }

    private let key: Secret
    private let nonce: @Sendable () -> [UInt8]

    /// - Parameters:
    ///   - idKey: `OTP_ID_KEY`; a key of our own is derived from it.
    ///   - nonce: 16 random bytes.
    public init(idKey: Secret, nonce: @escaping @Sendable () -> [UInt8] = { randomBytes(16) }) {
        key = Secret(Digest.hkdfSHA256(key: idKey.bytes, info: "otp-guard/oauth-state/v1"))
        self.nonce = nonce
    }

    /// - Parameter now: milliseconds since 1970.
    public func begin(shop: String, now: Int64) -> Begun {
        let state = Base64URL.encode(nonce())
        let end = now / 1000 + Self.lifetimeSeconds
        return Begun(state: state, cookie: "\(end).\(state).\(mac(state, shop, end))")
    }

    /// Whether the cookie is ours, for this shop, not too old, and holds the state that came back.
    public func accepts(state: String?, cookie: String?, shop: String, now: Int64) -> Bool {
        guard let state, let cookie, cookie.utf8.count <= 200 else { return false }
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let end = Int64(parts[0]), (0...4_000_000_000).contains(end) else { return false }
        let isOurs = constantTimeEquals(Array(mac(String(parts[1]), shop, end).utf8), Array(parts[2].utf8))
        let isSame = constantTimeEquals(Array(parts[1].utf8), Array(state.utf8))
        return isOurs && isSame && now / 1000 < end
    }

    /// No part can hold a line feed: a nonce is base64url, a shop was validated.
    private func mac(_ state: String, _ shop: String, _ end: Int64) -> String {
        Base64URL.encode(Digest.hmacSHA256(key: key.bytes, Array("\(state)\n\(shop)\n\(end)".utf8)))
    }
}
