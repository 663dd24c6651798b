/// Percent-decoding (RFC 3986 §2.1) and the form encoding of URLs (WHATWG URL, application/x-www-form-urlencoded).
enum PercentCoding {
    /// Strict, for paths: nil for a bad escape, for bytes that are not UTF-8, and for an escaped NUL.
    static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%") {
                guard let byte = escape(bytes, at: index), byte != 0 else { return nil }
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(validating: result, as: UTF8.self)
    }

    /// `a=1&b=two+words` as pairs in order. Lenient as the standard says: a bad escape stays as it is, bytes that are
    /// not UTF-8 become U+FFFD, a name without `=` has an empty value, empty pairs are skipped.
    static func formPairs(_ bytes: some Sequence<UInt8>) -> [(String, String)] {
        Array(bytes).split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (lenient(pair[..<equals]), lenient(pair[equals...].dropFirst()))
        }
    }

    private static func lenient(_ slice: ArraySlice<UInt8>) -> String {
        let bytes = Array(slice)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), let byte = escape(bytes, at: index) {
                result.append(byte)
                index += 3
            } else {
                result.append(bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func escape(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = hexValue(bytes[index + 1]), let low = hexValue(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }

    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
