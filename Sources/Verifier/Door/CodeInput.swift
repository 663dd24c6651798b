/// A code as a person types or pastes it: digits of any script are read as what they are, and whatever is no letter and
/// no number (blanks, dashes, quotes, commas, brackets, invisible marks) is dropped.
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
            if let digit = digit(scalar) {
                digits.append(digit)
            } else if !isSeparator(scalar) {
                return .failure(.notDigits)
            }
        }
        if digits.isEmpty { return .failure(.empty) }
        if digits.utf8.count < lengths.lowerBound { return .failure(.tooShort) }
        return digits.utf8.count > lengths.upperBound ? .failure(.tooLong) : .success(digits)
    }

    /// Of a number, from which zeros in front may be missing: at least as many digits as the shortest code has.
    static func read(number: Double) -> Result<TypedCode, Problem> {
        guard number >= 0, number == number.rounded() else { return .failure(.notDigits) }
        guard number < 1e10 else { return .failure(.tooLong) }
        let typed = TypedCode(digits: String(Int64(number)), mayLackZeros: true)
        return .success(TypedCode(digits: typed.filled(to: lengths.lowerBound) ?? typed.digits, mayLackZeros: true))
    }

    /// Also those in circles or raised, which have the value of one digit.
    private static func digit(_ scalar: Unicode.Scalar) -> String? {
        switch scalar.properties.numericType {
        case .decimal, .digit: scalar.properties.numericValue.map { String(Int($0)) }
        case .numeric, nil: nil
        @unknown default: nil
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .privateUse, .surrogate, .unassigned:
            false
        case .nonspacingMark, .spacingMark, .enclosingMark, .connectorPunctuation, .dashPunctuation, .openPunctuation,
            .closePunctuation, .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol,
            .currencySymbol, .modifierSymbol, .otherSymbol, .spaceSeparator, .lineSeparator, .paragraphSeparator,
            .control, .format:
            scalar != "\u{FFFD}"
        @unknown default: false
        }
    }
}

/// The digits of a code as they came, 4 to 10 of them.
struct TypedCode: Equatable, Sendable {
    var digits: String
    /// They were a number: zeros in front are lost.
    var mayLackZeros = false

    /// The code of `length` digits that they are the end of; nil where nothing can be missing.
    func filled(to length: Int) -> String? {
        let missing = length - digits.utf8.count
        return mayLackZeros && missing > 0 ? String(repeating: "0", count: missing) + digits : nil
    }
}
