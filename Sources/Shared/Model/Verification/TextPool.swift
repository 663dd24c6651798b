/// Texts that many records share, each held once: a record keeps its number. Only short ones, and only so many, so that
/// what comes from outside can't fill it: the rest stands in its record.
struct TextPool {
    static let longest = 64
    static let most = 4_096

    private var numbers: [String: UInt64] = [:]
    private var texts: [String] = []

    /// Writes the text's number, or 0 and the text.
    mutating func write(_ text: String, _ out: inout ByteWriter) {
        guard let number = number(of: text) else {
            out.number(0)
            return out.counted(text.utf8)
        }
        out.number(number)
    }

    func read(_ bytes: inout ByteReader) -> String {
        let number = bytes.number()
        guard number > 0 else { return String(decoding: bytes.counted(), as: UTF8.self) }
        return texts[Int(number - 1)]
    }

    /// For texts that end in a number of their own (`gid://shopify/Order/1001`, `#1001`): what stands before it is
    /// shared. Leading zeros belong to what stands before.
    mutating func writeNumbered(_ text: String, _ out: inout ByteWriter) {
        guard let (prefix, value) = Self.split(text), let number = number(of: prefix) else {
            out.number(0)
            return out.counted(text.utf8)
        }
        out.number(number)
        out.number(value)
    }

    func readNumbered(_ bytes: inout ByteReader) -> String {
        let number = bytes.number()
        guard number > 0 else { return String(decoding: bytes.counted(), as: UTF8.self) }
        return texts[Int(number - 1)] + String(bytes.number())
    }

    /// Up to 18 digits at the end, without a leading zero but for a lone one.
    private static func split(_ text: String) -> (String, UInt64)? {
        let bytes = text.utf8
        var start = bytes.endIndex
        while start > bytes.startIndex, bytes.distance(from: start, to: bytes.endIndex) < 18 {
            let before = bytes.index(before: start)
            guard (0x30...0x39).contains(bytes[before]) else { break }
            start = before
        }
        while start < bytes.endIndex, bytes[start] == 0x30, bytes.index(after: start) < bytes.endIndex {
            start = bytes.index(after: start)
        }
        guard let value = UInt64(text[start...]) else { return nil }
        return (String(text[..<start]), value)
    }

    private mutating func number(of text: String) -> UInt64? {
        if let known = numbers[text] { return known }
        guard text.utf8.count <= Self.longest, texts.count < Self.most else { return nil }
        texts.append(text)
        numbers[text] = UInt64(texts.count)
        return UInt64(texts.count)
    }
}
