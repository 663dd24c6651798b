/// Percent-encoding (RFC 3986 §2.1).
public enum PercentCoding {
    /// All but the unreserved characters (RFC 3986 §2.3: letters, digits and `-._~`).
    public static func encode(_ text: String) -> String {
        encode(text, keeping: unreserved)
    }

    /// Strict, for paths: nil for a bad escape, for bytes that are not UTF-8, and for an escaped NUL.
    public static func decode(_ text: Substring) -> String? {
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

    private static let unreserved = Set("-._~".utf8)

    /// - Parameters:
    ///   - marks: bytes that stay as they are, beside letters and digits.
    ///   - plus: whether a space becomes `+`.
    static func encode(_ text: String, keeping marks: Set<UInt8>, spaceAsPlus plus: Bool = false) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: bytes.append(byte)
            case UInt8(ascii: " ") where plus: bytes.append(UInt8(ascii: "+"))
            case _ where marks.contains(byte): bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), Hex.upper[Int(byte >> 4)], Hex.upper[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The byte that `%` and two digits at `index` stand for.
    static func escape(_ bytes: [UInt8], at index: Int) -> UInt8? {
        guard index + 2 < bytes.count, let high = Hex.value(bytes[index + 1]), let low = Hex.value(bytes[index + 2])
        else { return nil }
        return high << 4 | low
    }
}
