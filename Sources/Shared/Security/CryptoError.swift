/// Why sealed or hashed bytes could not be used. Never says what they were: only which step refused them.
/// Retrying the same input gives the same answer; the message it came in belongs into `otp.dead`.
public struct CryptoError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        /// The key is not 32 bytes.
        case wrongKeySize
        /// Too short to hold a nonce and a tag.
        case truncated
        /// The tag does not fit: wrong key, wrong associated data, or changed bytes.
        case notAuthentic
        /// bcrypt's cost is outside 4…16.
        case costOutOfRange
        /// libcrypt refused the salt or the cost.
        case hashRefused
    }

    public let kind: Kind

    public init(_ kind: Kind) {
        self.kind = kind
    }

    public var description: String {
        switch kind {
        case .wrongKeySize: "the key is not 32 bytes"
        case .truncated: "sealed bytes are too short"
        case .notAuthentic: "sealed bytes do not fit this key and place"
        case .costOutOfRange: "bcrypt's cost is not within 4 to 16"
        case .hashRefused: "libcrypt refused to hash"
        }
    }
}

/// libcrypto fails at these calls only when memory or its provider is missing: going on would mean weaker secrets.
func libcryptoRefused(_ call: StaticString) -> Never {
    fatalError("libcrypto refused \(call)")
}
