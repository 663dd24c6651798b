import Testing

@testable import Model

@Suite("Numbering plans")
struct PhonePlanTests {
    private static let lines = String(decoding: PackageResources.phone_plans_txt, as: UTF8.self)
        .split(separator: "\n").filter { !$0.hasPrefix("#") }

    @Test("every line is read, every pattern in it too")
    func table() {
        #expect(Self.lines.count == 254 && PhonePlans.count == 254)
        #expect(PhonePlans.allRegions.count == 245)
        for line in Self.lines {
            #expect(PhoneRegion(line: line) != nil)
            for field in line.split(separator: " ").dropFirst(2) {
                let parts = field.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, !["n", "o", "r"].contains(parts[0]) else { continue }
                #expect(DigitPattern(parts[1]) != nil, "\(line.prefix(6)) \(parts[0])")
            }
        }
    }

    @Test(
        "calling codes are found in front of digits",
        arguments: [("15035550142", 1), ("447400123456", 44), ("2348021234567", 234), ("870773111632", 870)])
    func codes(digits: String, code: Int) {
        #expect(PhonePlans.callingCode(of: digits.utf8)?.code == code)
    }

    @Test("what nobody has is no calling code", arguments: ["", "0", "999", "21", "210"])
    func noCode(digits: String) {
        #expect(PhonePlans.callingCode(of: digits.utf8) == nil)
    }

    @Test(
        "patterns match whole numbers only",
        arguments: [
            ("12", "12", true), ("12", "123", false), ("12", "1", false), ("[1-35]\\d", "29", true),
            ("[1-35]\\d", "49", false), ("1(?:2|3\\d)?", "1", true), ("1(?:2|3\\d)?", "134", true),
            ("1(?:2|3\\d)?", "13", false), ("9{2,4}1", "9991", true), ("9{2,4}1", "91", false),
            ("\\d{3}", "123", true), ("(?:1|12)3", "123", true), ("a", "a", false), ("1(", "1", false),
        ])
    func patterns(pattern: String, digits: String, isMatch: Bool) {
        #expect((DigitPattern(pattern)?.matches(Array(digits.utf8)) ?? false) == isMatch)
    }

    @Test("at the start as much as possible is taken, and groups remember what they took")
    func prefixes() throws {
        let pattern = try #require(DigitPattern("0?(?:(11|2\\d)15)?"))
        #expect(pattern.prefix(of: Array("01115234".utf8)) == .init(length: 5, groups: [1..<3]))
        #expect(pattern.prefix(of: Array("0111".utf8)) == .init(length: 1, groups: [nil]))
        #expect(pattern.prefix(of: Array("9".utf8)) == .init(length: 0, groups: [nil]))
        let local = try #require(DigitPattern("([2-9]\\d{6})$|1"))
        #expect(local.prefix(of: Array("5550142".utf8)) == .init(length: 7, groups: [0..<7]))
        #expect(local.prefix(of: Array("55501421".utf8)) == nil)
        #expect(local.prefix(of: Array("15550142".utf8)) == .init(length: 1, groups: [nil]))
    }
}
