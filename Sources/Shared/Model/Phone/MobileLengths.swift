/// How long mobile numbers are, where a country's plan has room for far shorter ones than anybody has: a number in
/// pieces would seem to end at each of them. In characters of E.164, the plus included.
struct MobileLengths: Sendable {
    /// The shortest in use.
    let least: Int
    /// Nearly all of them.
    let usual: ClosedRange<Int>

    /// Austria: KEM-V 2009, 0664 and others with six to eight digits; Finland: Traficom's plan, 040 and 050 with six to
    /// eight.
    private static let table: [String: MobileLengths] = [
        "AT": MobileLengths(least: 12, usual: 13...14),
        "FI": MobileLengths(least: 12, usual: 13...14),
    ]

    /// Nil where the plan itself is close enough.
    static func of(_ number: PhoneNumber) -> MobileLengths? {
        guard number.type == .mobile else { return nil }
        return number.country.flatMap { table[$0] }
    }
}
