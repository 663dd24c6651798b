/// A code as a person types it: spaces, dashes and dots are dropped, digits of other scripts are read as what they are.
enum CodeInput {
    /// The ASCII digits of `text`; nil when it holds anything else, too few or too many.
    static func digits(of text: String, length: ClosedRange<Int> = 4...10) -> String? {
        guard text.utf8.count <= 128 else { return nil }
        var digits = ""
        for scalar in text.unicodeScalars {
            if let value = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil {
                digits.append(String(Int(value)))
            } else if !isSeparator(scalar) {
                return nil
            }
        }
        return length.contains(digits.utf8.count) ? digits : nil
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "-", ".", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{2014}", "\u{200E}", "\u{200F}": return true
        default: return scalar.properties.isWhitespace
        }
    }
}
