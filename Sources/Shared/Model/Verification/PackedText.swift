/// The parts of a packed verification that are text in it: hashes as the bytes that they stand for, where they are
/// written as ours are, else as they are.
enum PackedText {
    static func isHash(_ text: String) -> Bool { hash(text) != nil }
    static func isGuess(_ text: String) -> Bool { guess(text) != nil }
    static func isBcrypt(_ text: String) -> Bool { bcrypt(text) != nil }

    /// A keyed hash: 16 bytes as 22 characters of base64url.
    static func write(_ text: String, _ isShort: Bool, _ out: inout ByteWriter) {
        if isShort, let bytes = hash(text) { out.raw(bytes) } else { out.counted(text.utf8) }
    }

    static func read(_ isShort: Bool, _ bytes: inout ByteReader) -> String {
        isShort ? SixBitText.base64url.unpack(bytes.raw(16)) : String(decoding: bytes.counted(), as: UTF8.self)
    }

    /// A wrong guess: 12 bytes as 16 characters of base64.
    static func writeGuess(_ text: String, _ isShort: Bool, _ out: inout ByteWriter) {
        if isShort, let bytes = guess(text) { out.raw(bytes) } else { out.counted(text.utf8) }
    }

    static func readGuess(_ isShort: Bool, _ bytes: inout ByteReader) -> String {
        isShort ? SixBitText.base64.unpack(bytes.raw(12)) : String(decoding: bytes.counted(), as: UTF8.self)
    }

    /// `$2b$10$`, 22 characters of salt (16 bytes), 31 of hash (23 bytes).
    static func writeBcrypt(_ text: String, _ isShort: Bool, _ out: inout ByteWriter) {
        guard isShort, let (cost, bytes) = bcrypt(text) else { return out.counted(text.utf8) }
        out.byte(cost)
        out.raw(bytes)
    }

    static func readBcrypt(_ isShort: Bool, _ bytes: inout ByteReader) -> String {
        guard isShort else { return String(decoding: bytes.counted(), as: UTF8.self) }
        let cost = bytes.byte()
        let text = "$2b$\(cost < 10 ? "0" : "")\(cost)$"
        return text + SixBitText.bcrypt.unpack(bytes.raw(16)) + SixBitText.bcrypt.unpack(bytes.raw(23))
    }

    private static func hash(_ text: String) -> [UInt8]? {
        text.utf8.count == 22 ? SixBitText.base64url.pack(text.utf8) : nil
    }

    private static func guess(_ text: String) -> [UInt8]? {
        text.utf8.count == 16 ? SixBitText.base64.pack(text.utf8) : nil
    }

    private static func bcrypt(_ text: String) -> (UInt8, [UInt8])? {
        let bytes = Array(text.utf8)
        guard bytes.count == 60, bytes.starts(with: "$2b$".utf8), bytes[6] == UInt8(ascii: "$"),
            let cost = UInt8(String(decoding: bytes[4..<6], as: UTF8.self)), bytes[4] != UInt8(ascii: "+"),
            let salt = SixBitText.bcrypt.pack(bytes[7..<29]), let hash = SixBitText.bcrypt.pack(bytes[29..<60])
        else { return nil }
        return (cost, salt + hash)
    }
}
