import FoundationEssentials
import Security

/// The symmetric signature of Standard Webhooks 1.0.0 (github.com/standard-webhooks/standard-webhooks,
/// `spec/standard-webhooks.md`): base64 of HMAC-SHA256 over `id.timestamp.body`, written `v1,…`; several by space while
/// a secret is rotated. The id and the time are signed with the body.
public enum StandardWebhooks {
    /// How far the signature's time may be from ours, either way: what was once overheard is no proof for ever.
    public static let toleranceMs: Int64 = 300_000

    private static let prefix = "whsec_"

    /// The key in `whsec_` and base64, 24 to 64 bytes; nil for any other text.
    public static func secret(_ text: String) -> Secret? {
        guard text.hasPrefix(prefix), let key = Data(base64Encoded: String(text.dropFirst(prefix.count))),
            (24...64).contains(key.count)
        else { return nil }
        return Secret([UInt8](key))
    }

    /// As a secret is shown to whoever has to sign with it; ``secret(_:)`` reads it.
    public static func text(of secret: Secret) -> String { prefix + Data(secret.bytes).base64EncodedString() }

    /// What `webhook-signature` holds: one entry for each secret, in their order.
    ///
    /// - Parameter timestamp: of this attempt, seconds since 1970.
    public static func sign(id: String, timestamp: Int64, body: [UInt8], secrets: [Secret]) -> String {
        let content = content(id, timestamp, body)
        return secrets.map { entry(content, $0) }.joined(separator: " ")
    }

    /// Whether any of the secrets made any of the signature's entries; entries of other versions count for nothing.
    /// Constant time: every entry is compared with every secret's.
    static func verify(_ signature: String, id: String, timestamp: Int64, body: [UInt8], secrets: [Secret]) -> Bool {
        let content = content(id, timestamp, body)
        let given = signature.split(separator: " ").map { Array($0.utf8) }
        return secrets.reduce(false) { matched, secret in
            let expected = Array(entry(content, secret).utf8)
            return given.reduce(false) { constantTimeEquals(expected, $1) || $0 } || matched
        }
    }

    private static func content(_ id: String, _ timestamp: Int64, _ body: [UInt8]) -> [UInt8] {
        Array("\(id).\(timestamp).".utf8) + body
    }

    private static func entry(_ content: [UInt8], _ secret: Secret) -> String {
        "v1," + Data(Digest.hmacSHA256(key: secret.bytes, content)).base64EncodedString()
    }
}
