import FoundationEssentials

/// Codes are derived, not stored: the same verification and generation give the same code after any restart. The idea
/// is HOTP's (RFC 4226) with SHA-256 and 64 bits instead of 31, so that no digit is measurably likelier than another.
public enum OneTimeCode {
    /// HMAC-SHA256(key, 16 id bytes | generation as 4 bytes), its first 8 bytes mod 10^digits, zero padded.
    /// `digits` is 1…10 (bias below 1 in 10^9); anything else is a bug and traps.
    public static func derive(key: Secret, id: UUID, generation: Int, digits: Int) -> CodeText {
        precondition((1...10).contains(digits), "a code has 1 to 10 digits")
        let mac = Digest.hmacSHA256(key: key.bytes, id.bytes + bigEndian(UInt32(generation)))
        var value: UInt64 = 0
        for index in 0..<8 { value = value << 8 | UInt64(mac[index]) }
        let text = String(unsafeUninitializedCapacity: digits) { buffer in
            for index in (0..<digits).reversed() {
                buffer[index] = UInt8(ascii: "0") + UInt8(value % 10)
                value /= 10
            }
            return digits
        }
        return CodeText(digits: text)
    }
}
