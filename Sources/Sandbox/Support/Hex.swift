import Security

/// Hexadecimal, and random names written in it.
enum Hex {
    static let upper = Array("0123456789ABCDEF".utf8)

    /// 32 random digits behind a prefix, as in `SM…` and `shpat_…`.
    static func name(_ prefix: String) -> String {
        prefix + hexText(randomBytes(16))
    }

    /// A random UUID, version 4, in lower case.
    static func uuid() -> String {
        var bytes = randomBytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = hexText(bytes)
        var parts: [Substring] = []
        var rest = digits[...]
        for length in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        return parts.joined(separator: "-")
    }
}
