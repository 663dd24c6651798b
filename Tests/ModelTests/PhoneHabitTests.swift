import Testing

@testable import Model

@Suite("Phone numbers of before a change of plan, and as forms fill them in")
struct PhoneHabitTests {
    @Test(
        "Mexican prefixes of before 2019 are no part of the number",
        arguments: [
            "+52 1 55 1234 5678", "+5215512345678", "0052 1 55 1234 5678", "52 1 55 1234 5678", "044 55 1234 5678",
            "045 55 1234 5678", "01 55 1234 5678", "+52 044 55 1234 5678", "+52 01 55 1234 5678",
            "+52 52 1 55 1234 5678",
            "+52 55 1234 5678", "55 1234 5678",
        ])
    func mexico(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "MX") == "+525512345678")
        if raw.hasPrefix("+") { #expect(PhoneNumberTests.e164(raw, "US") == "+525512345678") }
    }

    @Test("A 1 without Mexico's calling code is not taken away: the number may be another country's")
    func notMexico() {
        #expect(PhoneNumberTests.e164("1 415 555 0100", "MX") == nil)
        #expect(PhoneNumberTests.e164("+1 415 555 0100", "MX") == "+14155550100")
    }

    @Test(
        "The calling code twice is once",
        arguments: [
            ("+91 91 98765 43210", "IN", "+919876543210"), ("+919198765 43210", "IN", "+919876543210"),
            ("+91 +91 98765 43210", "IN", "+919876543210"), ("+91+919876543210", nil, "+919876543210"),
            ("+91 0091 98765 43210", "IN", "+919876543210"), ("0091 +91 98765 43210", "IN", "+919876543210"),
            ("0091 91 98765 43210", "IN", "+919876543210"), ("91 91 98765 43210", "IN", "+919876543210"),
            ("91 +91 98765 43210", "IN", "+919876543210"), ("8181 90 1234 5678", "JP", "+819012345678"),
            ("+91 091 98765 43210", "IN", "+919876543210"),
            ("(+91) +91 98765-43210", "IN", "+919876543210"), ("+91 (91) 98765 43210", "IN", "+919876543210"),
            ("+44 44 7400 123456", "GB", "+447400123456"), ("+44 +44 07400 123456", "GB", "+447400123456"),
            ("+1 +1 415 555 0100", "US", "+14155550100"), ("+1 1 415 555 0100", "US", "+14155550100"),
            ("+7 7 912 345 67 89", "RU", "+79123456789"), ("+49 +49 151 23456789", "DE", "+4915123456789"),
            ("+971 971 50 123 4567", "AE", "+971501234567"), ("+229 229 95 12 34 56", "BJ", "+2290195123456"),
            ("+54 54 11 2345 6789", "AR", "+5491123456789"),
        ] as [(String, String?, String)])
    func twice(raw: String, country: String?, e164: String) {
        #expect(PhoneNumberTests.e164(raw, country) == e164)
    }

    @Test(
        "A number that begins like its calling code stays whole, and two different codes are none",
        arguments: [
            ("+91 91234 56789", "IN", "+919123456789"), ("+39 391 234 5678", "IT", "+393912345678"),
            ("+1 +91 98765 43210", "US", nil),
        ] as [(String, String, String?)])
    func notTwice(raw: String, country: String, e164: String?) {
        #expect(PhoneNumberTests.e164(raw, country) == e164)
    }

    @Test(
        "A number of Argentina is texted with the 9, however it was typed",
        arguments: [
            "11 2345 6789", "011 2345-6789", "+54 11 2345 6789", "54 11 2345 6789", "0054 11 2345 6789",
            "+54 9 11 2345 6789", "9 11 2345 6789", "011 15 2345-6789", "+54 9 11 15 2345 6789", "+54 011 2345 6789",
        ])
    func argentina(raw: String) throws {
        let number = try PhoneNumber.normalise(raw, country: "AR").get()
        #expect(number.e164 == "+5491123456789")
        #expect(number.type == .mobile && number.country == "AR")
    }

    @Test("Numbers of Argentina that no mobile phone has stay as they are")
    func notMobile() {
        #expect(PhoneNumberTests.e164("0351 312-3456", "AR") == "+5493513123456")
        #expect(PhoneNumberTests.e164("0800-132-6926", "AR") == "+548001326926")
        #expect(PhoneNumber(e164: "+541123456789")?.type == .fixedLine)
    }

    @Test(
        "Eight digits in Benin and Ivory Coast are the new number",
        arguments: [
            ("95 12 34 56", "BJ", "+2290195123456"), ("+229 95123456", nil, "+2290195123456"),
            ("229 97 00 00 00", "BJ", "+2290197000000"), ("00229 61 23 45 67", "FR", "+2290161234567"),
            ("21 30 12 34", "BJ", "+2290121301234"), ("01 95 12 34 56", "BJ", "+2290195123456"),
            ("01 23 45 67", "CI", "+2250101234567"), ("+225 03 12 34 56", nil, "+2250103123456"),
            ("40 12 34 56", "CI", "+2250140123456"), ("53123456", "CI", "+2250153123456"),
            ("72 12 34 56", "CI", "+2250172123456"), ("04 12 34 56", "CI", "+2250504123456"),
            ("+225 45 12 34 56", "FR", "+2250545123456"), ("66 12 34 56", "CI", "+2250566123456"),
            ("84 12 34 56", "CI", "+2250584123456"), ("96 12 34 56", "CI", "+2250596123456"),
            ("07 12 34 56", "CI", "+2250707123456"), ("225 57 12 34 56", "CI", "+2250757123456"),
            ("88 12 34 56", "CI", "+2250788123456"), ("98 12 34 56", "CI", "+2250798123456"),
            ("20 34 43 73", "CI", "+2252720344373"), ("07 12 34 56 78", "CI", "+2250712345678"),
        ] as [(String, String?, String)])
    func plans(raw: String, country: String?, e164: String) {
        #expect(PhoneNumberTests.e164(raw, country) == e164)
    }

    @Test("Series that no operator had have no new number", arguments: ["60 12 34 56", "90 12 34 56", "99 12 34 56"])
    func noOperator(raw: String) {
        #expect(PhoneNumberTests.e164(raw, "CI") == nil)
    }

    @Test("What a number is given out as is read as the same number again")
    func stable() throws {
        for vector in try PhoneVectorTests.vectors() {
            guard let e164 = PhoneNumberTests.e164(vector.raw, vector.country) else { continue }
            #expect(PhoneNumberTests.e164(e164, nil) == e164 && PhoneNumber(e164: e164)?.e164 == e164)
        }
    }
}
