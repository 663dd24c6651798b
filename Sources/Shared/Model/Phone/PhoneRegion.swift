/// A region's numbering plan, read from its line of the table beside this file.
struct PhoneRegion: Sendable {
    /// ISO 3166 alpha-2; `001` for a code of no region.
    let code: String
    let callingCode: Int
    /// How a foreign number is dialled from there.
    let internationalPrefix: DigitPattern?
    let nationalPrefix: DigitPattern?
    /// What takes the national prefix's place, `$1` and `$2` standing for its groups; nil where nothing does.
    let transform: String?
    /// What its numbers begin with, where the calling code is shared and that tells regions apart.
    let leadingDigits: DigitPattern?
    let lengths: PhoneLengths
    /// Of numbers that are dialled only within an area.
    let localLengths: PhoneLengths
    /// Any number of the region.
    let general: DigitPattern?
    /// In the order in which a number is held against them.
    private let special: [(type: NumberType, pattern: DigitPattern)]
    private let fixedLine: DigitPattern?
    private let mobile: DigitPattern?
    private let isSame: Bool

    init?(line: Substring) {
        let fields = line.split(separator: " ")
        guard fields.count > 2, let callingCode = Int(fields[1]) else { return nil }
        var values: [Substring: Substring] = [:]
        for field in fields.dropFirst(2) {
            guard let mark = field.firstIndex(of: "=") else { continue }
            values[field[..<mark]] = field[field.index(after: mark)...]
        }
        func pattern(_ key: Substring) -> DigitPattern? { values[key].flatMap { DigitPattern($0) } }
        code = String(fields[0])
        self.callingCode = callingCode
        internationalPrefix = pattern("i")
        nationalPrefix = pattern("0")
        transform = values["r"].map(String.init)
        leadingDigits = pattern("l")
        lengths = PhoneLengths(parsing: values["n"] ?? "")
        localLengths = PhoneLengths(parsing: values["o"] ?? "")
        general = pattern("g")
        fixedLine = pattern("f")
        mobile = pattern("m")
        isSame = fields.contains("same")
        special = Self.specialTypes.compactMap { key, type in pattern(key).map { (type, $0) } }
    }

    private static let specialTypes: [(Substring, NumberType)] = [
        ("p", .premium), ("t", .tollFree), ("s", .shared), ("v", .voip), ("h", .personal), ("a", .pager), ("u", .uan),
        ("c", .voicemail),
    ]

    /// What a national number is here; nil for one that nobody has.
    func type(of national: [UInt8]) -> NumberType? {
        guard general?.matches(national) == true else { return nil }
        if let special = special.first(where: { $0.pattern.matches(national) }) { return special.type }
        if fixedLine?.matches(national) == true {
            return isSame || mobile?.matches(national) == true ? .fixedLineOrMobile : .fixedLine
        }
        return mobile?.matches(national) == true ? .mobile : nil
    }

    /// The number without its national prefix, or as it is: where the prefix may as well be part of it.
    func withoutNationalPrefix(_ digits: [UInt8]) -> [UInt8] {
        guard let match = nationalPrefix?.prefix(of: digits), match.length > 0 || !match.groups.isEmpty else {
            return digits
        }
        var rest = Array(digits.dropFirst(match.length))
        if let transform, let last = match.groups.last, last != nil {
            rest = Self.fill(transform, match.groups, digits) + rest
        }
        let wasNumber = general?.matches(digits) == true
        return wasNumber && general?.matches(rest) != true ? digits : rest
    }

    private static func fill(_ transform: String, _ groups: [Range<Int>?], _ digits: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var isGroup = false
        for byte in transform.utf8 {
            if byte == UInt8(ascii: "$") {
                isGroup = true
            } else if isGroup {
                let number = Int(byte) - 0x31
                if groups.indices.contains(number), let range = groups[number] { result += digits[range] }
                isGroup = false
            } else {
                result.append(byte)
            }
        }
        return result
    }
}

/// A set of lengths 1…17.
struct PhoneLengths: Sendable {
    private var bits: UInt32 = 0

    /// `7,9-10`; empty for none.
    init(parsing text: Substring) {
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, first <= last, last < 32 else { continue }
            for length in first...last { bits |= 1 << UInt32(length) }
        }
    }

    func contains(_ length: Int) -> Bool { (0..<32).contains(length) && bits & (1 << UInt32(length)) != 0 }
    var minimum: Int { bits.trailingZeroBitCount }
    var maximum: Int { 31 - bits.leadingZeroBitCount }
}
