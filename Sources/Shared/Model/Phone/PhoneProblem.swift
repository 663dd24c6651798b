/// Why a text is no phone number we can send to. Never carries the number itself, so it may be logged and counted.
public enum PhoneProblem: String, Error, Equatable, Sendable, CaseIterable {
    /// Nothing was typed.
    case missing
    /// No digits, or some that no number has.
    case unparseable
    /// Digits that may be the number's or another's, a remark's: nobody can say. Another country's plan can't say
    /// either.
    case ambiguous
    /// Fewer digits than any number of that country has.
    case tooShort
    /// More digits than any number of that country has (or than E.164 allows).
    case tooLong
    /// Between the shortest and the longest, but no number of that country is that long.
    case impossibleLength
    /// Without its area code: it can be dialled there, not from elsewhere.
    case localOnly
    /// As long as a number should be, but nobody has numbers like it.
    case unassigned
    /// A calling code nobody has, or a national number without a country that we know.
    case unknownCountry
}
