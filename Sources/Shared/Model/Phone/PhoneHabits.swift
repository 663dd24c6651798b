/// What people type, and forms fill in, beside what their country's plan has: numbers of before a change of plan, the
/// calling code twice, a mobile number without its mark. Tried only where the plan has no number like the one typed.
enum PhoneHabits {
    /// Other national numbers that may have been meant, the likeliest first.
    static func otherReadings(of dialled: Dialled) -> [[UInt8]] {
        var readings = former(dialled.rest, dialled)
        if let once = withoutSecondCode(dialled) { readings += [once] + former(once, dialled) }
        return readings
    }

    /// The number a text is sent to. In Argentina each geographic number may be a mobile phone's; from abroad that one
    /// has a 9 in front, which many leave out, and a fixed line gets no texts either way (ENACOM, plan fundamental de
    /// numeración).
    static func asTexted(_ number: PhoneNumber) -> PhoneNumber {
        guard number.country == "AR", number.type == .fixedLine || number.type == .fixedLineOrMobile,
            number.e164.utf8.count == 13, let mobile = PhoneNumber.exact("+549" + number.e164.dropFirst(3)),
            mobile.type == .mobile
        else { return number }
        return mobile
    }

    /// `+91 91 98765 43210`, `+91 0091 98765 43210`, `9191 98765 43210`: filled in by a form that had it in front
    /// already.
    private static func withoutSecondCode(_ dialled: Dialled) -> [UInt8]? {
        let code = Array(String(dialled.region.callingCode).utf8)
        let rest = dialled.hasCode ? dialled.rest.drop { $0 == 0x30 } : dialled.rest[...]
        let prefix = dialled.hasCode ? code : code + code
        return rest.starts(with: prefix) ? Array(rest.dropFirst(prefix.count)) : nil
    }

    /// What a number of before the last change of plan is today.
    private static func former(_ national: [UInt8], _ dialled: Dialled) -> [[UInt8]] {
        switch dialled.region.code {
        case "MX": mexico(national, hasCode: dialled.hasCode)
        case "AR": argentina(national)
        case "BJ": benin(national)
        case "CI": ivoryCoast(national)
        default: []
        }
    }

    /// Until August 2019 mobile numbers were +52 1 from abroad, 044 and 045 within the country, and 01 stood before
    /// distant ones (IFT, plan técnico fundamental de numeración). A 1 without the calling code is another country's.
    private static func mexico(_ national: [UInt8], hasCode: Bool) -> [[UInt8]] {
        let prefixes = ["01", "044", "045"] + (hasCode ? ["1"] : [])
        return prefixes.filter { national.starts(with: $0.utf8) }.map { Array(national.dropFirst($0.utf8.count)) }
    }

    /// Both marks of a mobile number: the 9 of abroad and the 15 of the country.
    private static func argentina(_ national: [UInt8]) -> [[UInt8]] {
        national.first == UInt8(ascii: "9") ? [Array(national.dropFirst())] : []
    }

    /// Since 30 November 2024 each number has 01 in front (ARCEP Bénin; communication to the ITU, 24 April 2024).
    private static func benin(_ national: [UInt8]) -> [[UInt8]] {
        national.count == 8 ? [Array("01".utf8) + national] : []
    }

    /// Since 31 January 2021 a number begins with its operator's digits, told from the former number (ARTCI;
    /// communication to the ITU, 24 December 2020). Series that had no operator then have no new number.
    private static func ivoryCoast(_ national: [UInt8]) -> [[UInt8]] {
        operators.first { $0.former?.matches(national) == true }.map { [Array($0.prefix.utf8) + national] } ?? []
    }

    private static let operators: [(prefix: String, former: DigitPattern?)] = [
        ("01", DigitPattern(#"(?:0[1-3]|[457][0-3])\d{6}"#)),
        ("05", DigitPattern(#"[04-9][4-6]\d{6}"#)),
        ("07", DigitPattern(#"(?:[04-8][7-9]|9[78])\d{6}"#)),
        ("21", DigitPattern(#"2[0-3]8\d{5}"#)),
        ("25", DigitPattern(#"(?:2[0-4]|3[0-6])0\d{5}"#)),
        ("27", DigitPattern(#"(?:2(?:0[23]|1[2357]|2[45]|3[45]|4[3-5])|3(?:06|1[69]|[2-6]7))\d{5}"#)),
    ]
}
