import Base
import FoundationEssentials
import Security

/// The signature of requests that a shop's storefront passes on to its app (shopify.dev, "App proxies"): HMAC-SHA256 in
/// hex over all other query parameters, sorted, as `name=value` without anything between, repeated names joined by
/// comma.
public struct AppProxyRequest: Equatable, Sendable {
    /// The shop's domain, as Shopify says it.
    public let shop: String
    /// Where the storefront shows the app, `/apps/otp`.
    public let pathPrefix: String

    /// How far the signature's time may be from ours, either way: a link passed on is no proof for ever.
    public static let toleranceMs: Int64 = 300_000

    /// Shopify adds five to what the link had; more than this are refused before any work.
    static let mostParameters = 50

    /// Nil unless one of the secrets made the signature, lately, and shop, time and signature stand there once.
    ///
    /// - Parameters:
    ///   - query: decoded, in any order.
    ///   - now: milliseconds since 1970.
    public init?(query: [(String, String)], secrets: [Secret], now: Int64) {
        func only(_ name: String) -> String? {
            let values = query.filter { $0.0 == name }
            return values.count == 1 ? values[0].1 : nil
        }
        guard query.count <= Self.mostParameters, let signature = only("signature"),
            let shop = only("shop").flatMap(ShopDomain.validate),
            let seconds = only("timestamp").flatMap({ Int64($0) }), (0...4_000_000_000).contains(seconds),
            abs(now - seconds * 1000) <= Self.toleranceMs,
            Self.isSigned(query.filter { $0.0 != "signature" }, signature, secrets)
        else { return nil }
        let prefix = only("path_prefix") ?? ""
        guard Self.isPath(prefix) else { return nil }
        self.shop = shop
        pathPrefix = prefix
    }

    static func isSigned(_ query: [(String, String)], _ signature: String, _ secrets: [Secret]) -> Bool {
        let given = Array(signature.utf8)
        let message = Array(message(query).utf8)
        return secrets.reduce(false) { matched, secret in
            let hex = Hex.encode(Digest.hmacSHA256(key: secret.bytes, message))
            return constantTimeEquals(Array(hex.utf8), given) || matched
        }
    }

    static func message(_ query: [(String, String)]) -> String {
        Dictionary(grouping: query, by: \.0).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            .map { name, pairs in "\(name)=\(pairs.map(\.1).joined(separator: ","))" }.joined()
    }

    /// What may stand in front of our links: segments of letters, digits, dashes.
    private static func isPath(_ text: String) -> Bool {
        text.utf8.count <= 100 && (text.isEmpty || text.hasPrefix("/")) && !text.hasPrefix("//") && !text.hasSuffix("/")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2F, 0x5F: true
                default: false
                }
            }
    }
}
