import Base
import FoundationEssentials

/// `OTP_ID_KEY`, set once: makes link tokens and the keyed hashes under which people are found again. The same order,
/// number or customer always gives the same value; without the key none can be guessed or checked.
public struct IdentityKey: Sendable {
    private let tokenKey: Secret
    private let tagKey: Secret
    private let phoneKey: Secret
    private let rangeKey: Secret
    private let customerKey: Secret

    /// 32 bytes; anything else is a bug (configuration was checked before) and traps.
    public init(_ key: Secret) {
        precondition(key.bytes.count == 32, "the id key is not 32 bytes")
        func derived(_ label: String) -> Secret { Secret(Digest.hkdfSHA256(key: key.bytes, info: label)) }
        tokenKey = key
        tagKey = derived("otp-guard/token-tag/v1")
        phoneKey = derived("otp-guard/phone/v1")
        rangeKey = derived("otp-guard/range/v1")
        customerKey = derived("otp-guard/customer/v1")
    }

    /// The one token of this order.
    public func token(platform: String, shop: String, order: String) -> LinkToken {
        let mac = Digest.hmacSHA256(key: tokenKey.bytes, lengthPrefixed(platform, shop, order))
        // Version and variant are written first, so that the tag covers the twelve bytes as they will be seen.
        let front = Array(UUID(versionEight: mac).bytes.prefix(12))
        return LinkToken(UUID(versionEight: front + tagBytes(front)))
    }

    /// The token, if `text` is the text of a UUID version 8 whose tag this key made; constant time in the tag.
    public func accept(_ text: String) -> LinkToken? {
        guard let bytes = Self.bytes(of: text) else { return nil }
        guard bytes[6] & 0xf0 == 0x80, bytes[8] & 0xc0 == 0x80 else { return nil }
        guard constantTimeEquals(tagBytes(Array(bytes.prefix(12))), Array(bytes.suffix(4))) else { return nil }
        return LinkToken(UUID(versionEight: bytes))
    }

    /// 22 characters base64url: names a number in keys and records.
    public func phoneHash(_ e164: String) -> String {
        hash(phoneKey, Array(e164.utf8))
    }

    /// The same for its range: the number without its last four digits.
    public func rangeHash(_ e164: String) -> String {
        hash(rangeKey, Array(e164.utf8.dropLast(4)))
    }

    /// The same for a shop's customer.
    public func customerHash(shop: String, customer id: String) -> String {
        hash(customerKey, lengthPrefixed(shop, id))
    }

    /// The 16 bytes of a UUID's text; nil for any other. Foundation's parser goes by way of `sscanf`, which was the
    /// largest single item in a profile of a flood of forged tokens.
    private static func bytes(of text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { utf8 -> [UInt8]? in
            guard utf8.count == 36 else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(16)
            var high: UInt8?
            for (index, byte) in utf8.enumerated() {
                if [8, 13, 18, 23].contains(index) {
                    guard byte == UInt8(ascii: "-") else { return nil }
                    continue
                }
                let digit: UInt8
                switch byte {
                case 0x30...0x39: digit = byte - 0x30
                case 0x41...0x46: digit = byte - 0x37
                case 0x61...0x66: digit = byte - 0x57
                default: return nil
                }
                if let first = high {
                    bytes.append(first << 4 | digit)
                    high = nil
                } else {
                    high = digit
                }
            }
            return bytes
        }
    }

    private func tagBytes(_ front: [UInt8]) -> [UInt8] {
        Array(Digest.hmacSHA256(key: tagKey.bytes, front).prefix(4))
    }

    private func hash(_ key: Secret, _ data: [UInt8]) -> String {
        Base64URL.encode(Array(Digest.hmacSHA256(key: key.bytes, data).prefix(16)))
    }
}
