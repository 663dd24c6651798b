/// Text over an alphabet of 64 characters as the bytes that it stands for, four characters in three: what base64 does,
/// backwards, for hashes that stand in records as text. Text that is no exact image of bytes is refused.
struct SixBitText: Sendable {
    /// RFC 4648, section 5.
    static let base64url = SixBitText("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    /// RFC 4648, section 4.
    static let base64 = SixBitText("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    /// bcrypt's own order (crypt(5)).
    static let bcrypt = SixBitText("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")

    private let letters: [UInt8]
    /// The six bits of each character, 0xff where it has none.
    private let values: [UInt8]

    private init(_ alphabet: String) {
        letters = Array(alphabet.utf8)
        var values = [UInt8](repeating: 0xff, count: 256)
        for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
        self.values = values
    }

    /// Nil for a character of another alphabet, or bits beyond the last whole byte that are not zero.
    func pack(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var held: UInt32 = 0
        for letter in text {
            let value = values[Int(letter)]
            guard value != 0xff else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            if held >= 8 {
                held -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> held))
            }
        }
        let isExact = held < 6 && bits & (1 << held - 1) == 0
        return isExact ? bytes : nil
    }

    /// The only text that packs to these bytes.
    func unpack(_ bytes: UnsafeRawBufferPointer) -> String {
        let count = (bytes.count * 8 + 5) / 6
        return String(unsafeUninitializedCapacity: count) { text in
            var bits: UInt32 = 0
            var held: UInt32 = 0
            var next = 0
            for byte in bytes {
                bits = bits << 8 | UInt32(byte)
                held += 8
                while held >= 6 {
                    held -= 6
                    text[next] = letters[Int(bits >> held & 0x3f)]
                    next += 1
                }
            }
            if held > 0 {
                text[next] = letters[Int(bits << (6 - held) & 0x3f)]
                next += 1
            }
            return next
        }
    }
}
