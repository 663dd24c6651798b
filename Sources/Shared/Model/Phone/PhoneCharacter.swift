/// What a character is in a phone field.
enum PhoneCharacter: Equatable {
    /// Its value; a decimal digit of any script.
    case digit(UInt8)
    case plus
    case blank
    /// Opens a bracket.
    case open
    /// Closes one.
    case close
    /// Stands between digits: dashes, dots, underscores.
    case separator
    /// Stands between digits and between numbers: a slash, a comma.
    case slash
    /// Stands between numbers: a semicolon, a line's end.
    case list
    /// Belongs to a word of any alphabet; numerals that are no decimal digits and small pictures count as well.
    case letter
    /// Anything else.
    case symbol

    init(_ scalar: Unicode.Scalar) {
        if let value = PhoneText.digit(scalar) {
            self = .digit(value)
        } else if PhoneText.isPlus(scalar) {
            self = .plus
        } else {
            self = Self.marks[scalar] ?? Self.byCategory(scalar)
        }
    }

    /// Invisible: direction marks, joiners, variation selectors, the frame around a digit that is an emoji.
    static func isNothing(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format || scalar == "\u{20E3}"
    }

    private static let marks: [Unicode.Scalar: PhoneCharacter] = {
        var marks: [Unicode.Scalar: PhoneCharacter] = [:]
        func add(_ scalars: String, _ character: PhoneCharacter) {
            for scalar in scalars.unicodeScalars { marks[scalar] = character }
        }
        // Dots and bullets of several scripts, the signs that look like dashes, asterisk and tilde.
        add(".*~·•‧∙⋅・･．。‑−∼⁓ー￣⁃˗", .separator)
        add("/\\,，、،／⁄∕＼", .slash)
        add(";；؛|¦&\n\r\u{B}\u{C}\u{85}\u{2028}\u{2029}", .list)
        add("<", .open)
        add(">", .close)
        return marks
    }()

    private static func byCategory(_ scalar: Unicode.Scalar) -> PhoneCharacter {
        if scalar.properties.isWhitespace { return .blank }
        switch scalar.properties.generalCategory {
        case .dashPunctuation, .connectorPunctuation: return .separator
        case .openPunctuation, .initialPunctuation: return .open
        case .closePunctuation, .finalPunctuation: return .close
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .enclosingMark, .letterNumber, .otherNumber, .decimalNumber, .otherSymbol:
            return .letter
        case .otherPunctuation, .mathSymbol, .currencySymbol, .modifierSymbol, .spaceSeparator, .lineSeparator,
            .paragraphSeparator, .control, .format, .surrogate, .privateUse, .unassigned:
            return .symbol
        @unknown default: return .symbol
        }
    }

    /// Letters that people take for a nought or a one, in the alphabets that have them.
    static func looksLikeDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "O", "o", "О", "о", "Ο", "ο", "I", "l", "І", "Ӏ", "Ι": true
        default: false
        }
    }
}
