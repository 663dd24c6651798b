/// What the simple rules know of numbering plans: for each calling code its countries, main one first, with national
/// prefix and possible lengths of the national number. Read once from the table beside this file.
struct PhonePlan: Sendable {
    struct Country: Sendable {
        let code: String
        /// The digits dialled before a national number inside the country (`0`, `1`, `8`, `06`); empty where none.
        let nationalPrefix: [UInt8]
        let lengths: Lengths
        let mobileLengths: Lengths
    }

    /// A set of lengths 1…17.
    struct Lengths: Sendable {
        private(set) var bits: UInt32 = 0

        func contains(_ length: Int) -> Bool { (0..<32).contains(length) && bits & (1 << UInt32(length)) != 0 }
        var minimum: Int { bits.trailingZeroBitCount }
        var maximum: Int { 31 - bits.leadingZeroBitCount }

        func union(_ other: Lengths) -> Lengths { Lengths(bits: bits | other.bits) }

        init(bits: UInt32 = 0) { self.bits = bits }

        /// `7,9-10`, or `-` for none.
        init(parsing text: Substring) {
            for part in text.split(separator: ",") {
                let ends = part.split(separator: "-").compactMap { Int($0) }
                guard let first = ends.first, let last = ends.last else { continue }
                for length in first...last { bits |= 1 << UInt32(length) }
            }
        }
    }

    let callingCode: Int
    let countries: [Country]
    /// What is possible in any of the countries.
    let lengths: Lengths

    var codeDigits: Int { callingCode < 10 ? 1 : callingCode < 100 ? 2 : 3 }

    /// The plan of the calling code these ASCII digits begin with (codes are prefix-free, one to three digits).
    static func leading(_ digits: some Sequence<UInt8>) -> PhonePlan? {
        var code = 0
        for digit in digits.prefix(3) {
            code = code * 10 + Int(digit - 0x30)
            if code == 0 { return nil }
            if let plan = byCode[code] { return plan }
        }
        return nil
    }

    /// The plan a country belongs to, and the country in it. Case does not matter.
    static func of(country: String) -> (plan: PhonePlan, country: Country)? {
        let wanted = country.uppercased()
        guard let code = codeByCountry[wanted], let plan = byCode[code],
            let entry = plan.countries.first(where: { $0.code == wanted })
        else { return nil }
        return (plan, entry)
    }

    private static let byCode: [Int: PhonePlan] = parse(table)
    private static let codeByCountry: [String: Int] = byCode.values.reduce(into: [:]) { codes, plan in
        for country in plan.countries { codes[country.code] = plan.callingCode }
    }

    private static func parse(_ table: String) -> [Int: PhonePlan] {
        var countries: [Int: [Country]] = [:]
        for line in table.split(separator: "\n") {
            let halves = line.split(separator: ":")
            guard halves.count == 2, let code = Int(halves[0]) else { continue }
            for entry in halves[1].split(separator: ";") {
                let fields = entry.split(separator: " ")
                guard fields.count == 4 else { continue }
                let country = Country(
                    code: String(fields[0]), nationalPrefix: fields[1] == "-" ? [] : Array(fields[1].utf8),
                    lengths: Lengths(parsing: fields[2]), mobileLengths: Lengths(parsing: fields[3]))
                countries[code, default: []].append(country)
            }
        }
        return countries.reduce(into: [:]) { plans, entry in
            let lengths = entry.value.reduce(Lengths()) { $0.union($1.lengths) }
            plans[entry.key] = PhonePlan(callingCode: entry.key, countries: entry.value, lengths: lengths)
        }
    }
}
