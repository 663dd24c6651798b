import Testing

@testable import Kafka

@Suite("Messages that a daemon ended over")
struct StumbleBookTests {
    private static func book(_ notes: [(StumbleBook.Kind, ClosedRange<Int64>)]) -> StumbleBook {
        var book = StumbleBook()
        for (kind, offsets) in notes { _ = book.note(kind, offsets) }
        return book
    }

    /// What was noted, how the offset keeps it, and which message is not looked at again.
    static let cases: [(notes: [(StumbleBook.Kind, ClosedRange<Int64>)], text: String, hopeless: Int64?)] = [
        ([], "", nil),
        ([(.crashed, 10...20)], "crashed:10-20:1", nil),
        ([(.crashed, 10...10)], "crashed:10-10:1", nil),
        ([(.crashed, 10...20), (.crashed, 13...13)], "crashed:13-13:2", 13),
        ([(.stalled, 10...20), (.stalled, 20...20)], "stalled:20-20:2", 20),
        ([(.stalled, 7...7), (.stalled, 7...7), (.crashed, 7...7)], "stalled:7-7:2,crashed:7-7:1", 7),
        // Two reasons that have nothing to do with each other are not one.
        ([(.stalled, 10...20), (.crashed, 20...20)], "stalled:10-20:1,crashed:20-20:1", nil),
        ([(.stalled, 7...7), (.crashed, 7...7)], "stalled:7-7:1,crashed:7-7:1", nil),
        ([(.stalled, 7...7), (.crashed, 7...7), (.stalled, 7...7)], "crashed:7-7:1,stalled:7-7:2", 7),
        ([(.crashed, 5...20_005)], "crashed:5-10005:1", nil),
        // Another batch is another matter, and so is one that goes beyond what is known.
        ([(.crashed, 10...20), (.crashed, 30...40)], "crashed:10-20:1,crashed:30-40:1", nil),
        ([(.crashed, 10...20), (.stalled, 15...25)], "stalled:15-25:1", nil),
        ([(.crashed, 10...20), (.crashed, 10...20)], "crashed:10-20:2", nil),
        ([(.crashed, 3...3), (.crashed, 3...3), (.stalled, 9...9)], "crashed:3-3:2,stalled:9-9:1", 3),
    ]

    @Test("the first time it is the batch, the second time the message", arguments: cases.indices)
    func notes(index: Int) {
        let (notes, text, hopeless) = Self.cases[index]
        let book = Self.book(notes)
        #expect(book.text() == text)
        #expect(StumbleBook(text) == book)
        #expect((0...50).filter { book.hopeless($0) != nil } == (hopeless.map { [$0] } ?? []))
    }

    @Test("what is settled is no longer kept")
    func passed() {
        let book = Self.book([(.crashed, 10...20)])
        #expect(book.text(from: 20) == "crashed:10-20:1")
        #expect(book.text(from: 21) == "")
        #expect(book.last == 20 && StumbleBook().last == -1)
        var settled = book
        settled.drop(below: 20)
        #expect(settled == book)
        settled.drop(below: 21)
        #expect(settled == StumbleBook())
    }

    @Test(
        "what nobody of us wrote is no note",
        arguments: [
            "hello", "crashed", "crashed:1-2", "crashed:1-2:0", "crashed:1-2:-1", "crashed:2-1:1", "crashed:-1-2:1",
            "crashed:1:1", "crashed:1-2-3:1", "other:1-1:2", "crashed:99999999999999999999-1:2", "crashed:1-1:x", ",,",
            "stalled:0-9223372036854775807:1", "stalled:9223372036854775807-9223372036854775807:2",
            "crashed:0-10001:1",
        ])
    func foreign(text: String) { #expect(StumbleBook(text).stumbles == []) }

    @Test("the oldest go when there are too many")
    func bounded() {
        let book = Self.book((0..<40).map { (.crashed, Int64($0)...Int64($0)) })
        #expect(book.stumbles.count == StumbleBook.most)
        #expect(book.last == 39 && book.text().utf8.count < 1_000)
    }
}
