import Base
import Foundation
import Testing

@Suite("DeadlineQueue")
struct DeadlineQueueTests {
    @Test("what is due comes out in order of time, the rest stays")
    func order() {
        var queue = DeadlineQueue<String>()
        for (key, at) in [("c", 30), ("a", 10), ("d", 40), ("b", 20)] { queue.set(key, at: Int64(at)) }
        #expect(queue.earliest() == 10)
        #expect(queue.popDue(now: 9).isEmpty)
        #expect(queue.popDue(now: 30).map(\.key) == ["a", "b", "c"])
        #expect(queue.count == 1)
        #expect(queue["d"] == 40)
        #expect(queue.earliest() == 40)
    }

    @Test("a key has one deadline: moving it earlier or later replaces it, removing ends it")
    func moves() {
        var queue = DeadlineQueue<String>()
        queue.set("a", at: 10)
        queue.set("a", at: 50)
        queue.set("b", at: 40)
        queue.set("b", at: 5)
        queue.set("c", at: 7)
        queue.remove("c")
        #expect(queue.popDue(now: 45).map(\.key) == ["b"])
        #expect(queue.popDue(now: 50).map(\.key) == ["a"])
        #expect(queue.count == 0)
        #expect(queue.earliest() == nil)
    }

    @Test("a key that goes away and comes back at the same time comes out once")
    func comesBack() {
        var queue = DeadlineQueue<String>()
        queue.set("a", at: 5)
        queue.remove("a")
        queue.set("a", at: 5)
        #expect(queue.popDue(now: 5).map(\.key) == ["a"])
        #expect(queue.popDue(now: 5).isEmpty)
    }

    @Test("no more than the limit comes out at once, and nothing is lost")
    func limit() {
        var queue = DeadlineQueue<Int>()
        for key in 0..<10 { queue.set(key, at: Int64(key)) }
        #expect(queue.popDue(now: 100, limit: 0).isEmpty)
        #expect(queue.popDue(now: 100, limit: 4).map(\.key) == [0, 1, 2, 3])
        #expect(queue.popDue(now: 100).map(\.key) == [4, 5, 6, 7, 8, 9])
    }

    @Test("does what a plain dictionary does, over random changes", arguments: [1, 2, 3, 4] as [UInt64])
    func sameAsNaive(seed: UInt64) {
        var random = Xorshift(seed)
        var queue = DeadlineQueue<Int>()
        var naive: [Int: Int64] = [:]
        var now: Int64 = 0
        for _ in 0..<20_000 {
            let key = Int.random(in: 0..<500, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<6:
                let at = now + Int64.random(in: -20..<1000, using: &random)
                queue.set(key, at: at)
                naive[key] = at
            case 6..<8:
                queue.remove(key)
                naive[key] = nil
            default:
                now += Int64.random(in: 0..<30, using: &random)
                let limit = Int.random(in: 0..<40, using: &random)
                let due = queue.popDue(now: now, limit: limit)
                let expected = naive.filter { $0.value <= now }.map(\.value).sorted().prefix(limit)
                #expect(due.map(\.at) == Array(expected))
                for (key, at) in due {
                    #expect(naive[key] == at)
                    naive[key] = nil
                }
            }
            #expect(queue.count == naive.count)
        }
        #expect(queue.earliest() == naive.values.min())
    }

    @Test(
        "a million timers: what they take (OTP_BENCHMARK=1)",
        .enabled(if: ProcessInfo.processInfo.environment["OTP_BENCHMARK"] == "1"))
    func benchmark() {
        let ids = (0..<1_000_000).map { _ in UUID() }
        var random = Xorshift(7)
        let before = residentBytes()
        var queue = DeadlineQueue<UUID>()
        let clock = ContinuousClock()
        let filled = clock.measure {
            for id in ids { queue.set(id, at: Int64.random(in: 0..<1000, using: &random)) }
        }
        let bytes = (residentBytes() - before) / ids.count
        var popped = 0
        let emptied = clock.measure {
            while queue.count > 0 { popped += queue.popDue(now: 1000, limit: 1000).count }
        }
        print("1,000,000 timers: set \(filled), \(bytes) bytes each, popped \(popped) in \(emptied)")
    }

    private func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4096
    }
}

/// The same numbers at every run.
struct Xorshift: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
