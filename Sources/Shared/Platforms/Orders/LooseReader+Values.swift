import Base

extension LooseReader {
    /// An RFC 3339 time, or one that lacks only its zone (UTC), its seconds, or the colon in its offset; ms since 1970.
    /// A day of zeros, which databases have for none, is nil.
    mutating func time<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key) -> Int64? {
        guard let value = value(fields, key) else { return nil }
        guard case .text = value, let text = Self.text(value) else {
            blame(fields, key, "no RFC 3339 time")
            return nil
        }
        if text.hasPrefix("0000-00-00") { return nil }
        guard let time = LooseTime.read(text), (0...253_402_300_799_999).contains(time.milliseconds) else {
            blame(fields, key, "no RFC 3339 time")
            return nil
        }
        noteTime(fields, key, hasZone: time.hasZone)
        return time.milliseconds
    }

    /// So many letters of A to Z, as capitals.
    mutating func letters<Key>(
        _ fields: KeyedDecodingContainer<Key>?, _ key: Key, _ count: Int, _ words: String
    ) -> String? {
        guard let value = value(fields, key) else { return nil }
        if case .text = value, let text = Self.text(value), text.utf8.count == count,
            text.utf8.allSatisfy({ (0x41...0x5A).contains($0 & 0xDF) })
        {
            return text.uppercased()
        }
        blame(fields, key, words)
        return nil
    }

    /// A decimal of up to twelve digits before the point and up to four behind it; what is finer is rounded.
    mutating func amount<Key>(_ fields: KeyedDecodingContainer<Key>?, _ key: Key) -> String? {
        guard let value = value(fields, key) else { return nil }
        guard let text = Self.text(value), let amount = LooseAmount.read(text) else {
            blame(fields, key, "must be a decimal number, such as 12.50")
            return nil
        }
        return amount
    }

    /// As ``amount(_:_:)`` read it, where it can mean only one thing in this currency: `"1.234"` may be a thousand and
    /// more.
    mutating func amount<Key>(
        _ amount: String, in currency: String, _ fields: KeyedDecodingContainer<Key>?, _ key: Key
    ) -> String? {
        guard LooseAmount.mayBeGrouped(amount), !LooseAmount.threeDecimals.contains(currency) else { return amount }
        // A number has no thousands separators. Written down with four digits it is read as the same again.
        if case .number? = value(fields, key) { return amount + "0" }
        blame(fields, key, "three digits behind the only point may be thousands: write it with two or four")
        return nil
    }
}

/// Amounts as shops write them.
enum LooseAmount {
    /// Whose smallest unit is a thousandth (ISO 4217).
    static let threeDecimals: Set<String> = ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]

    /// Whether its point may separate thousands: one to three digits, no nought first, then exactly three.
    static func mayBeGrouped(_ amount: String) -> Bool {
        let parts = amount.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count == 2 && parts[0].count <= 3 && parts[0].first != UInt8(ascii: "0") && parts[1].count == 3
    }

    /// `12.50`; nil for signs, commas, exponents, currencies.
    static func read(_ text: String) -> String? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }),
            (1...12).contains(parts[0].count), parts.count == 1 || (1...40).contains(parts[1].count)
        else { return nil }
        guard parts.count == 2, parts[1].count > 4 else { return text }
        // 29.989999999999998 is 29.99: what a computer makes of an amount it keeps as a binary fraction.
        let digits = Array(parts[0]) + Array(parts[1].prefix(4))
        let whole = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
        let isUp = parts[1].dropFirst(4).first.map { $0 >= UInt8(ascii: "5") } ?? false
        let rounded = whole + (isUp ? 1 : 0)
        guard rounded < 10_000_000_000_000_000 else { return nil }
        let fraction = String(rounded % 10_000)
        return "\(rounded / 10_000).\(String(repeating: "0", count: 4 - fraction.count))\(fraction)"
    }
}

/// Times as shops write them.
enum LooseTime {
    /// `2026-11-20 10:02:41` is taken as UTC; nil for what has no hour and minute.
    static func read(_ text: String) -> (milliseconds: Int64, hasZone: Bool)? {
        let bytes = Array(text.utf8)
        // 0123-56-89T12:45
        guard bytes.count >= 16, bytes.count <= 40, matches(bytes[0..<10], "dddd-dd-dd"),
            [UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " ")].contains(bytes[10]),
            matches(bytes[11..<16], "dd:dd")
        else { return nil }
        var rest = bytes[16...]
        var seconds = Array(":00".utf8)
        if rest.first == UInt8(ascii: ":") {
            guard rest.count >= 3, matches(rest.prefix(3), ":dd") else { return nil }
            seconds = Array(rest.prefix(3))
            rest = rest.dropFirst(3)
            if let point = rest.first, point == UInt8(ascii: ".") || point == UInt8(ascii: ",") {
                let digits = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
                guard (1...9).contains(digits.count) else { return nil }
                seconds.append(UInt8(ascii: "."))
                seconds += digits
                rest = rest.dropFirst(1 + digits.count)
            }
        }
        let offset = rest.drop { $0 == UInt8(ascii: " ") }
        guard let zone = zone(offset) else { return nil }
        var whole = bytes
        whole[10] = UInt8(ascii: "T")
        whole.replaceSubrange(16..., with: seconds + zone)
        guard let time = RFC3339.milliseconds(String(decoding: whole, as: UTF8.self)) else { return nil }
        return (time, !offset.isEmpty)
    }

    /// `Z`, or `+05:30`; nothing is UTC.
    private static func zone(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        switch text.count {
        case 0: return Array("Z".utf8)
        case 1: return matches(text, "Z") || matches(text, "z") ? Array("Z".utf8) : nil
        case 3: return isSign(text.first) && matches(text.dropFirst(), "dd") ? Array(text) + Array(":00".utf8) : nil
        case 5:
            guard isSign(text.first), matches(text.dropFirst(), "dddd") else { return nil }
            var zone = Array(text)
            zone.insert(UInt8(ascii: ":"), at: 3)
            return zone
        case 6: return isSign(text.first) && matches(text.dropFirst(), "dd:dd") ? Array(text) : nil
        default: return nil
        }
    }

    private static func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }

    /// `d` is a digit, all else itself.
    private static func matches(_ bytes: ArraySlice<UInt8>, _ pattern: StaticString) -> Bool {
        let pattern = pattern.description.utf8
        return bytes.count == pattern.count
            && zip(bytes, pattern).allSatisfy { byte, sign in
                sign == UInt8(ascii: "d") ? (0x30...0x39).contains(byte) : byte == sign
            }
    }
}
