import Model
import Testing

@Suite("A verification's decisions")
struct VerificationTests {
    @Test("the right code verifies, once")
    func rightCode() {
        var story = Story.sent()
        #expect(story.guess("right", after: 5) == [.verified, .answered(.verified)])
        #expect(story.guess("right", after: 5) == [.answered(.verified)])
        #expect(story.state?.status == .verified)
    }

    @Test("five different wrong codes lock the generation until its code's life ends")
    func lock() {
        var story = Story.sent()
        for n in 1...5 {
            #expect(story.guess("w\(n)") == [.guessCounted(fingerprint: "w\(n)"), .answered(.mismatch)])
        }
        #expect(story.state?.attemptsLeft == 0)
        #expect(story.guess("w6") == [.answered(.locked)])
        #expect(story.guess("right") == [.answered(.locked)])
        #expect(story.guess("right", after: 601) == [.answered(.codeExpired)])
        #expect(story.state?.status == .pending)
    }

    @Test("the same wrong code again is not a new guess and needs no hash")
    func sameWrongCode() {
        var story = Story.sent()
        story.guess("w1")
        #expect(story.state?.hashToCompare(with: Guess(fingerprint: "w1"), now: story.now) == nil)
        #expect(story.guess("w1") == [.answered(.mismatch)])
        #expect(story.state?.attemptsLeft == 4)
    }

    @Test(
        "a code of another length is told so before anything is compared or counted, where a code lives",
        arguments: [(nil, Answer.Kind.mismatch), (6, .mismatch), (5, .wrongLength), (7, .wrongLength)])
    func wrongLength(digits: Int?, kind: Answer.Kind) {
        let story = Story.sent()
        let guess = Guess(fingerprint: "w", digits: digits, comparison: .different)
        #expect((story.state?.hashToCompare(with: guess, now: story.now) == nil) == (kind == .wrongLength))
        let events = Verification.decide(story.state, .guess(guess), now: story.now)
        #expect(events.last == .answered(kind))
        #expect(events.count == (kind == .wrongLength ? 1 : 2))
        let closed = Story.expired()
        #expect(Verification.decide(closed.state, .guess(guess), now: closed.now) == [.answered(.closed)])
    }

    @Test("no hash is asked for where the state alone decides")
    func noHash() {
        var locked = Story.sent()
        for n in 1...5 { locked.guess("w\(n)") }
        for story in [Story.opened(), Story.expired(), locked] {
            #expect(story.state?.hashToCompare(with: Guess(fingerprint: "right"), now: story.now) == nil)
        }
        #expect(Story.sent().state?.hashToCompare(with: Guess(fingerprint: nil), now: 1_000_000) == nil)
    }

    @Test("a guess without the verification's own key is refused uncounted")
    func missingKey() {
        var story = Story.sent()
        #expect(story.guess(nil) == [.answered(.unavailable)])
        #expect(story.state?.attemptsLeft == 5)
    }

    @Test("a wrong guess against a verified record counts within the same five")
    func wrongAfterVerified() {
        var story = Story.verified()
        for n in 1...5 { story.guess("w\(n)") }
        #expect(story.guess("right") == [.answered(.locked)])
        #expect(story.state?.status == .verified)
    }

    @Test("a code's life starts at the challenge and again at its generation's first text")
    func codeLife() {
        var story = Story.opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h1")), after: 1)
        #expect(story.state?.codeExpiresAt == story.now + 600_000)
        story.take(.sent(TextReport(number: 1, generation: 1)), after: 100)
        #expect(story.state?.codeExpiresAt == story.now + 600_000)
        #expect(story.state?.deadline == story.now + 900_000)
    }

    @Test("a repeated challenge changes nothing while the code lives, and renews the life of one never sent")
    func challengedAgain() {
        var story = Story.opened()
        story.take(.challenged(Challenge(generation: 1, hash: "h1")))
        #expect(story.take(.challenged(Challenge(generation: 1, hash: "h2")), after: 10) == [])
        #expect(story.take(.challenged(Challenge(generation: 1, hash: "h2")), after: 600) == [.challengeRenewed])
        #expect(story.state?.codeHash == "h1")
    }

    @Test("a time-out before its time, or before any text, is ignored")
    func earlyTimeOut() {
        var opened = Story.opened()
        #expect(opened.take(.timedOut(attendedSince: 0), after: 100_000) == [])
        var sent = Story.sent()
        #expect(sent.take(.timedOut(attendedSince: 0), after: 899) == [])
        #expect(sent.take(.timedOut(attendedSince: 0), after: 1) == [.expired(.init(cause: .timedOut, fault: nil))])
    }

    @Test("a timer that began before our unbroken presence is our fault")
    func unattended() {
        #expect(Story.expired(fault: true).events.last == .expired(.init(cause: .timedOut, fault: .ours)))
    }

    @Test("a timer that ends while the only text failed and a resend has not left is our fault")
    func nothingArrived() {
        var story = Story.sent()
        story.take(.resend, after: 60)
        story.take(.failed(TextFailure(number: 1, generation: 1, reason: "30003", fault: .number)))
        #expect(story.state?.status == .pending)
        #expect(
            story.take(.timedOut(attendedSince: 0), after: 900) == [.expired(.init(cause: .timedOut, fault: .ours))])
    }

    @Test("merchant's cancellation closes a pending verification and an expired one, never a verified one")
    func merchantCancels() {
        var pending = Story.sent()
        #expect(pending.take(.orderCancelled) == [.cancelled(by: .merchant)])
        var expired = Story.expired()
        #expect(expired.take(.orderCancelled) == [.cancelled(by: .merchant)])
        var verified = Story.verified()
        #expect(verified.take(.orderCancelled) == [])
    }

    @Test("the echo of our own cancellation is swallowed")
    func echo() {
        var story = Story.expired()
        story.take(.settle(.cancel))
        #expect(story.take(.orderCancelled) == [])
        #expect(story.take(.settled(.cancelledByUs)) == [.settled(.cancelledByUs), .cancelled(by: .us)])
        #expect(story.take(.orderCancelled) == [])
        #expect(story.take(.settled(.cancelledByUs)) == [])
    }

    @Test("a verified order is never settled by a cancellation, a pending one by nothing at all")
    func settleFits() {
        var verified = Story.verified()
        #expect(verified.take(.settle(.cancel)) == [])
        #expect(verified.take(.settle(.tagVerified)) == [.settlementIntended(.tagVerified)])
        var pending = Story.sent()
        for action in Settlement.Action.allCases { #expect(pending.take(.settle(action)) == []) }
        var expired = Story.expired()
        #expect(expired.take(.settle(.tagVerified)) == [])
    }

    @Test("an unknown verification answers unknown and nothing else")
    func unknown() {
        var story = Story()
        for command in [VerificationCommand.look, .resend, .guess(Guess(fingerprint: "x"))] {
            #expect(story.take(command) == [.answered(.unknown)])
        }
        #expect(story.take(.sent(TextReport(number: 1, generation: 1))) == [])
        #expect(story.take(.timedOut(attendedSince: 0)) == [])
        #expect(story.state == nil)
    }

    @Test("opening twice changes nothing; erasing leaves nothing")
    func openedTwice() {
        var story = Story.sent()
        #expect(story.take(.opened(Story.subject)) == [])
        story.take(.erase(Erasure(shop: "a.myshopify.com", texts: 0)))
        #expect(story.state == nil)
        #expect(story.events.last == .erased(Erasure(shop: "a.myshopify.com", texts: 1)))
    }
}
