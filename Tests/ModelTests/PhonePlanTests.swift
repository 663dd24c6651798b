import Testing

@testable import Model

@Suite("The table of numbering plans")
struct PhonePlanTests {
    static let entries = PhonePlan.table.split(separator: "\n").flatMap { line in
        line.split(separator: ":").last.map { $0.split(separator: ";") } ?? []
    }

    @Test("245 countries and nine codes of none are all read, each once")
    func complete() {
        let names = Self.entries.compactMap { $0.split(separator: " ").first }.filter { $0 != "001" }
        #expect(Self.entries.count == 254)
        #expect(Set(names).count == 245)
        for name in names { #expect(PhonePlan.of(country: String(name))?.country.code == String(name)) }
    }

    @Test("Every country has possible lengths that E.164 allows, and its mobile ones are among them")
    func lengths() throws {
        for entry in Self.entries {
            let fields = entry.split(separator: " ")
            #expect(fields.count == 4)
            let all = PhonePlan.Lengths(parsing: fields[2])
            let mobile = PhonePlan.Lengths(parsing: fields[3])
            #expect(all.bits != 0)
            #expect(all.union(mobile).bits == all.bits)
            #expect(all.minimum >= 3)
            #expect(all.maximum <= 17)
        }
    }

    @Test(
        "A calling code is found by one to three digits, the main country first",
        arguments: [
            ("15035550142", 1, "US"), ("447400123456", 44, "GB"), ("79123456789", 7, "RU"),
            ("2348021234567", 234, "NG"),
            ("390612345678", 39, "IT"), ("882", 882, "001"),
        ])
    func leading(digits: String, code: Int, main: String) {
        let plan = PhonePlan.leading(digits.utf8)
        #expect(plan?.callingCode == code)
        #expect(plan?.codeDigits == String(code).count)
        #expect(plan?.countries.first?.code == main)
    }

    @Test("No number begins with a code nobody has", arguments: ["", "0", "999", "21", "2", "0441234"])
    func nobody(digits: String) {
        #expect(PhonePlan.leading(digits.utf8) == nil)
    }

    @Test("Lengths are read from single numbers and ranges")
    func parsing() {
        let lengths = PhonePlan.Lengths(parsing: "7,9-11")
        #expect((0...40).filter(lengths.contains) == [7, 9, 10, 11])
        #expect(!lengths.contains(-1))
        #expect(lengths.minimum == 7)
        #expect(lengths.maximum == 11)
        #expect(PhonePlan.Lengths(parsing: "-").bits == 0)
    }
}
