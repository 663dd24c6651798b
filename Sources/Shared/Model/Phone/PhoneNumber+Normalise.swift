/// From what a person typed to E.164, by the rules of libphonenumber (beside this folder's table: what a number may
/// look like, how it is dialled, what is rewritten), and in a few places better: ``PhoneReading`` decides where a
/// number ends, ``PhoneHabits`` knows what people type that its country's plan no longer has.
extension PhoneNumber {
    /// - Parameters:
    ///   - raw: what a person typed.
    ///   - country: ISO 3166 alpha-2 of the address it came with; nil when there is none.
    public static func normalise(_ raw: String, country: String?) -> Result<PhoneNumber, PhoneProblem> {
        do throws(PhoneProblem) {
            let text = try PhoneText(raw)
            let home = country.flatMap(PhonePlans.region)
            guard !text.hasCarrierMark || home?.code == "BR" else { throw .unparseable }
            let number = try PhoneReading(text, home: home).number().get()
            guard !text.isDoubtful else { throw .ambiguous }
            return .success(number)
        } catch {
            return .failure(error)
        }
    }

    /// - Parameters:
    ///   - digits: ASCII.
    ///   - home: where they were typed.
    static func read(_ digits: [UInt8], hasPlus: Bool, home: PhoneRegion?) -> Result<PhoneNumber, PhoneProblem> {
        do throws(PhoneProblem) {
            let dialled = try Dialled(digits, hasPlus: hasPlus, home: home)
            do throws(PhoneProblem) {
                return .success(PhoneHabits.asTexted(try dialled.number()))
            } catch {
                for national in PhoneHabits.otherReadings(of: dialled) {
                    if case .success(let number) = Dialled(national, in: dialled).result {
                        return .success(PhoneHabits.asTexted(number))
                    }
                }
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    /// A number in E.164 form and as its plan has it; nothing is read into it.
    static func exact(_ text: String) -> PhoneNumber? {
        let digits = Array(text.utf8.dropFirst())
        guard text.utf8.first == UInt8(ascii: "+"), digits.count <= 15,
            digits.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        do throws(PhoneProblem) {
            let number = try Dialled(digits, hasPlus: true, home: nil).number()
            return number.e164 == text ? number : nil
        } catch {
            return nil
        }
    }
}

/// Digits as they were dialled, taken apart.
struct Dialled {
    /// The calling code's main region, or the one they were typed in.
    let region: PhoneRegion
    /// Whether the calling code was typed too.
    let hasCode: Bool
    /// What follows the calling code, the national prefix included.
    let rest: [UInt8]

    /// National digits of the same region.
    init(_ national: [UInt8], in other: Dialled) {
        (region, hasCode, rest) = (other.region, other.hasCode, national)
    }

    init(_ digits: [UInt8], hasPlus: Bool, home: PhoneRegion?) throws(PhoneProblem) {
        var (code, rest) = try Self.international(digits, hasPlus: hasPlus, home)
        if code == nil, hasPlus { (code, rest) = try Self.international(digits, hasPlus: false, home) }
        var region = home
        if let code, code != home?.callingCode { region = PhonePlans.main(callingCode: code) }
        guard let region, code != nil || !hasPlus else { throw .unknownCountry }
        (self.region, hasCode, self.rest) = (region, code != nil, rest)
    }

    /// The number these digits are by their country's plan.
    func number() throws(PhoneProblem) -> PhoneNumber {
        guard rest.count >= 2 else { throw .tooShort }
        var national = rest
        let stripped = region.withoutNationalPrefix(rest)
        if problem(stripped, region).map({ [.tooShort, .localOnly, .impossibleLength].contains($0) }) != true {
            national = stripped
        }
        guard national.count >= 2 else { throw .tooShort }
        guard national.count <= 17 else { throw .tooLong }
        let regions = PhonePlans.regions(callingCode: region.callingCode)
        guard let (owner, type) = Self.owner(of: national, regions) else {
            throw problem(national, regions.first ?? region) ?? .unassigned
        }
        let e164 = "+\(region.callingCode)" + String(decoding: national, as: UTF8.self)
        return PhoneNumber(e164: e164, country: owner.code == "001" ? nil : owner.code, type: type)
    }

    var result: Result<PhoneNumber, PhoneProblem> { Result { () throws(PhoneProblem) in try number() } }

    /// The calling code, where one was typed, and what follows it.
    private static func international(
        _ typed: [UInt8], hasPlus: Bool, _ home: PhoneRegion?
    ) throws(PhoneProblem) -> (Int?, [UInt8]) {
        var digits = typed
        var isAbroad = hasPlus
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
                if hasPlus { return (nil, digits) }
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

    private func problem(_ national: [UInt8], _ region: PhoneRegion) -> PhoneProblem? { Self.problem(national, region) }

    /// What is wrong with its length; nil when nothing is.
    private static func problem(_ national: [UInt8], _ region: PhoneRegion) -> PhoneProblem? {
        if region.localLengths.contains(national.count) { return .localOnly }
        if national.count < region.lengths.minimum { return .tooShort }
        if national.count > region.lengths.maximum { return .tooLong }
        return region.lengths.contains(national.count) ? nil : .impossibleLength
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
