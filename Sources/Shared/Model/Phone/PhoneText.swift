/// What was typed into a phone field, cut to the number in it: a label in front, an extension behind, a second number and
/// what follows a number are dropped, digits of any script become ASCII, letters those of a telephone's keypad (where there
/// are three or more). The rules are libphonenumber's.
struct PhoneText: Sendable {
    let digits: [UInt8]
    /// Written with a leading `+` (or its full-width form).
    let hasPlus: Bool
    /// Its ASCII digits; nil where there is none.
    let callExtension: String?

    init(_ raw: String) throws(PhoneProblem) {
        guard raw.contains(where: { !$0.isWhitespace }) else { throw .missing }
        let candidate = Self.candidate(Self.subscriber(Array(raw.unicodeScalars)))
        let (number, callExtension) = Self.splitExtension(candidate)
        guard Self.isViable(number) else { throw .unparseable }
        self.callExtension = callExtension
        hasPlus = number.first.map(Self.isPlus) ?? false
        digits = Self.digits(of: number)
    }

    /// RFC 3966: what follows `tel:`, with its context in front and its parameters gone.
    private static func subscriber(_ text: [Unicode.Scalar]) -> ArraySlice<Unicode.Scalar> {
        guard let start = text.firstRange(of: Array("tel:".unicodeScalars))?.upperBound else { return text[...] }
        let marker = Array(";phone-context=".unicodeScalars)
        guard let context = text.firstRange(of: marker) else { return text[start...] }
        let prefix = text[context.upperBound...].prefix { $0 != ";" }
        let number = text[start..<max(start, context.lowerBound)]
        return prefix.first.map(isPlus) == true ? (Array(prefix) + number)[...] : number
    }

    /// From the first plus or digit to the last letter, digit or `#`, and not into a second number.
    private static func candidate(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var rest = text.drop { !isPlus($0) && digit($0) == nil }
        if let sub = rest.firstRange(of: Array(";isub=".unicodeScalars)) { rest = rest[..<sub.lowerBound] }
        while let last = rest.last, !isNumberOrLetter(last), last != "#" { rest.removeLast() }
        for index in rest.indices where rest[index] == "/" || rest[index] == "\\" {
            let next = rest[(index + 1)...].first { $0 != " " }
            if next == "x" { return rest[..<index] }
        }
        return rest
    }

    /// Two digits, or three and more with nothing but punctuation between the first three; letters only after those.
    private static func isViable(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
        let body = text.drop(while: isPlus)
        if body.count == 2, body.count == text.count, body.allSatisfy({ digit($0) != nil }) { return true }
        var digits = 0
        for scalar in body {
            if digit(scalar) != nil {
                digits += 1
            } else if !isPunctuation(scalar), !(digits >= 3 && isLatinLetter(scalar)) {
                return false
            }
        }
        return digits >= 3
    }

    private static func digits(of text: ArraySlice<Unicode.Scalar>) -> [UInt8] {
        let isVanity = text.count(where: isLatinLetter) >= 3
        return text.compactMap { scalar in
            if let digit = digit(scalar) { return 0x30 + digit }
            return isVanity ? keypad(scalar) : nil
        }
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

    /// What people put between digits. `x` is among it, and marks that copying from a page brings along.
    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-", "x", "(", ")", ".", "/", "[", "]", "~", "*", " ", "\u{A0}", "\u{AD}", "\u{200B}", "\u{2060}",
            "\u{3000}", "\u{2010}"..."\u{2015}", "\u{2212}", "\u{30FC}", "\u{FF0D}"..."\u{FF0F}", "\u{FF08}",
            "\u{FF09}",
            "\u{FF3B}", "\u{FF3D}", "\u{2053}", "\u{223C}":
            true
        default: false
        }
    }

    static func isLatinLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && scalar.properties.isAlphabetic
    }

    private static func isNumberOrLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .decimalNumber, .letterNumber, .otherNumber, .uppercaseLetter, .lowercaseLetter, .titlecaseLetter,
            .modifierLetter, .otherLetter:
            true
        default: false
        }
    }

    /// ITU-T E.161.
    private static func keypad(_ scalar: Unicode.Scalar) -> UInt8? {
        guard isLatinLetter(scalar) else { return nil }
        let keys = Array("22233344455566677778889999".utf8)
        return keys[Int(scalar.value | 0x20) - 0x61]
    }
}
