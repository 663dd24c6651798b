import Platforms
import Testing

@testable import Sender

@Suite("The circuit breaker of a provider")
struct BreakerTests {
    private func opened() -> Breaker {
        var breaker = Breaker()
        for _ in 0..<Breaker.tolerated { breaker.failed(now: 0) }
        return breaker
    }

    @Test("a few failures are tolerated, five one after the other open it")
    func opens() {
        var breaker = Breaker()
        for _ in 0..<4 { breaker.failed(now: 0) }
        #expect(breaker.ask(now: 0) == nil)
        breaker.answered()
        for _ in 0..<4 { breaker.failed(now: 0) }
        #expect(breaker.state == .closed)
        breaker.failed(now: 0)
        #expect(breaker.state == .open(until: 5_000))
        #expect(breaker.ask(now: 4_999) == 5_000)
    }

    @Test("after its time one question alone is asked; its answer closes it")
    func probes() {
        var breaker = opened()
        #expect(breaker.ask(now: 5_000) == nil)
        #expect(breaker.state == .probing)
        #expect(breaker.ask(now: 5_000) == 6_000)
        breaker.answered()
        #expect(breaker == Breaker())
    }

    @Test("a question that fails opens it for twice as long, a minute at most")
    func doubles() {
        var breaker = opened()
        var pauses: [Int64] = []
        var now: Int64 = 5_000
        for _ in 0..<6 {
            #expect(breaker.ask(now: now) == nil)
            breaker.failed(now: now)
            guard case .open(let until) = breaker.state else { break }
            pauses.append(until - now)
            now = until
        }
        #expect(pauses == [10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
    }

    @Test("a question that was never asked leaves it to the next")
    func unasked() {
        var breaker = opened()
        #expect(breaker.ask(now: 5_000) == nil)
        breaker.unasked(now: 5_001)
        #expect(breaker.ask(now: 5_001) == nil)
        var closed = Breaker()
        closed.unasked(now: 1)
        #expect(closed == Breaker())
    }

    @Test("what has to be repaired opens it at once, and a late failure does not shorten that")
    func repair() {
        var breaker = Breaker()
        breaker.refused(until: 60_000)
        for _ in 0..<9 { breaker.failed(now: 0) }
        #expect(breaker.needsRepair)
        #expect(breaker.ask(now: 59_999) != nil)
        breaker.answered()
        #expect(!breaker.needsRepair)
    }
}
