/// What was typed into a phone field, cut to the groups of digits at its front: a label before them, an extension and
/// any remark behind them are gone. Letters are never digits. Which of the groups are the number is ``PhoneReading``'s
/// to say.
struct PhoneText: Sendable {
    /// Digits with nothing between them.
    struct Group: Sendable {
        /// ASCII.
        var digits: [UInt8]
        /// What stands between it and the group before.
        let gap: Gap
    }

    struct Gap: OptionSet, Sendable {
        let rawValue: UInt8

        static let blank = Gap(rawValue: 1)
        /// A dash, a dot.
        static let separator = Gap(rawValue: 2)
        /// A slash, a comma.
        static let slash = Gap(rawValue: 4)
        /// A semicolon, a line's end.
        static let list = Gap(rawValue: 8)
        /// An opening bracket.
        static let open = Gap(rawValue: 16)
        static let plus = Gap(rawValue: 32)
    }

    /// As many characters are looked at, as libphonenumber does; a longer text is refused unread.
    static let mostCharacters = 250

    private(set) var groups: [Group] = []
    /// Whether a word or another sign stands in front of them.
    let hasLabel: Bool
    /// Whether words, or signs that are no separators, follow the groups.
    private(set) var hasRemark = false
    /// Whether the last group may belong to the remark: `2nd floor`, `2. Stock`.
    private(set) var isOfRemark = false
    /// Whether what follows them may as well stand for digits: a letter among them, a nought typed as an O.
    private(set) var isDoubtful = false
    /// Whether `x` stood for a carrier's digits, as people write it in Brazil: `0xx11 …`.
    private(set) var hasCarrierMark = false
    /// Its ASCII digits; nil where there is none.
    let callExtension: String?

    init(_ raw: String) throws(PhoneProblem) {
        // No character has more than four bytes: what is far too long is not walked through.
        guard raw.utf8.count <= 4 * Self.mostCharacters, raw.unicodeScalars.count <= Self.mostCharacters else {
            throw .tooLong
        }
        guard raw.contains(where: { !$0.isWhitespace }) else { throw .missing }
        let visible = raw.unicodeScalars.filter { !PhoneCharacter.isNothing($0) }
        hasLabel = visible.prefix { Self.digit($0) == nil }.contains {
            Self.isWord($0) || PhoneCharacter($0) == .symbol
        }
        let candidate = Self.candidate(Self.subscriber(Array(visible)))
        let (number, callExtension) = Self.splitExtension(candidate)
        self.callExtension = callExtension
        split(number)
        dropRepeatedCode()
        let count = groups.reduce(0) { $0 + $1.digits.count }
        let isBare = groups.count == 1 && groups[0].gap.isEmpty && !hasRemark
        guard count >= 3 || count == 2 && isBare else { throw .unparseable }
    }

    private mutating func split(_ text: ArraySlice<Unicode.Scalar>) {
        var gap = Gap()
        var rest = text
        while let scalar = rest.first {
            let character = PhoneCharacter(scalar)
            // `0664 12** *67`: somebody hid digits.
            if scalar == "*" || scalar == "•", !groups.isEmpty, rest.dropFirst().first == scalar { isDoubtful = true }
            switch character {
            case .digit(let value):
                if gap.isEmpty, !groups.isEmpty {
                    groups[groups.count - 1].digits.append(0x30 + value)
                } else {
                    groups.append(Group(digits: [0x30 + value], gap: gap))
                }
                gap = []
            case .plus: gap.insert(.plus)
            case .blank, .close: gap.insert(.blank)
            case .separator: gap.insert(.separator)
            case .slash: gap.insert(.slash)
            case .list: gap.insert(.list)
            case .open: gap.insert(.open)
            case .letter, .symbol:
                if character == .letter, isCarrierMark(rest) {
                    (hasCarrierMark, rest) = (true, rest.drop { $0 == "x" || $0 == "X" })
                    gap.insert(.blank)
                    continue
                }
                hasRemark = true
                isOfRemark = gap.isEmpty || gap == .separator || text[..<rest.startIndex].suffix(2) == [".", " "]
                isDoubtful = isDoubtful || Self.mayBeDigits(rest, behind: gap) || isPostcode(before: rest)
                return
            }
            rest.removeFirst()
        }
    }

    /// `xx` behind the national prefix.
    private func isCarrierMark(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let mark = rest.prefix { $0 == "x" || $0 == "X" }
        guard mark.count == 2, groups.count == 1, groups[0].digits == [0x30] else { return false }
        return rest[mark.endIndex...].first.map { !Self.isWord($0) } ?? false
    }

    /// Whether digits of the number may be meant by what begins here, so that nobody knows which it is without them.
    private static func mayBeDigits(_ rest: ArraySlice<Unicode.Scalar>, behind gap: Gap) -> Bool {
        let word = rest.prefix(while: isWord)
        let behind = rest[word.endIndex...]
        if word.isEmpty {
            // A sign that is neither word nor separator, with digits on both sides.
            return behind.first { digit($0) != nil || isWord($0) }.flatMap(digit) != nil
        }
        let isMask = word.count > 1 && word.allSatisfy { $0 == "x" || $0 == "X" }
        let looksLikeDigits = word.allSatisfy(PhoneCharacter.looksLikeDigit)
        let isTight = gap.isEmpty || gap == .separator
        if isTight, word.count == 1 || looksLikeDigits || isMask {
            if gap.isEmpty, word.count > 1 || looksLikeDigits { return true }
            return behind.first { PhoneCharacter($0) != .separator }.flatMap(digit) != nil
        }
        // `o` is also a word between two numbers.
        return looksLikeDigits && (1..<7).contains(behind.count { digit($0) != nil })
    }

    /// `30159 Hannover, 0151 …`
    private func isPostcode(before rest: ArraySlice<Unicode.Scalar>) -> Bool {
        groups.count == 1 && groups[0].digits.count <= 6 && rest.count { Self.digit($0) != nil } >= 7
    }

    /// `+91 +91 98765 43210`: what stands before the last plus goes where it is the calling code behind it once more.
    private mutating func dropRepeatedCode() {
        guard let last = groups.lastIndex(where: { $0.gap.contains(.plus) }), last > 0 else { return }
        let lead = groups[..<last].flatMap(\.digits).drop { $0 == 0x30 }
        let digits = groups[last...].flatMap(\.digits)
        guard let (_, length) = PhonePlans.callingCode(of: digits), !lead.isEmpty, lead.count.isMultiple(of: length)
        else { return }
        let code = Array(digits.prefix(length))
        let isRepeated = stride(from: lead.startIndex, to: lead.endIndex, by: length).allSatisfy {
            Array(lead[$0..<($0 + length)]) == code
        }
        if isRepeated { groups.removeSubrange(..<last) }
    }

    // MARK: Characters

    static func isPlus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "+" || scalar == "\u{FF0B}"
    }

    /// A decimal digit of any script: ASCII, full-width, Arabic-Indic, Devanagari …
    static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if (0x30...0x39).contains(scalar.value) { return UInt8(scalar.value - 0x30) }
        guard scalar.value > 0x7F, scalar.properties.generalCategory == .decimalNumber,
            let value = scalar.properties.numericValue
        else { return nil }
        return UInt8(value)
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool { PhoneCharacter(scalar) == .letter }
}
