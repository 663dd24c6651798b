import Foundation
import Model
import Testing

@Suite("A verification opened again")
struct ReopeningTests {
    private static let thirdPhone: Subject = {
        var subject = Story.subject
        subject.phoneHash = "ph3"
        return subject
    }()

    private func failing(_ fault: Verification.Fault = .number) -> Story {
        var story = Story.opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h1")))
        story.take(.failed(TextFailure(number: 1, generation: 1, reason: "21211", fault: fault)), after: 2)
        return story
    }

    @Test("a number at fault that is corrected gets a code of its own, and all of the time")
    func reopened() throws {
        var story = failing()
        story.take(.settle(.review))
        let settled = story.state?.settlement
        #expect(settled != nil)
        #expect(
            story.take(.phoneChanged(Story.otherPhone), after: 3600) == [
                .reopened(newSubject: Story.otherPhone), .textAsked(number: 2, generation: 2),
            ])
        let state = try #require(story.state)
        #expect(state.status == .pending && state.reason == nil && state.detail == nil && state.settlement == nil)
        #expect(state.round == 1 && state.statusAt == story.now && state.timerStartedAt == nil)
        #expect(state.subject == Story.otherPhone && state.codeHash == nil && state.firstTextOfPhone == 2)
        #expect(try JSONDecoder().decode(Verification.self, from: JSONEncoder().encode(state)) == state)
        // What is still reported of the first round changes nothing.
        #expect(story.take(.settled(.tagged)) == [])
        #expect(story.take(.timedOut(attendedSince: 0)) == [])
        story.take(.challenged(Challenge(generation: 2, hash: "h2")))
        story.take(.sent(TextReport(number: 2, generation: 2)), after: 3)
        #expect(story.state?.deadline == story.now + 900_000)
        #expect(story.guess("right") == [.verified, .answered(.verified)])
        #expect(story.take(.settle(.tagVerified)) == [])
        #expect(story.take(.settle(.tagVerified, round: 1)) == [.settlementIntended(.tagVerified)])
    }

    @Test("what was asked for of the first round does not settle the second one")
    func rounds() {
        var story = failing()
        story.take(.phoneChanged(Story.otherPhone))
        story.take(.failed(TextFailure(number: 2, generation: 2, reason: "21211", fault: .number)))
        #expect(story.take(.settle(.cancel)) == [])
        #expect(story.take(.settle(.cancel, round: 0)) == [])
        #expect(story.take(.settle(.cancel, round: 2)) == [])
        #expect(story.take(.settle(.cancel, round: 1)) == [.settlementIntended(.cancel)])
        var first = failing()
        #expect(first.take(.settle(.review, round: 1)) == [])
        #expect(first.take(.settle(.review, round: 0)) == [.settlementIntended(.review)])
    }

    @Test(
        "a result that comes once more, of an earlier round or of nobody asked, leaves the next intent to be done",
        arguments: [true, false])
    func lateResult(wasSkipped: Bool) throws {
        var story = wasSkipped ? Story() : failing()
        if wasSkipped {
            story.take(.skipped(SkippedOrder(subject: Story.subject, reason: .noPhone)))
        } else {
            story.take(.settle(.review))
        }
        let first = try #require(story.state?.settlement).intendedAt
        story.take(.settled(.tagged, intended: first), after: 5)
        story.take(wasSkipped ? .opened(Story.subject) : .phoneChanged(Story.otherPhone), after: 5)
        let number = story.state?.lastTextNumber ?? 0
        story.take(.challenged(Challenge(generation: number, hash: "h")))
        story.take(.sent(TextReport(number: number, generation: number)))
        story.take(.timedOut(attendedSince: 0), after: 900)
        #expect(story.take(.settle(.cancel, round: story.state?.round)) == [.settlementIntended(.cancel)])
        let second = try #require(story.state?.settlement).intendedAt
        #expect(story.take(.settled(.tagged, intended: first), after: 1) == [])
        #expect(story.state?.settlement?.result == nil)
        var old = story
        #expect(old.take(.settled(.cancelledByUs)) == [.settled(.cancelledByUs), .cancelled(by: .us)])
        #expect(
            story.take(.settled(.cancelledByUs, intended: second)) == [
                .settled(.cancelledByUs), .cancelled(by: .us),
            ])
    }

    @Test("once, and only where the number was at fault and nothing is to be cancelled")
    func refused() {
        var twice = failing()
        twice.take(.phoneChanged(Story.otherPhone))
        twice.take(.failed(TextFailure(number: 2, generation: 2, reason: "21211", fault: .number)))
        #expect(twice.take(.phoneChanged(Self.thirdPhone)) == [])
        var ours = failing(.ours)
        #expect(ours.take(.phoneChanged(Story.otherPhone)) == [])
        var unreached = Story.sent()
        unreached.take(.undelivered(UndeliveredText(number: 1, generation: 1, reason: "30003", again: nil)))
        unreached.take(.timedOut(attendedSince: 0), after: 900)
        #expect(unreached.take(.phoneChanged(Story.otherPhone)) == [])
        var cancelling = failing()
        cancelling.take(.settle(.cancel))
        #expect(cancelling.take(.phoneChanged(Story.otherPhone)) == [])
        cancelling.take(.settled(.cancelledByUs))
        #expect(cancelling.take(.phoneChanged(Story.otherPhone)) == [])
        var same = failing()
        #expect(same.take(.phoneChanged(Story.subject)) == [])
        for var story in [Story.expired(), .verified()] {
            #expect(story.take(.phoneChanged(Story.otherPhone)) == [])
        }
    }

    @Test("phones that change and change leave eight texts and no more")
    func bounded() {
        var story = Story.sent()
        for index in 0..<20 {
            var subject = Story.subject
            subject.phoneHash = "other-\(index)"
            story.take(.phoneChanged(subject), after: 1)
            for guess in 0..<9 { story.guess("wrong-\(index)-\(guess)") }
            story.take(.resend, after: 600)
        }
        #expect(story.state?.texts.count == Verification.textLimit)
        #expect((story.state?.wrongGuesses.count ?? 0) <= Verification.guessLimit)
    }
}
