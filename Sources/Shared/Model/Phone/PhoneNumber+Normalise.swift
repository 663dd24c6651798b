/// From what a person typed to E.164, by the rules of libphonenumber (beside this folder's table: what a number may look
/// like, how it is dialled, what is rewritten).
extension PhoneNumber {
    /// - Parameters:
    ///   - raw: what a person typed.
    ///   - country: ISO 3166 alpha-2 of the address it came with; nil when there is none.
    public static func normalise(_ raw: String, country: String?) -> Result<PhoneNumber, PhoneProblem> {
        do throws(PhoneProblem) {
            let text = try PhoneText(raw)
            let (code, region, national) = try parts(text, country.flatMap(PhonePlans.region))
            return .success(try checked(national, code, region))
        } catch {
            return .failure(error)
        }
    }

    /// Calling code, its main region (or the one it was typed in) and the national number.
    private static func parts(
        _ text: PhoneText, _ home: PhoneRegion?
    ) throws(PhoneProblem) -> (Int, PhoneRegion, [UInt8]) {
        var (code, rest) = try international(text, home)
        if code == nil, text.hasPlus { (code, rest) = try international(text.withoutPlus, home) }
        var region = home
        if let code, code != home?.callingCode { region = PhonePlans.main(callingCode: code) }
        guard let region, code != nil || !text.hasPlus else { throw .unknownCountry }
        guard rest.count >= 2 else { throw .tooShort }
        let stripped = region.withoutNationalPrefix(rest)
        if problem(stripped, region).map({ [.tooShort, .localOnly, .impossibleLength].contains($0) }) != true {
            rest = stripped
        }
        guard rest.count >= 2 else { throw .tooShort }
        guard rest.count <= 17 else { throw .tooLong }
        return (region.callingCode, region, rest)
    }

    /// The calling code, where one was typed, and what follows it.
    private static func international(
        _ text: PhoneText, _ home: PhoneRegion?
    ) throws(PhoneProblem) -> (Int?, [UInt8]) {
        var digits = text.digits
        var isAbroad = text.hasPlus
        if !isAbroad, let match = home?.internationalPrefix?.prefix(of: digits), match.length > 0 {
            let rest = Array(digits.dropFirst(match.length))
            if rest.first != UInt8(ascii: "0") { (digits, isAbroad) = (rest, true) }
        } else if !isAbroad, home == nil, digits.starts(with: [0x30, 0x30]) {
            // Where it was typed is not known: 00 is most countries' prefix (ITU-T E.164).
            (digits, isAbroad) = (Array(digits.dropFirst(2)), true)
        }
        if isAbroad {
            guard digits.count > 2 else { throw .tooShort }
            guard let (code, length) = PhonePlans.callingCode(of: digits) else {
                if text.hasPlus { return (nil, digits) }
                throw .unknownCountry
            }
            return (code, Array(digits.dropFirst(length)))
        }
        guard let home else { throw .unknownCountry }
        let own = Array(String(home.callingCode).utf8)
        guard digits.starts(with: own) else { return (nil, digits) }
        let rest = home.withoutNationalPrefix(Array(digits.dropFirst(own.count)))
        let onlyRestIsNumber = home.general?.matches(digits) != true && home.general?.matches(rest) == true
        guard onlyRestIsNumber || problem(digits, home) == .tooLong else { return (nil, digits) }
        return (home.callingCode, rest)
    }

    /// What is wrong with its length; nil when nothing is.
    private static func problem(_ national: [UInt8], _ region: PhoneRegion) -> PhoneProblem? {
        if region.localLengths.contains(national.count) { return .localOnly }
        if national.count < region.lengths.minimum { return .tooShort }
        if national.count > region.lengths.maximum { return .tooLong }
        return region.lengths.contains(national.count) ? nil : .impossibleLength
    }

    private static func checked(
        _ national: [UInt8], _ code: Int, _ typedIn: PhoneRegion
    ) throws(PhoneProblem) -> PhoneNumber {
        let regions = PhonePlans.regions(callingCode: code)
        guard let (region, type) = owner(of: national, regions) else {
            throw problem(national, regions.first ?? typedIn) ?? .unassigned
        }
        let e164 = "+\(code)" + String(decoding: national, as: UTF8.self)
        return PhoneNumber(e164: e164, country: region.code == "001" ? nil : region.code, type: type)
    }

    /// Which of the regions that share a calling code the number belongs to.
    private static func owner(of national: [UInt8], _ regions: [PhoneRegion]) -> (PhoneRegion, NumberType)? {
        if regions.count == 1 { return regions[0].type(of: national).map { (regions[0], $0) } }
        for region in regions {
            if let leading = region.leadingDigits {
                guard leading.prefix(of: national) != nil else { continue }
                return region.type(of: national).map { (region, $0) }
            }
            if let type = region.type(of: national) { return (region, type) }
        }
        return nil
    }
}

extension PhoneText {
    /// The same digits, as if typed without the plus.
    fileprivate var withoutPlus: PhoneText {
        PhoneText(digits: digits, hasPlus: false, callExtension: callExtension)
    }

    private init(digits: [UInt8], hasPlus: Bool, callExtension: String?) {
        self.digits = digits
        self.hasPlus = hasPlus
        self.callExtension = callExtension
    }
}
