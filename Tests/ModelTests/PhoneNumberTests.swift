import Testing

@testable import Model

@Suite("Phone numbers as people type them")
struct PhoneNumberTests {
    static func e164(_ raw: String, _ country: String?) -> String? {
        switch PhoneNumber.normalise(raw, country: country) {
        case .success(let number): number.e164
        case .failure: nil
        }
    }

    static func problem(_ raw: String, _ country: String?) -> PhoneProblem? {
        switch PhoneNumber.normalise(raw, country: country) {
        case .success: nil
        case .failure(let problem): problem
        }
    }

    @Test(
        "A leading plus or 00 needs no country",
        arguments: [
            ("+15035550142", "+15035550142"), ("+1 (503) 555-0142", "+15035550142"),
            ("00447400123456", "+447400123456"),
            ("00 44 7400 123456", "+447400123456"), ("\u{FF0B}44 7400 123456", "+447400123456"),
            ("tel:+49-1512-3456789", "+4915123456789"), ("+39 06 1234 5678", "+390612345678"),
            ("+44 (0)7400 123456", "+447400123456"), ("+7 (8) 912 345-67-89", "+79123456789"),
            ("+870 773 111 632", "+870773111632"), ("(+91) 81234 56789", "+918123456789"),
        ])
    func international(raw: String, e164: String) {
        for country in [nil, "DE", "XX"] { #expect(Self.e164(raw, country) == e164) }
    }

    @Test(
        "A national number belongs to the country, without its national prefix",
        arguments: [
            ("081234 56789", "IN", "+918123456789"), ("07400 123456", "GB", "+447400123456"),
            ("050 123 4567", "AE", "+971501234567"), ("0301 2345678", "PK", "+923012345678"),
            ("090-1234-5678", "JP", "+819012345678"), ("010 123 4567", "NL", "+31101234567"),
            ("1 503 555 0142", "US", "+15035550142"), ("503.555.0142", "us", "+15035550142"),
            ("8 (912) 345-67-89", "RU", "+79123456789"), ("06 20 123 4567", "HU", "+36201234567"),
            ("06 1234 5678", "IT", "+390612345678"), ("312 345 6789", "IT", "+393123456789"),
            ("55 1234 5678", "MX", "+525512345678"), ("0151 23456789", "DE", "+4915123456789"),
        ])
    func national(raw: String, country: String, e164: String) {
        #expect(Self.e164(raw, country) == e164)
    }

    @Test(
        "The country's calling code may stand there without a plus",
        arguments: [
            ("2348021234567", "NG", "+2348021234567"), ("234 (0)802 123 4567", "NG", "+2348021234567"),
            ("918123456789", "IN", "+918123456789"), ("447400123456", "GB", "+447400123456"),
            ("971501234567", "AE", "+971501234567"), ("79123456789", "RU", "+79123456789"),
        ])
    func callingCodeWithoutPlus(raw: String, country: String, e164: String) {
        #expect(Self.e164(raw, country) == e164)
    }

    @Test("A national number that begins like the calling code stays national")
    func looksLikeCallingCode() {
        #expect(Self.e164("9123456789", "IN") == "+919123456789")
        #expect(Self.e164("0491 234 5678", "IT") == "+3904912345678")
    }

    @Test(
        "Digits of other scripts, marks, separators, labels and extensions are no obstacle",
        arguments: [
            ("٠٥٠١٢٣٤٥٦٧", "AE"), ("۰۵۰۱۲۳۴۵۶۷", "AE"), ("０５０－１２３－４５６７", "AE"), ("\u{202A}050 123 4567\u{202C}", "AE"),
            ("\u{A0}050\u{2011}123\u{2013}4567\u{200B}", "AE"), ("050/123.4567", "AE"), ("Mob. 050 123 4567", "AE"),
            ("Tel: 050 123 4567", "AE"), ("050 123 4567 ext. 12", "AE"), ("050 123 4567 x12", "AE"),
            ("050 123 4567#12", "AE"), ("050 123 4567;ext=12", "AE"), ("050 123 4567, 12", "AE"),
        ])
    func writing(raw: String, country: String) {
        #expect(Self.e164(raw, country) == "+971501234567")
    }

    @Test(
        "What is no number says why",
        arguments: [
            ("", "US", .missing), (" \u{A0} ", "US", .missing), ("  \u{200E}- ", "US", .unparseable),
            ("none", "US", .unparseable),
            ("+", "US", .unparseable), ("555-555-SHIP", "US", .tooShort),
            ("503 555 0142 / 503 555 0143 ask Jim", "US", .ambiguous), ("555+5550142", "US", .unparseable),
            ("555 0142", "US", .localOnly), ("+1 503 555", nil, .tooShort), ("+1503555014200", nil, .tooLong),
            ("999 555 0142", "US", .unassigned), ("1", "AE", .unparseable), ("20 1234 5678", "GM", .tooLong),
            ("1234 5678", "GM", .impossibleLength), ("503 555 0142", nil, .unknownCountry),
            ("503 555 0142", "XX", .unknownCountry), ("+999 123 4567", nil, .unknownCountry),
            ("+0 123 4567", "US", .unknownCountry), ("000", "US", .tooShort), ("00", "US", .tooShort),
        ] as [(String, String?, PhoneProblem)])
    func problems(raw: String, country: String?, problem: PhoneProblem) {
        #expect(Self.problem(raw, country) == problem)
    }

    @Test("No text, however long or odd, is more than a problem")
    func hostile() {
        let texts = [
            String(repeating: "9", count: 100_000), String(repeating: "+", count: 1000), "\u{0}", "1\u{0}2",
            String(repeating: "x1", count: 5000), "½⅓²", "𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡𝟘",
        ]
        for text in texts where text != texts.last { #expect(Self.e164(text, "US") == nil) }
        #expect(Self.e164("𝟝𝟘𝟛𝟝𝟝𝟝𝟘𝟙𝟜𝟚", "US") == "+15035550142")
    }

    @Test("The country is the one of the number, also where codes are shared")
    func country() throws {
        func country(_ raw: String, _ hint: String?) throws -> String? {
            try PhoneNumber.normalise(raw, country: hint).get().country
        }
        #expect(try country("+15035550142", nil) == "US")
        #expect(try country("+15035550142", "ca") == "US")
        #expect(try country("+1 416 555 0142", "US") == "CA")
        #expect(try country("+1 876 555 0142", nil) == "JM")
        #expect(try country("07781 123456", "GB") == "GG")
        #expect(try country("+870773111632", nil) == nil)
    }

    @Test(
        "What is rewritten when a country is dialled is rewritten",
        arguments: [
            ("011 15-2345-6789", "AR", "+5491123456789"), ("0351 15 312-3456", "AR", "+5493513123456"),
            ("8 0 29 491 19 11", "BY", "+375294911911"),
        ])
    func rewritten(raw: String, country: String, e164: String) {
        #expect(Self.e164(raw, country) == e164)
    }

    @Test(
        "Numbers that get no codes are told by their type, whatever a shop allows",
        arguments: [
            ("+18005550199", NumberType.tollFree), ("+19005550199", .premium), ("+448700123456", .premium),
            ("+979123456789", .premium), ("+80812345678", .shared), ("+80012345678", .tollFree),
        ])
    func refused(e164: String, type: NumberType) {
        let number = PhoneNumber(e164: e164)
        #expect(number?.type == type)
        #expect(number?.type.isRefused(allowing: Set(NumberType.allCases)) == true)
    }

    @Test("Fixed lines and internet telephony get codes where a shop allows them, mobile numbers anywhere")
    func allowed() {
        for type in [NumberType.fixedLine, .voip] {
            #expect(type.isRefused(allowing: []))
            #expect(!type.isRefused(allowing: [type]))
            #expect(type.isRefused(allowing: [type == .voip ? .fixedLine : .voip]))
        }
        for type in [NumberType.mobile, .fixedLineOrMobile] { #expect(!type.isRefused(allowing: [])) }
    }

    @Test(
        "A number prints masked: calling code, five stars, four digits at most",
        arguments: [
            ("+15035554567", "+1*****4567"), ("+447400123456", "+44*****3456"), ("+2348021234567", "+234*****4567"),
            ("+24740148", "+247*****48"), ("+6907290", "+690*****90"),
        ])
    func masks(e164: String, masked: String) throws {
        let number = try #require(PhoneNumber(e164: e164))
        var dumped = ""
        dump(number, to: &dumped)
        #expect(number.masked == masked)
        for text in ["\(number)", String(reflecting: number), "\([number])", dumped] {
            #expect(text.contains(masked))
            #expect(!text.contains(e164.dropFirst(4)))
        }
        #expect(PhoneNumber.mask(e164) == masked)
    }

    @Test(
        "A text that is no number is masked whole",
        arguments: ["", "+", "5035554567", "+1503x55", "+999123456", "name"])
    func masksAnything(text: String) {
        #expect(PhoneNumber.mask(text) == "*****")
    }

    @Test(
        "Only E.164 makes a number without a country",
        arguments: ["", "+", "15035550142", "+1 5035550142", "+1503", "+44 07400123456"])
    func notE164(text: String) {
        #expect(PhoneNumber(e164: text) == nil)
    }
}
