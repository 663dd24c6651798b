import Base
import Security

/// A query that Shopify signed: of the install link, of the callback, of the embedded app's first page.
///
/// HMAC-SHA256 in hex over all parameters but `hmac` and `signature`, sorted by name, percent-encoded and joined like a
/// query (shopify.dev, "Authorization code grant", verification; the library's `hmac-validator`). Prints nothing of
/// itself: a query may hold a code or a session token.
public struct ShopifyQuery: Masked, Sendable {
    public enum Problem: String, Error, Sendable, CaseIterable {
        /// A parameter that we read stands there twice.
        case repeated
        /// No `hmac`, or none of the secrets made it.
        case signature
        /// No `timestamp`, or one more than 90 seconds from now.
        case timestamp
        /// No `shop`, or not a shop's domain.
        case shop
    }

    /// How far the signature's time may be from ours, either way; Shopify's library says the same.
    public static let toleranceMs: Int64 = 90_000

    /// More parameters than this are no query of Shopify's, which has under ten: they are refused before any work.
    static let mostParameters = 50

    /// The shop's domain in lower case.
    public let shop: String
    private let values: [(String, String)]

    /// The names that must not be there twice: whoever reads one must read the one that was meant.
    private static let single: Set<String> = [
        "shop", "timestamp", "hmac", "signature", "state", "code", "host", "id_token", "embedded",
    ]

    /// - Parameters:
    ///   - query: decoded, in any order.
    ///   - now: milliseconds since 1970.
    public init(_ query: [(String, String)], secrets: [Secret], now: Int64) throws(Problem) {
        guard query.count <= Self.mostParameters else { throw .signature }
        var seen: Set<String> = []
        for (name, _) in query where Self.single.contains(name) {
            guard seen.insert(name).inserted else { throw .repeated }
        }
        func value(_ name: String) -> String? { query.first { $0.0 == name }?.1 }
        guard let given = value("hmac"), Self.isSigned(query, given, secrets) else { throw .signature }
        guard let seconds = value("timestamp").flatMap({ Int64($0) }), (0...4_000_000_000).contains(seconds),
            abs(now - seconds * 1000) <= Self.toleranceMs
        else { throw .timestamp }
        guard let shop = value("shop").flatMap(ShopDomain.validate) else { throw .shop }
        self.shop = shop
        values = query
    }

    /// The first of that name; nil when it is missing or empty.
    public subscript(name: String) -> String? {
        values.first { $0.0 == name && !$0.1.isEmpty }?.1
    }

    /// What `hmac` holds for these parameters.
    public static func sign(_ query: [(String, String)], secret: Secret) -> String {
        Hex.encode(Digest.hmacSHA256(key: secret.bytes, Array(message(query).utf8)))
    }

    static func message(_ query: [(String, String)]) -> String {
        let signed = query.filter { $0.0 != "hmac" && $0.0 != "signature" }
        // Sorting keeps parameters of one name in the order they came.
        return URIComponent.query(signed.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
    }

    /// All secrets are tried, so that the time does not tell which one came close.
    private static func isSigned(_ query: [(String, String)], _ given: String, _ secrets: [Secret]) -> Bool {
        secrets.reduce(false) { matched, secret in
            constantTimeEquals(Array(sign(query, secret: secret).utf8), Array(given.utf8)) || matched
        }
    }
}
