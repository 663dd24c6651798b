import Testing

@testable import Verifier

@Suite("Questions that wait for their owner")
struct BacklogTests {
    private static func fill(_ backlog: inout Backlog, _ count: Int, at now: Int64, from first: Int = 0) -> Int {
        (first..<first + count).count { backlog.admit("q\($0)", isGuess: true, partition: Int32($0 % 4), now: now) }
    }

    @Test("are let in while none has waited long")
    func calm() {
        var backlog = Backlog()
        for number in 0..<10_000 {
            let now = Int64(number)
            let isAdmitted = backlog.admit("q\(number)", isGuess: true, partition: 1, now: now)
            #expect(isAdmitted)
            backlog.leave("q\(number)", isAnswered: true, now: now + 1)
        }
        #expect(backlog.count == 0)
    }

    @Test("are refused while one of the same partition waits for 800 ms, and those of other partitions are not")
    func behind() {
        var backlog = Backlog()
        let first = backlog.admit("old", isGuess: true, partition: 1, now: 0)
        let early = backlog.admit("a", isGuess: true, partition: 1, now: 799)
        let late = backlog.admit("b", isGuess: true, partition: 1, now: 800)
        let elsewhere = backlog.admit("c", isGuess: true, partition: 2, now: 800)
        #expect([first, early, late, elsewhere] == [true, true, false, true])
        backlog.leave("old", isAnswered: true, now: 900)
        let afterwards = backlog.admit("d", isGuess: true, partition: 1, now: 900)
        #expect(afterwards)
    }

    @Test("are bounded in number while nothing is known of the pace, when they are guesses; looks are not")
    func bounded() {
        var backlog = Backlog()
        #expect(Self.fill(&backlog, 500, at: 10) == Backlog.floor)
        let look = backlog.admit("look", isGuess: false, partition: 1, now: 10)
        #expect(look)
    }

    @Test("may be as many again as were answered in the last second, and the floor once that is long ago")
    func pace() {
        var backlog = Backlog()
        for number in 0..<200 {
            _ = backlog.admit("q\(number)", isGuess: true, partition: 0, now: 100)
            backlog.leave("q\(number)", isAnswered: true, now: 100)
        }
        #expect(Self.fill(&backlog, 500, at: 1_100) == 200)
        for number in 0..<500 { backlog.leave("q\(number)", isAnswered: false, now: 1_200) }
        #expect(backlog.count == 0)
        #expect(Self.fill(&backlog, 500, at: 3_100) == Backlog.floor)
    }

    @Test("that fail make room but count as no answer, and leaving twice is leaving once")
    func failures() {
        var backlog = Backlog()
        _ = backlog.admit("a", isGuess: true, partition: 0, now: 0)
        backlog.leave("a", isAnswered: false, now: 1)
        backlog.leave("a", isAnswered: true, now: 1)
        #expect(backlog.count == 0)
        #expect(Self.fill(&backlog, 500, at: 2) == Backlog.floor)
    }
}
