import Testing

@testable import Sandbox

@Suite("Segments of a text")
struct SegmentsTests {
    @Test(
        "are counted as carriers do",
        arguments: [
            ("", 0), ("a", 1), (String(repeating: "a", count: 160), 1), (String(repeating: "a", count: 161), 2),
            (String(repeating: "a", count: 306), 2), (String(repeating: "a", count: 307), 3),
            (String(repeating: "€", count: 80), 1), (String(repeating: "€", count: 81), 2),
            (String(repeating: "a", count: 152) + "€aaaaaaa", 2),
            (String(repeating: "ё", count: 70), 1), (String(repeating: "ё", count: 71), 2),
            (String(repeating: "ё", count: 135), 3), (String(repeating: "😜", count: 35), 1),
            (String(repeating: "a", count: 66) + "😜aaa", 2), ("Il tuo codice è 123456", 1),
        ])
    func counts(_ text: String, _ segments: Int) {
        #expect(Segments.count(of: text) == segments)
    }
}
