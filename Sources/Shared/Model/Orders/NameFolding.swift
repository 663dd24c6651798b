/// Makes letters the same that people take for the same: without accents, marks, width, or the spellings of one
/// keyboard.
enum NameFolding {
    enum Folded: Equatable {
        case letters(String)
        /// A mark or a sign that nobody sees.
        case nothing
        /// Ends a word.
        case gap
    }

    /// - Parameter scalar: of lower case.
    static func fold(_ scalar: Unicode.Scalar) -> Folded {
        let scalar = narrow(scalar)
        if let plain = plain[scalar] { return .letters(plain) }
        // The Arabic line that stretches a word is a letter by its category.
        guard scalar.value != 0x640 else { return .nothing }
        let category = scalar.properties.generalCategory
        if letters.contains(category) { return .letters(String(scalar)) }
        return [.nonspacingMark, .enclosingMark, .format].contains(category) ? .nothing : .gap
    }

    /// Letters and digits as wide as a Chinese character have their usual width.
    static func narrow(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value), let narrow = Unicode.Scalar(scalar.value - 0xFEE0) else {
            return scalar
        }
        return String(narrow).lowercased().unicodeScalars.first ?? narrow
    }

    private static let letters: Set<Unicode.GeneralCategory> = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber, .spacingMark,
    ]

    private static let plain: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [:]
        for (letters, plain) in alike {
            for scalar in letters.unicodeScalars { table[scalar] = plain }
        }
        return table
    }()

    /// Letters that are one scalar each.
    private static let alike: [(String, String)] = [
        ("àáâãäåāăąạảấầẩẫậắằẳẵặǎ", "a"), ("çćĉċč", "c"), ("ďđð", "d"), ("èéêëēĕėęěẹẻẽếềểễệə", "e"), ("ĝğġģ", "g"),
        ("ĥħ", "h"), ("ìíîïĩīĭįıỉị", "i"), ("ĵ", "j"), ("ķ", "k"), ("ĺļľŀł", "l"), ("ñńņňŉ", "n"),
        ("òóôõöøōŏőơọỏốồổỗộớờởỡợ", "o"), ("ŕŗř", "r"), ("śŝşšș", "s"), ("ţťŧț", "t"), ("ùúûüũūŭůűųưụủứừửữự", "u"),
        ("ŵ", "w"), ("ýÿŷỳỵỷỹ", "y"), ("źżž", "z"), ("æ", "ae"), ("œ", "oe"), ("ß", "ss"), ("þ", "th"),
        ("άἀἁὰ", "α"), ("έ", "ε"), ("ήὴ", "η"), ("ίϊΐ", "ι"), ("ό", "ο"), ("ύϋΰ", "υ"), ("ώ", "ω"), ("ς", "σ"),
        ("ё", "е"), ("й", "и"), ("ї", "і"), ("ґ", "г"), ("أإآٱ", "ا"), ("ة", "ه"), ("ىی", "ي"), ("ک", "ك"),
    ]
}
