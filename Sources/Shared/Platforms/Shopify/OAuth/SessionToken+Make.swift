import Base
import FoundationEssentials
import Security

extension SessionToken {
    private struct MadeClaims: Encodable {
        let iss: String
        let dest: String
        let aud: String
        let sub: String
        let exp: Int64
        let nbf: Int64
        let iat: Int64
        let jti: String
        let sid: String
    }

    /// A token as Shopify makes it, for a stand-in and for tests; empty where it can't be encoded.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970; the token lives from then on.
    ///   - id: `jti`, a UUID.
    public static func make(
        shop: String, clientId: String, secret: Secret, now: Int64, id: String, user: String = "1",
        lifetimeSeconds: Int64 = 60
    ) -> Secret {
        let claims = MadeClaims(
            iss: "https://\(shop)/admin", dest: "https://\(shop)", aud: clientId, sub: user,
            exp: now / 1000 + lifetimeSeconds, nbf: now / 1000, iat: now / 1000, jti: id, sid: id)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let payload: Data
        do {
            payload = try encoder.encode(claims)
        } catch {
            return Secret([])
        }
        let head =
            Base64URL.encode(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8)) + "." + Base64URL.encode(Array(payload))
        let signature = Digest.hmacSHA256(key: secret.bytes, Array(head.utf8))
        return Secret(text: head + "." + Base64URL.encode(signature))
    }
}
