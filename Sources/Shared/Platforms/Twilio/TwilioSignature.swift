#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Security

/// `X-Twilio-Signature` (twilio.com/docs/usage/security): base64 of HMAC-SHA1, keyed with the account's auth token,
/// over the public URL of our door and the form's fields. The URL is the configured one, not what `Host` says.
public enum TwilioSignature {
    /// Whether one of the tokens signed this form post. Twilio is inconsistent about ports: the URL is tried as given,
    /// without its port, and with the standard one. Constant time; a missing signature is false.
    public static func validate(
        url: String, parameters: [(String, String)], signature: String?, tokens: [Secret]
    ) -> Bool {
        guard let signature else { return false }
        let given = Array(signature.utf8)
        var matched = false
        for token in tokens {
            for spelling in spellings(of: url) {
                let expected = sign(url: spelling, parameters: parameters, token: token)
                if constantTimeEquals(Array(expected.utf8), given) { matched = true }
            }
        }
        return matched
    }

    /// The same for a post that is no form: the query of the URL carries `bodySHA256`, the hex of the raw body's digest.
    public static func validate(url: String, body: [UInt8], signature: String?, tokens: [Secret]) -> Bool {
        guard let mark = url.firstIndex(of: "?") else { return false }
        let name = "bodySHA256="
        let query = withoutFragment(url[url.index(after: mark)...])
        guard let field = query.split(separator: "&").first(where: { $0.hasPrefix(name) }) else { return false }
        let digest = Array(hex(Digest.sha256(body)).utf8)
        return constantTimeEquals(Array(field.dropFirst(name.count).lowercased().utf8), digest)
            && validate(url: url, parameters: [], signature: signature, tokens: tokens)
    }

    /// The signature of a form post to `url`, whose fragment does not count. Fields are sorted by name; values of a
    /// repeated name are sorted and taken once each.
    public static func sign(url: String, parameters: [(String, String)], token: Secret) -> String {
        let values = parameters.reduce(into: [String: Set<String>]()) { $0[$1.0, default: []].insert($1.1) }
        var message = String(withoutFragment(url[...]))
        for (name, all) in values.sorted(by: { before($0.key, $1.key) }) {
            for value in all.sorted(by: before) { message += name + value }
        }
        return Data(Digest.hmacSHA1(key: token.bytes, Array(message.utf8))).base64EncodedString()
    }

    /// Order of the bytes, not of the alphabet.
    private static func before(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }

    private static func withoutFragment(_ url: Substring) -> Substring {
        url.prefix { $0 != "#" }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The URL as given, without a port, and with its scheme's own.
    static func spellings(of url: String) -> [String] {
        guard let scheme = url.firstRange(of: "://") else { return [url] }
        let authorityEnd = url[scheme.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        let authority = url[scheme.upperBound..<authorityEnd]
        // The colon of a port follows the bracket of an IPv6 address.
        let afterHost = authority.lastIndex(of: "]") ?? authority.startIndex
        let host = authority[afterHost...].lastIndex(of: ":").map { authority[..<$0] } ?? authority
        let rest = url[authorityEnd...]
        let start = url[..<scheme.upperBound]
        let standardPort = start.lowercased() == "http://" ? 80 : 443
        let others = ["\(start)\(host)\(rest)", "\(start)\(host):\(standardPort)\(rest)"]
        return [url] + others.filter { $0 != url }
    }
}
