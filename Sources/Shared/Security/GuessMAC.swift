import FoundationEssentials

/// What a typed or sent code becomes before it touches a topic: bcrypt alone can't protect six digits, a keyed MAC can.
public enum GuessMAC {
    /// HMAC-SHA256(pepper, 16 id bytes | the code's digits): 32 bytes.
    public static func mac(pepper: Secret, id: UUID, code: String) -> [UInt8] {
        Digest.hmacSHA256(key: pepper.bytes, id.bytes + Array(code.utf8))
    }
}
