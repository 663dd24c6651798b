import Base
import Testing

@Suite("Durations in whole units")
struct DurationTests {
    @Test(
        "milliseconds are cut or rounded up, nanoseconds are cut",
        arguments: [
            (.zero, 0, 0, 0), (.seconds(2), 2000, 2000, 2_000_000_000),
            (.milliseconds(-1500), -1500, -1500, -1_500_000_000),
            (.microseconds(1500), 1, 2, 1_500_000), (.nanoseconds(1), 0, 1, 1),
            (Duration(secondsComponent: 0, attosecondsComponent: 1), 0, 1, 0),
            (Duration(secondsComponent: 3, attosecondsComponent: 999_999_999_999_999_999), 3999, 4000, 3_999_999_999),
        ] as [(Duration, Int64, Int64, Int64)])
    func units(duration: Duration, milliseconds: Int64, roundedUp: Int64, nanoseconds: Int64) {
        #expect(duration.milliseconds == milliseconds)
        #expect(duration.millisecondsRoundedUp == roundedUp)
        #expect(duration.nanoseconds == nanoseconds)
    }

    @Test("more nanoseconds than a number holds are the most it holds")
    func saturates() {
        #expect(Duration.seconds(Int64.max / 1_000_000_000 + 1).nanoseconds == .max)
        #expect(Duration.seconds(Int64.max).nanoseconds == .max)
        #expect(Duration.seconds(-Int64.max).nanoseconds == .min)
    }

    @Test("seconds keep their fraction")
    func seconds() {
        #expect(Duration.milliseconds(1250).seconds == 1.25)
        #expect(Duration.milliseconds(-1250).seconds == -1.25)
    }

    @Test(
        "ticks end at zero and at a thousand million seconds",
        arguments: [
            (.zero, 0), (.milliseconds(25), 25_000_000), (.seconds(-3), 0),
            (.seconds(Int64.max), 1_000_000_000_000_000_000),
        ] as [(Duration, Int64)])
    func ticks(duration: Duration, nanoseconds: Int64) {
        #expect(Ticks.of(duration) == nanoseconds)
    }

    @Test("a deadline passes, and never is further away than a polling call can wait")
    func deadlines() {
        #expect(Deadline.after(.zero).hasPassed)
        #expect(Deadline(nanoseconds: 0).milliseconds == 0)
        #expect(Deadline.after(.seconds(Int64.max)) == Deadline(nanoseconds: .max))
        #expect(Deadline.after(.seconds(Int64.max)).milliseconds == 3_600_000)
        let soon = Deadline.after(.seconds(60))
        #expect(!soon.hasPassed)
        #expect((59_000...60_000).contains(soon.milliseconds))
        #expect(soon < Deadline.after(.seconds(61)))
    }

    @Test(
        "intervals end for everybody at once, the one under way within its length",
        arguments: [1, 100, 1000] as [Int64])
    func intervals(milliseconds: Int64) {
        let before = Ticks.now()
        let end = Deadline.next(.milliseconds(milliseconds)).nanoseconds
        #expect(end > before && end <= Ticks.now() + milliseconds * 1_000_000)
        #expect(end % (milliseconds * 1_000_000) == 0)
    }
}
