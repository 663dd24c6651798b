/// What was typed into a phone field, reduced to ASCII digits: separators, direction marks and an extension at the end
/// are dropped, as is a label in front; digits of any script are mapped; anything else makes it unparseable.
struct PhoneText: Sendable {
    let digits: [UInt8]
    /// Written with a leading `+` (or its full-width form).
    let hasPlus: Bool

    init(_ raw: String) throws(PhoneProblem) {
        let typed = Array(raw.unicodeScalars)
        guard typed.contains(where: { !PhoneText.isSeparator($0) }) else { throw .missing }
        // A label in front ("Tel:", "Mob.") is no part of the number.
        let scalars = typed.drop { !PhoneText.isPlus($0) && PhoneText.digit($0) == nil }
        var digits: [UInt8] = []
        hasPlus = scalars.first.map(PhoneText.isPlus) ?? false
        for index in scalars.indices.dropFirst(hasPlus ? 1 : 0) {
            let scalar = scalars[index]
            if let digit = PhoneText.digit(scalar) {
                digits.append(0x30 + digit)
            } else if PhoneText.isSeparator(scalar) {
                continue
            } else if digits.count >= 5, PhoneText.isExtension(scalars[index...]) {
                break
            } else {
                throw .unparseable
            }
        }
        guard !digits.isEmpty else { throw .unparseable }
        self.digits = digits
    }

    private static func isPlus(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "+" || scalar == "\u{FF0B}"
    }

    /// A decimal digit of any script: ASCII, full-width, Arabic-Indic, Devanagari …
    private static func digit(_ scalar: Unicode.Scalar) -> UInt8? {
        if (0x30...0x39).contains(scalar.value) { return UInt8(scalar.value - 0x30) }
        guard scalar.value > 0x7F, scalar.properties.generalCategory == .decimalNumber,
            let value = scalar.properties.numericValue
        else { return nil }
        return UInt8(value)
    }

    /// Space, dashes, brackets, dots, slashes, and the invisible marks that copying from a page brings along.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-", "(", ")", ".", "/", "[", "]", "~", "*", "_", "'", "\u{30FC}", "\u{2212}", "\u{FF0D}"..."\u{FF0F}",
            "\u{FF08}", "\u{FF09}", "\u{FF3B}", "\u{FF3D}", "\u{223C}":
            true
        default:
            scalar.properties.isWhitespace || [.dashPunctuation, .format].contains(scalar.properties.generalCategory)
        }
    }

    /// `ext. 12`, `x12`, `#12`, `;ext=12`, `, 12`: a marker and up to seven digits, nothing after them.
    private static func isExtension(_ rest: ArraySlice<Unicode.Scalar>) -> Bool {
        let marker = rest.prefix { digit($0) == nil }
        let number = rest.dropFirst(marker.count)
        guard (1...7).contains(number.count), number.allSatisfy({ digit($0) != nil }) else { return false }
        let word = String(
            String.UnicodeScalarView(marker.filter { !isSeparator($0) && !":;,=".unicodeScalars.contains($0) }))
        return ["", "x", "ext", "extn", "extension", "#"].contains(word.lowercased())
    }
}
