import Testing

@testable import Model

@Suite("Kinds of numbers that get no codes")
struct NumberTypeTests {
    private static let kinds = [
        "premium_rate": NumberType.premium, "shared_cost": .shared, "personal_number": .personal, "pager": .pager,
        "uan": .uan, "voicemail": .voicemail, "toll_free": .tollFree,
    ]

    @Test(
        "all of the reference's premium, shared, personal, pager, UAN and toll-free numbers, and no mobile or fixed one"
    )
    func vectors() {
        let lines = String(decoding: PackageResources.number_type_vectors_txt, as: UTF8.self).split(separator: "\n")
        var wrong: [String] = []
        var seen = 0
        for line in lines where !line.hasPrefix("#") {
            let fields = line.split(separator: " ").map(String.init)
            seen += 1
            if NumberType.refused(fields[0]) != Self.kinds[fields[1]] { wrong.append("\(fields[1])") }
        }
        #expect(wrong == [])
        #expect(seen > 500)
    }

    @Test("every pattern of the table is read")
    func table() {
        let rules = NumberType.rules.values.flatMap { $0 }
        #expect(rules.count == 449)
        #expect(rules.allSatisfy { DigitPattern($0.pattern) != nil })
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
}
