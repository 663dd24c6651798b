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

    @Test("another phone takes nothing from the three resends, and does not make them wait longer")
    func resendsOfAnyPhone() {
        var story = Story.sent()
        #expect(story.take(.resend, after: 30).first == .textAsked(number: 2, generation: 1))
        #expect(story.state?.resendsLeft == 2)
        story.take(.phoneChanged(Story.otherPhone), after: 5)
        #expect(story.state?.resendsLeft == 2)
        story.take(.challenged(Challenge(generation: 2, hash: "h2")))
        story.take(.sent(report(3, 2)))
        #expect(story.take(.resend, after: 59) == [.answered(.resendTooSoon)])
        #expect(story.take(.resend, after: 1).first == .textAsked(number: 4, generation: 2))
        story.take(.phoneChanged(Story.subject))
        #expect(story.state?.phoneChanges == 2 && story.state?.resendsLeft == 1)
        // What an older version wrote knows of one change at least.
        story.state?.phoneChanges = nil
        #expect(story.state?.resendsLeft == 0)
    }

    @Test("no resend goes beyond the eight texts of a verification")
    func resendsWithinTexts() {
        var story = Story.sent()
        for index in 0..<6 {
            var subject = Story.subject
            subject.phoneHash = "other-\(index)"
            story.take(.phoneChanged(subject))
        }
        #expect(story.state?.texts.count == 7 && story.state?.resendsLeft == 1)
        #expect(story.take(.resend, after: 60).count == 2)
        #expect(story.state?.resendsLeft == 0)
    }

    @Test(
        "who was asked with too little of the timer left is not taken for somebody who did not answer",
        arguments: [
            (900, 599, false), (900, 600, false), (900, 601, true), (900, 899, true), (300, 150, false),
            (300, 151, true), (86_400, 86_100, false), (86_400, 86_101, true),
        ] as [(Int, Int64, Bool)])
    func changedLate(timer: Int, at: Int64, isLate: Bool) {
        var subjects = [Story.subject, Story.otherPhone]
        for index in subjects.indices { subjects[index].timerSeconds = timer }
        var story = Story()
        story.take(.opened(subjects[0]))
        story.take(.sent(report(1)))
        story.take(.phoneChanged(subjects[1]), after: at)
        story.take(.sent(report(2, 2)))
        // A resend does not make it later.
        story.take(.resend, after: 30)
        let events = story.take(.timedOut(attendedSince: 0), after: Int64(timer) - at)
        #expect(events == [.expired(.init(cause: .timedOut, fault: isLate ? .ours : nil))])
    }

    @Test("another phone leaves the timer as it runs, whatever the shop has set since", arguments: [60, 3600])
    func timerStays(seconds: Int) {
        var subject = Story.otherPhone
        (subject.timerSeconds, subject.codeSeconds) = (seconds, seconds)
        var story = Story.sent()
        let deadline = story.state?.deadline
        story.take(.phoneChanged(subject), after: 500)
        #expect(story.state?.deadline == deadline && story.state?.subject.phoneHash == "ph2")
        #expect(story.state?.subject.codeSeconds == min(seconds, 900))
        #expect(story.take(.timedOut(attendedSince: 0), after: 100) == [])
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
