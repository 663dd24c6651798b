import Model
import Testing

@Suite("A verification's texts")
struct VerificationTextTests {
    private func report(_ number: Int, _ generation: Int = 1) -> TextReport {
        TextReport(number: number, generation: generation)
    }

    private func failure(_ number: Int, fault: Verification.Fault = .number) -> TextFailure {
        TextFailure(number: number, generation: 1, reason: "unreachable", fault: fault)
    }

    @Test("the first text failing for good ends it as undeliverable", arguments: [Verification.Fault.number, .ours])
    func firstFails(fault: Verification.Fault) {
        var story = Story.opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h")))
        #expect(
            story.take(.failed(failure(1, fault: fault))) == [
                .textFailed(failure(1, fault: fault)),
                .expired(.init(cause: .undeliverable, fault: fault, detail: "unreachable")),
            ])
        #expect(story.state?.reason == "undeliverable")
    }

    @Test("a failed resend never ends it while an earlier text may have arrived")
    func resendFails() {
        var story = Story.sent()
        story.take(.resend, after: 40)
        #expect(story.take(.failed(failure(2))) == [.textFailed(failure(2))])
        #expect(story.state?.status == .pending)
    }

    @Test("the last outstanding text failing with none delivered ends it, by the worst fault")
    func lastFails() {
        var story = Story.sent()
        story.take(.resend, after: 40)
        #expect(story.take(.failed(failure(1, fault: .ours))) == [.textFailed(failure(1, fault: .ours))])
        #expect(
            story.take(.failed(failure(2))) == [
                .textFailed(failure(2)), .expired(.init(cause: .undeliverable, fault: .ours, detail: "unreachable")),
            ])
    }

    @Test("reports may come twice, late and in any order")
    func reordered() {
        var story = Story.opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h")))
        #expect(story.take(.delivered(report(1))) == [.textSent(report(1)), .textDelivered(report(1))])
        #expect(story.take(.sent(report(1))) == [])
        #expect(story.take(.delivered(report(1))) == [])
        #expect(story.take(.failed(failure(1))) == [])
        #expect(story.state?.timerStartedAt == story.now)
    }

    @Test("a late sent after the end is told and moves no timer")
    func lateSent() {
        var story = Story.opened()
        story.take(.orderCancelled)
        #expect(story.take(.sent(report(1))) == [.textSent(report(1))])
        #expect(story.state?.timerStartedAt == nil)
        #expect(story.state?.status == .cancelled)
    }

    @Test("a resend carries the same code while it lives and a new generation afterwards")
    func resend() {
        var living = Story.sent()
        #expect(living.take(.resend, after: 30) == [.textAsked(number: 2, generation: 1), .answered(.resendAsked)])
        var dead = Story.sent()
        #expect(dead.take(.resend, after: 601) == [.textAsked(number: 2, generation: 2), .answered(.resendAsked)])
        #expect(dead.state?.codeHash == nil)
        #expect(dead.guess("right") == [.answered(.codeExpired)])
    }

    @Test("resends wait longer each time and end after three")
    func resendLimits() {
        var story = Story.sent()
        #expect(story.take(.resend, after: 27) == [.answered(.resendTooSoon)])
        for (number, wait) in [(2, Int64(30)), (3, 60), (4, 120)] {
            #expect(story.take(.resend, after: wait).first == .textAsked(number: number, generation: 1))
        }
        #expect(story.take(.resend, after: 3600) == [.answered(.resendLimitReached)])
    }

    @Test("a changed phone voids the code, starts a generation and leaves the old phone's failures behind")
    func changedPhone() {
        var story = Story.sent()
        for n in 1...3 { story.guess("w\(n)") }
        #expect(
            story.take(.phoneChanged(Story.otherPhone)) == [
                .phoneReplaced(newSubject: Story.otherPhone), .textAsked(number: 2, generation: 2),
            ])
        #expect(story.state?.attemptsLeft == 5)
        #expect(story.guess("right") == [.answered(.codeExpired)])
        #expect(story.take(.failed(failure(1))) == [.textFailed(failure(1))])
        #expect(story.take(.phoneChanged(Story.otherPhone)) == [])
    }
}
