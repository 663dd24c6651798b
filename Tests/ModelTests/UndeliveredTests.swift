import Model
import Testing

@Suite("A text reported as not delivered")
struct UndeliveredTests {
    private func undelivered(_ number: Int = 1, _ generation: Int = 1) -> VerificationCommand {
        .undelivered(UndeliveredText(number: number, generation: generation, reason: "30008", again: .anybody))
    }

    private func failed(_ number: Int, _ fault: Verification.Fault = .number) -> VerificationCommand {
        .failed(TextFailure(number: number, generation: 1, reason: "30005", fault: fault))
    }

    private static let report = UndeliveredText(number: 1, generation: 1, reason: "30008", again: .anybody)
    private static let unreached = VerificationEvent.expired(
        .init(cause: .undeliverable, fault: .ours, detail: "30008"))

    @Test("it ends nothing: the code is taken, another text may be asked for")
    func open() {
        var story = Story.sent()
        #expect(story.take(undelivered()) == [.textUndelivered(Self.report)])
        #expect(story.take(undelivered()) == [])
        #expect(story.state?.status == .pending)
        #expect(story.take(.resend, after: 60) == [.textAsked(number: 2, generation: 1), .answered(.resendAsked)])
        #expect(story.guess("right") == [.verified, .answered(.verified)])
        #expect(story.state?.detail == nil)
    }

    @Test("it can overtake the provider's answer, and is late for what was delivered or failed")
    func order() {
        var early = Story.opened()
        early.take(.challenged(Challenge(generation: 1, hash: "h")))
        #expect(
            early.take(undelivered()) == [
                .textSent(TextReport(number: 1, generation: 1)), .textUndelivered(Self.report),
            ])
        #expect(early.state?.timerStartedAt == early.now)
        #expect(early.take(.sent(TextReport(number: 1, generation: 1))) == [])
        var late = Story.sent()
        late.take(.delivered(TextReport(number: 1, generation: 1)))
        #expect(late.take(undelivered()) == [])
        #expect(late.take(undelivered(7)) == [])
    }

    @Test("nobody answers: undeliverable, ours, with the report's reason; never cancelled, whatever is asked for")
    func timer() {
        var story = Story.sent()
        story.take(undelivered(), after: 5)
        #expect(story.take(.timedOut(attendedSince: 0), after: 895) == [Self.unreached])
        #expect(story.state?.reason == "undeliverable" && story.state?.detail == "30008")
        #expect(story.take(.settle(.cancel)) == [.settlementIntended(.review)])
    }

    @Test("a true report heals it: the end is the shopper's silence again")
    func healed() {
        var story = Story.sent()
        story.take(undelivered(), after: 5)
        story.take(.delivered(TextReport(number: 1, generation: 1)), after: 60)
        #expect(story.state?.detail == nil)
        #expect(
            story.take(.timedOut(attendedSince: 0), after: 900) == [
                .expired(.init(cause: .timedOut, fault: nil))
            ])
        #expect(story.take(.settle(.cancel)) == [.settlementIntended(.cancel)])
    }

    @Test("a report after the end changes neither the end nor its reason")
    func afterwards() {
        var story = Story.sent()
        story.take(undelivered())
        story.take(.timedOut(attendedSince: 0), after: 900)
        story.take(.delivered(TextReport(number: 1, generation: 1)))
        #expect(story.state?.reason == "undeliverable" && story.state?.detail == "30008")
        var failing = Story.sent()
        failing.take(undelivered())
        failing.take(.timedOut(attendedSince: 0), after: 900)
        failing.take(failed(1))
        #expect(failing.take(.phoneChanged(Story.otherPhone)) == [])
        for var story in [story, failing] {
            #expect(story.take(.settle(.cancel)) == [.settlementIntended(.review)])
        }
    }

    @Test("of several texts one that may have arrived keeps it open; only failures for good end it at once")
    func several() {
        var story = Story.sent()
        story.take(undelivered())
        story.take(.resend, after: 60)
        #expect(story.take(failed(2)).count == 1)
        #expect(story.state?.status == .pending)
        var failing = story
        #expect(failing.take(failed(1)).last == .expired(.init(cause: .undeliverable, fault: .number, detail: "30005")))
        #expect(failing.take(.settle(.cancel)) == [.settlementIntended(.cancel)])
        #expect(story.take(.timedOut(attendedSince: 0), after: 900).last == Self.unreached)
    }

    @Test("a report of the number before says nothing of the one that is asked now")
    func formerPhone() {
        var story = Story.sent()
        story.take(.phoneChanged(Story.otherPhone))
        story.take(undelivered())
        #expect(story.state?.detail == nil)
        story.take(.challenged(Challenge(generation: 2, hash: "h")))
        story.take(.sent(TextReport(number: 2, generation: 2)))
        story.take(.undelivered(UndeliveredText(number: 2, generation: 2, reason: "30003", again: nil)))
        story.take(.delivered(TextReport(number: 1, generation: 1)))
        #expect(story.state?.detail == "30003")
        #expect(
            story.take(.timedOut(attendedSince: 0), after: 900) == [
                .expired(.init(cause: .undeliverable, fault: .ours, detail: "30003"))
            ])
    }

    @Test("another phone leaves the old one's reports behind")
    func otherPhone() {
        var story = Story.sent()
        story.take(undelivered())
        story.take(.phoneChanged(Story.otherPhone))
        #expect(story.state?.detail == nil)
        story.take(.challenged(Challenge(generation: 2, hash: "h")))
        story.take(.sent(TextReport(number: 2, generation: 2)))
        #expect(
            story.take(.timedOut(attendedSince: 0), after: 900) == [.expired(.init(cause: .timedOut, fault: nil))])
    }
}
