/// The simple rules: leading `+` or `00`, else a national number of the given country with its national prefix dropped
/// or its calling code typed without a plus. Lengths are checked; patterns of valid numbers are not known here, and
/// rewriting rules (Argentina's `15`, a local number without area code) are refused by their length, not guessed.
extension PhoneNumber {
    /// - Parameters:
    ///   - raw: what a person typed.
    ///   - country: ISO 3166 alpha-2 of the address it came with; nil when there is none.
    public static func normalise(_ raw: String, country: String?) -> Result<PhoneNumber, PhoneProblem> {
        do throws(PhoneProblem) {
            let text = try PhoneText(raw)
            if text.hasPlus { return .success(try international(text.digits[...], hint: country)) }
            if text.digits.starts(with: [0x30, 0x30]) {
                return .success(try international(text.digits.dropFirst(2), hint: country))
            }
            guard let country, let found = PhonePlan.of(country: country) else { throw .unknownCountry }
            return .success(try national(text.digits[...], found.plan, found.country))
        } catch {
            return .failure(error)
        }
    }

    /// Digits that begin with a calling code.
    private static func international(_ digits: ArraySlice<UInt8>, hint: String?) throws(PhoneProblem) -> PhoneNumber {
        guard let plan = PhonePlan.leading(digits) else { throw .unknownCountry }
        let hinted = plan.countries.first { $0.code == hint?.uppercased() }
        guard let country = hinted ?? plan.countries.first else { throw .unknownCountry }
        // `+44 (0)7400 …`: people write the national prefix even here.
        let number = withoutPrefix(digits.dropFirst(plan.codeDigits), country, plan.lengths)
        return try checked(number, plan, country, plan.lengths)
    }

    /// Digits as dialled inside the country, or with its calling code in front and no plus.
    private static func national(
        _ digits: ArraySlice<UInt8>, _ plan: PhonePlan, _ country: PhonePlan.Country
    ) throws(PhoneProblem) -> PhoneNumber {
        let number = withoutPrefix(digits, country, country.lengths)
        if PhonePlan.leading(digits)?.callingCode == plan.callingCode {
            let rest = withoutPrefix(digits.dropFirst(plan.codeDigits), country, country.lengths)
            let onlyRestFits = !country.lengths.contains(number.count) && country.lengths.contains(rest.count)
            let onlyRestIsMobile =
                !country.mobileLengths.contains(number.count) && country.mobileLengths.contains(rest.count)
            if onlyRestFits || onlyRestIsMobile { return try checked(rest, plan, country, country.lengths) }
        }
        return try checked(number, plan, country, country.lengths)
    }

    /// Drops the national prefix. Where it is `0` no number begins with it; elsewhere (`1`, `8`) a number may, so it
    /// goes only if the whole has no possible length and the rest has one.
    private static func withoutPrefix(
        _ digits: ArraySlice<UInt8>, _ country: PhonePlan.Country, _ lengths: PhonePlan.Lengths
    ) -> ArraySlice<UInt8> {
        let prefix = country.nationalPrefix
        guard !prefix.isEmpty, digits.starts(with: prefix) else { return digits }
        let rest = digits.dropFirst(prefix.count)
        let onlyRestFits = !lengths.contains(digits.count) && lengths.contains(rest.count)
        return prefix == [0x30] || onlyRestFits ? rest : digits
    }

    private static func checked(
        _ national: ArraySlice<UInt8>, _ plan: PhonePlan, _ country: PhonePlan.Country, _ lengths: PhonePlan.Lengths
    ) throws(PhoneProblem) -> PhoneNumber {
        guard national.count >= lengths.minimum else { throw .tooShort }
        guard national.count <= lengths.maximum, plan.codeDigits + national.count <= 15 else { throw .tooLong }
        guard lengths.contains(national.count) else { throw .impossibleLength }
        let e164 = "+\(plan.callingCode)" + String(decoding: national, as: UTF8.self)
        return PhoneNumber(e164: e164, country: country.code == "001" ? nil : country.code)
    }
}
