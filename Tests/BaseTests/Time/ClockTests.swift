import Base
import Testing

@Suite("Backoff and clocks")
struct ClockTests {
    private let backoff = Backoff(base: .milliseconds(100), factor: 2, cap: .seconds(5), jitter: 0.5)

    @Test(
        "without its random part a delay doubles up to the cap",
        arguments: [
            (-1, 100), (0, 100), (1, 100), (2, 200), (3, 400), (6, 3200), (7, 5000), (8, 5000), (1000, 5000),
            (Int.max, 5000),
        ])
    func growth(attempt: Int, milliseconds: Int) {
        let steady = Backoff(base: .milliseconds(100), factor: 2, cap: .seconds(5), jitter: 0)
        #expect(steady.delay(attempt: attempt, random: 0.7) == .milliseconds(milliseconds))
    }

    @Test("the random part stays within its share, below the whole delay", arguments: 1..<12)
    func jitter(attempt: Int) {
        let whole = Backoff(base: .milliseconds(100), factor: 2, cap: .seconds(5), jitter: 0)
            .delay(attempt: attempt, random: 0)
        #expect(backoff.delay(attempt: attempt, random: 0) == whole * 0.5)
        #expect(backoff.delay(attempt: attempt, random: 0.5) == whole * 0.75)
        for _ in 0..<100 {
            let delay = backoff.delay(attempt: attempt)
            #expect(delay >= whole * 0.5 && delay <= whole)
        }
    }

    @Test("a factor of one never grows, and ends at once for any attempt")
    func constant() {
        let constant = Backoff(base: .seconds(1), factor: 1, cap: .seconds(2), jitter: 0)
        #expect(constant.delay(attempt: 1_000_000_000, random: 0) == .seconds(1))
    }

    @Test("a manual clock moves only when it is moved")
    func manual() {
        let manual = ManualClock(1000)
        let clock = manual.clock
        #expect(clock.now() == 1000)
        manual.advance(by: .seconds(1.5))
        #expect(clock.now() == 2500)
        manual.set(7)
        #expect(clock.now() == 7)
    }

    @Test("the system's clock counts milliseconds since 1970")
    func system() {
        let first = Clock.system.now()
        #expect(first > 1_700_000_000_000 && first < 10_000_000_000_000)
        #expect(Clock.system.now() - first < 60_000)
    }

    @Test("the monotonic clock is the ticks in milliseconds")
    func monotonic() {
        let before = Ticks.now()
        let now = Clock.monotonic.now()
        #expect((before / 1_000_000...Ticks.now() / 1_000_000).contains(now))
    }
}
