import Base
import FoundationEssentials
import Security

/// Shopify's session token ("ID token"): what App Bridge gives an embedded app to prove who has it open (shopify.dev,
/// "Session tokens"). A JWT (RFC 7519) signed HS256 with the app's client secret; lives one minute.
public struct SessionToken: Equatable, Sendable {
    public enum Problem: String, Error, Sendable, CaseIterable {
        /// No JWT of three parts, or claims that are missing or of another kind.
        case malformed
        /// The header asks for anything but HS256.
        case algorithm
        case signature
        case expired
        case notYet
        /// Meant for another app.
        case audience
        /// `dest` is no shop.
        case shop
        /// The hosts of `iss` and `dest` differ.
        case issuer
    }

    /// How far our clock and Shopify's may be apart; the library says the same.
    static let leewayMs: Int64 = 10_000
    private static let longest = 8192

    /// The shop's domain in lower case.
    public let shop: String
    /// Who of the shop's staff, as Shopify numbers them.
    public let user: String?
    /// Milliseconds since 1970.
    public let expiresAt: Int64

    private struct Header: Decodable {
        let alg: String
        /// Extensions that must be understood (RFC 7515 §4.1.11): we know none.
        let crit: [String]?
    }

    private struct Claims: Decodable {
        let iss: String
        let dest: String
        let aud: String
        let exp: Double
        let nbf: Double
        let sub: String?
    }

    /// The token's content, if one of the secrets signed it and it is this app's and of now. The signature is checked
    /// before any claim is looked at; what algorithm the token itself asks for never decides how it is checked.
    ///
    /// - Parameter now: milliseconds since 1970.
    public static func verify(
        _ jwt: String, clientId: String, secrets: [Secret], now: Int64
    ) throws(Problem) -> SessionToken {
        guard jwt.utf8.count <= longest else { throw .malformed }
        let parts = jwt.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = decode(Header.self, parts[0]) else { throw .malformed }
        guard header.alg == "HS256", header.crit == nil else { throw .algorithm }
        guard let signature = Base64URL.decode(parts[2]) else { throw .malformed }
        let message = Array("\(parts[0]).\(parts[1])".utf8)
        let isSigned = secrets.reduce(false) { matched, secret in
            constantTimeEquals(Digest.hmacSHA256(key: secret.bytes, message), signature) || matched
        }
        guard isSigned else { throw .signature }
        guard let claims = decode(Claims.self, parts[1]), let exp = milliseconds(claims.exp),
            let nbf = milliseconds(claims.nbf)
        else { throw .malformed }
        return try check(claims, clientId, exp: exp, nbf: nbf, now: now)
    }

    private static func check(
        _ claims: Claims, _ clientId: String, exp: Int64, nbf: Int64, now: Int64
    ) throws(Problem) -> SessionToken {
        guard now < exp + leewayMs else { throw .expired }
        guard nbf <= now + leewayMs else { throw .notYet }
        guard !clientId.isEmpty, claims.aud == clientId else { throw .audience }
        guard let shop = host(claims.dest).flatMap(ShopDomain.validate) else { throw .shop }
        guard host(claims.iss).flatMap(ShopDomain.validate) == shop else { throw .issuer }
        return SessionToken(shop: shop, user: claims.sub, expiresAt: exp)
    }

    /// Of `https://{host}` or `https://{host}/…`.
    private static func host(_ url: String) -> String? {
        let scheme = "https://"
        guard url.hasPrefix(scheme) else { return nil }
        return String(url.dropFirst(scheme.count).prefix { $0 != "/" })
    }

    private static func milliseconds(_ seconds: Double) -> Int64? {
        (0...4_000_000_000).contains(seconds) ? Int64(seconds * 1000) : nil
    }

    private static func decode<Value: Decodable>(_ type: Value.Type, _ part: Substring) -> Value? {
        guard let bytes = Base64URL.decode(part) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            // Whatever is wrong with it, it is no token.
            return nil
        }
    }
}
