import Base
import FoundationEssentials
import Security

/// `X-Twilio-Signature` (twilio.com/docs/usage/security): base64 of HMAC-SHA1, keyed with the account's auth token,
/// over the public URL of our door and the form's fields. The URL is the configured one, not what `Host` says.
public enum TwilioSignature {
    /// More fields than this are no form of Twilio's, which has under 40: they are refused before any work.
    public static let mostFields = 100

    /// Base64 of 20 bytes.
    private static let length = 28

    /// What can be seen of a request before its form is read: a signature as long as one is, and not too many fields.
    public static func isWorthReading(signature: String?, body: [UInt8]) -> Bool {
        signature?.utf8.count == length
            && body.lazy.filter { $0 == UInt8(ascii: "&") }.prefix(mostFields).count < mostFields
    }

    /// Whether one of the tokens signed this form post. Twilio is inconsistent about ports: the URL is tried as given,
    /// without its port, and with the standard one. Constant time; a missing signature is false.
    public static func validate(
        url: String, parameters: [(String, String)], signature: String?, tokens: [Secret]
    ) -> Bool {
        guard let signature, signature.utf8.count == length, parameters.count <= mostFields else { return false }
        let given = Array(signature.utf8)
        let form = joined(parameters)
        var matched = false
        for spelling in spellings(of: url) {
            let message = Array(withoutFragment(spelling[...]).utf8) + form
            for token in tokens where constantTimeEquals(Array(code(message, token).utf8), given) { matched = true }
        }
        return matched
    }

    /// The same for a post that is no form: the query of the URL carries `bodySHA256`, the hex of the raw body's
    /// digest.
    public static func validate(url: String, body: [UInt8], signature: String?, tokens: [Secret]) -> Bool {
        guard let mark = url.firstIndex(of: "?") else { return false }
        let name = "bodySHA256="
        let query = withoutFragment(url[url.index(after: mark)...])
        guard let field = query.split(separator: "&").first(where: { $0.hasPrefix(name) }) else { return false }
        let digest = Array(Hex.encode(Digest.sha256(body)).utf8)
        return constantTimeEquals(Array(field.dropFirst(name.count).lowercased().utf8), digest)
            && validate(url: url, parameters: [], signature: signature, tokens: tokens)
    }

    /// The signature of a form post to `url`, whose fragment does not count. Fields are sorted by name; values of a
    /// repeated name are sorted and taken once each.
    public static func sign(url: String, parameters: [(String, String)], token: Secret) -> String {
        code(Array(withoutFragment(url[...]).utf8) + joined(parameters), token)
    }

    private static func code(_ message: [UInt8], _ token: Secret) -> String {
        Data(Digest.hmacSHA1(key: token.bytes, message)).base64EncodedString()
    }

    /// Every name and value once, in the order of their bytes, not of the alphabet.
    private static func joined(_ parameters: [(String, String)]) -> [UInt8] {
        let fields = parameters.map { (name: Array($0.0.utf8), value: Array($0.1.utf8)) }
        let sorted = fields.sorted { left, right in
            left.name == right.name
                ? left.value.lexicographicallyPrecedes(right.value) : left.name.lexicographicallyPrecedes(right.name)
        }
        var bytes: [UInt8] = []
        for (index, field) in sorted.enumerated() where index == 0 || sorted[index - 1] != field {
            bytes += field.name
            bytes += field.value
        }
        return bytes
    }

    private static func withoutFragment(_ url: Substring) -> Substring {
        url.prefix { $0 != "#" }
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
