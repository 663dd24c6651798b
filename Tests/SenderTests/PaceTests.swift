import Model
import Platforms
import Testing

@testable import Sender

@Suite("An account's rate and its destinations")
struct PaceTests {
    @Test("a second's worth leaves at once, the rest one after the other, and what was not used is not saved up")
    func schedule() {
        var pace = Pace(rate: 10)
        #expect((0..<10).map { _ in pace.place(now: 5_000) } == [Int64](repeating: 5_000, count: 10))
        #expect((0..<3).map { _ in pace.place(now: 5_000) } == [5_100, 5_200, 5_300])
        #expect(pace.place(now: 5_050) == 5_400)
        #expect((0..<10).map { _ in pace.place(now: 60_000) } == [Int64](repeating: 60_000, count: 10))
        #expect(pace.place(now: 60_000) == 60_100)
    }

    @Test("an instance with a quarter of the partitions has a quarter of the rate")
    func share() {
        var pace = Pace(rate: 8)
        pace.share = 0.25
        #expect((0..<4).map { _ in pace.place(now: 1_000) } == [1_000, 1_000, 1_500, 2_000])
    }

    @Test("without a bound nothing waits")
    func unbounded() {
        var pace = Pace(rate: 0)
        #expect((0..<1000).allSatisfy { _ in pace.place(now: 7) == 7 })
    }

    @Test("a destination takes three quarters of the places, so that a slow one leaves room for the others")
    func destinations() throws {
        let bench = try Bench()
        let gate = ProviderGate(
            clock: bench.clock.clock, metrics: bench.provider, log: bench.logic.log, concurrency: 4)
        for _ in 0..<3 { #expect(gate.ask("+1") == .granted) }
        #expect(gate.ask("+1") == .crowded(until: bench.clock.now + 250))
        #expect(gate.ask("+49") == .granted)
        gate.unasked("+1")
        #expect(gate.ask("+1") == .granted)
        #expect(gate.ask("+1") != .granted)
        #expect(!gate.note(.accepted(messageId: "SM1"), "+1"))
        #expect(gate.ask("+1") == .granted)
    }

    @Test("a provider takes no more than its places, so that one that hangs leaves those of the others")
    func places() throws {
        let bench = try Bench()
        let gate = ProviderGate(
            clock: bench.clock.clock, metrics: bench.provider, log: bench.logic.log, concurrency: 4)
        for destination in ["+1", "+49", "+1", "+49"] { #expect(gate.ask(destination) == .granted) }
        #expect(gate.ask("+33") == .crowded(until: bench.clock.now + 250))
        gate.unasked("+49")
        #expect(gate.ask("+33") == .granted)
        _ = gate.note(.accepted(messageId: "SM1"), "+1")
        #expect(gate.ask("+33") == .granted)
        #expect(gate.ask("+49") != .granted)
    }

    @Test("texts beyond the rate wait for their place and leave at its time, none is lost")
    func placed() async throws {
        let bench = try Bench()
        bench.gate = ProviderGate(
            clock: bench.clock.clock, metrics: bench.provider, log: bench.logic.log, rate: 2)
        for number in 1...5 { bench.deliver(.send(bench.request(number: number))) }
        var sent: [Int] = []
        for _ in 0..<4 {
            await bench.run()
            sent.append(bench.script.sent.all.count)
            bench.tick(after: .milliseconds(500))
        }
        #expect(sent == [2, 3, 4, 5])
    }
}
