/// A code as a person types it: spaces, dashes and dots are dropped, digits of other scripts are read as what they are.
enum CodeInput {
    /// Why what was typed can be no code of ours; nothing of it is counted.
    enum Problem: String, Error, Equatable, Sendable, CaseIterable {
        case empty, notDigits, tooShort, tooLong
    }

    static let lengths = 4...10

    /// The ASCII digits of `text`.
    static func read(_ text: String) -> Result<String, Problem> {
        guard text.utf8.count <= 128 else { return .failure(.tooLong) }
        var digits = ""
        for scalar in text.unicodeScalars {
            if let value = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil {
                digits.append(String(Int(value)))
            } else if !isSeparator(scalar) {
                return .failure(.notDigits)
            }
        }
        if digits.isEmpty { return .failure(.empty) }
        if digits.utf8.count < lengths.lowerBound { return .failure(.tooShort) }
        return digits.utf8.count > lengths.upperBound ? .failure(.tooLong) : .success(digits)
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .dashPunctuation, .format: true
        default: scalar == "." || scalar == "\u{2212}" || scalar.properties.isWhitespace
        }
    }
}
