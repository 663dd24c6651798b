/// One typographic quote makes a whole text UCS-2 and doubles its price: it is replaced by what a typewriter had.
public enum PlainPunctuation {
    /// The text with plain quotes, dashes, dots and spaces where that makes it GSM-7; any other as it is, since it
    /// gains nothing.
    public static func applied(to text: String) -> String {
        guard Segments(of: text).encoding == .ucs2 else { return text }
        let result = plain(text)
        return Segments(of: result).encoding == .gsm7 ? result : text
    }

    /// With plain marks in any case: what people see is much the same.
    static func plain(_ text: String) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                plain.append(contentsOf: replacement.unicodeScalars)
            } else if scalar.properties.generalCategory == .dashPunctuation {
                plain.append("-")
            } else if scalar.properties.generalCategory == .spaceSeparator {
                plain.append(" ")
            } else {
                plain.append(scalar)
            }
        }
        return String(plain)
    }

    private static let replacements: [Unicode.Scalar: String] = [
        "\u{2018}": "'", "\u{2019}": "'", "\u{201A}": "'", "\u{201B}": "'", "\u{2032}": "'", "\u{B4}": "'", "`": "'",
        "\u{2039}": "'", "\u{203A}": "'", "\u{201C}": "\"", "\u{201D}": "\"", "\u{201E}": "\"", "\u{201F}": "\"",
        "\u{2033}": "\"", "\u{AB}": "\"", "\u{BB}": "\"", "\u{2212}": "-", "\u{2022}": "-", "\u{B7}": "-",
        "\u{2026}": "...", "\u{200B}": "", "\u{200C}": "", "\u{200D}": "", "\u{2060}": "", "\u{FEFF}": "", "\u{AD}": "",
        "\t": " ", "\u{2028}": "\n", "\u{2029}": "\n",
    ]
}
