import HTTP
import Model
import Testing

@testable import Verifier

/// An answer about an open verification, as the page gets it.
func pendingAnswer(_ kind: Answer.Kind = .seen, now: Int64 = 1_800_000_000_000) -> Answer {
    var answer = Answer(kind, about: nil)
    answer.status = .pending
    answer.attemptsLeft = 4
    answer.shop = "tea-house.myshopify.com"
    answer.orderName = "#1001"
    answer.phoneMask = "+1*****4567"
    answer.codeLength = 6
    answer.resendsLeft = 3
    answer.codeExpiresAt = now + 540_000
    answer.expiresAt = now + 840_000
    answer.resendAllowedAt = now + 25_000
    return answer
}

@Suite("What the page shows")
struct PageTests {
    private static let now: Int64 = 1_800_000_000_000

    private func state(_ kind: Answer.Kind = .seen, _ change: (inout Answer) -> Void = { _ in }) -> PageState {
        var answer = pendingAnswer(kind, now: Self.now)
        change(&answer)
        return PageState(.answered(answer), hasToken: true, now: Self.now)
    }

    @Test("a look shows the field, the times and the resend, and says nothing else")
    func look() {
        let state = state()
        #expect(state.notice == nil && state.showsField && state.showsResend && state.httpStatus == 200)
        #expect(state.secondsLeft == 840 && state.codeSecondsLeft == 540 && state.waitSeconds == 25)
        #expect(state.attemptsLeft == 4)
    }

    static let open: [(Answer.Kind, PageWord)] = [
        (.mismatch, .wrong), (.wrongLength, .wrongLength), (.codeExpired, .codeOver), (.locked, .locked),
        (.resendAsked, .resent),
        (.resendTooSoon, .tooSoon), (.resendLimitReached, .noMoreTexts), (.unavailable, .unavailable),
    ]

    @Test("every answer about an open order has its words", arguments: open.indices)
    func openKinds(index: Int) {
        let (kind, word) = Self.open[index]
        #expect(state(kind).notice?.text == word)
    }

    @Test("the last wrong code is a locked one, also when it is only looked at")
    func locked() {
        for kind in [Answer.Kind.mismatch, .seen, .locked] {
            let state = state(kind) { $0.attemptsLeft = 0 }
            #expect(state.notice?.text == .locked && !state.showsField)
            // Another text brings the same code for as long as that lives.
            #expect(state.waitSeconds == 540)
        }
    }

    @Test("a code that is over takes the field away until another is on its way")
    func over() {
        let over = state { $0.codeExpiresAt = Self.now }
        #expect(over.notice?.text == .codeOver && !over.showsField && over.showsResend)
        let lockedAndOver = state {
            $0.codeExpiresAt = Self.now
            $0.attemptsLeft = 0
        }
        #expect(lockedAndOver.notice?.text == .codeOver && lockedAndOver.waitSeconds == 25)
        #expect(state(.resendAsked) { $0.codeExpiresAt = nil }.showsField)
    }

    static let ended: [(Verification.Status, String?, Answer.Kind, PageWord)] = [
        (.verified, nil, .verified, .verified), (.verified, nil, .seen, .already), (.verified, nil, .closed, .already),
        (.expired, "timed_out", .seen, .expired), (.expired, "undeliverable", .closed, .undeliverable),
        (.cancelled, "merchant", .seen, .cancelled), (.cancelled, "us", .closed, .cancelled),
    ]

    @Test("every end has its words and no form", arguments: ended.indices)
    func ends(index: Int) {
        let (status, reason, kind, word) = Self.ended[index]
        let state = state(kind) {
            $0.status = status
            $0.reason = reason
        }
        #expect(state.notice?.text == word && !state.showsField && !state.showsResend)
        #expect(!state.isOpen && state.httpStatus == 200)
    }

    @Test("reasons are those that the model writes")
    func reasons() {
        #expect(VerificationEvent.Expiry.Cause.undeliverable.rawValue == "undeliverable")
        #expect(VerificationEvent.Canceller.us.rawValue == "us")
    }

    @Test("an unknown link is 404, without a form")
    func unknown() {
        let state = PageState(.answered(Answer(.unknown, about: nil)), hasToken: false, now: Self.now)
        #expect(state.httpStatus == 404 && state.notice?.text == .unknown && !state.showsField)
    }

    @Test("what was no code is told why, on a page of its own", arguments: CodeInput.Problem.allCases)
    func badCode(problem: CodeInput.Problem) {
        let state = PageState(.badCode(problem, pendingAnswer()), hasToken: true, now: Self.now)
        #expect(state.httpStatus == 400 && state.showsField && state.notice?.isAboutCode == true)
        #expect(state.notice?.help.contains(.notCounted) == true && state.secondsLeft == 840)
        // Without a word from the owner the form is shown all the same.
        #expect(PageState(.badCode(problem, nil), hasToken: true, now: Self.now).showsField)
    }

    @Test("no code is asked for any more where it is over, whatever was typed")
    func badCodeTooLate() {
        var answer = pendingAnswer()
        answer.status = .verified
        let state = PageState(.badCode(.tooShort, answer), hasToken: true, now: Self.now)
        #expect(state.notice?.text == .already && state.httpStatus == 200 && !state.showsField)
    }

    @Test("under a prefix every address of the page begins with it")
    func prefix() async throws {
        let scripted = ScriptedDoor(nil)
        let page = PageRenderer(looks: ShopLooks(), clock: { Self.now })
        let response = page.render(
            .answered(pendingAnswer()), token: scripted.token, place: Door.Place(prefix: "/apps/otp"),
            request: HTTPRequest(method: "GET", target: "/"))
        let html = String(decoding: response.body, as: UTF8.self)
        let actions = html.matches(of: /(?:action|src)="([^"]*)"/).map { String($0.output.1) }
        #expect(actions == ["/apps/otp/v/\(scripted.token.text)", "/apps/otp/v/\(scripted.token.text)/resend"])
    }

    @Test("what a shop and an order are called never becomes markup")
    func escaping() {
        let evil = "</title><script>alert(1)</script>\" onfocus=\"x' &amp; {phone}"
        var answer = pendingAnswer()
        answer.shop = evil
        answer.orderName = evil
        answer.phoneMask = evil
        let page = PageRenderer(looks: ShopLooks(), clock: { Self.now })
        let response = page.render(
            .answered(answer), token: ScriptedDoor(nil).token, place: Door.Place(),
            request: HTTPRequest(method: "GET", target: "/"))
        let html = String(decoding: response.body, as: UTF8.self)
        #expect(!html.contains("<script>") && !html.contains("</title><") && !html.contains("\" onfocus"))
        #expect(html.contains("&lt;script&gt;alert(1)"))
    }

    @Test("every page is under 30 KB with the largest logo, in every language")
    func size() throws {
        for language in PageLanguage.all.keys {
            for kind in Answer.Kind.allCases {
                var answer = pendingAnswer(kind)
                answer.locale = language
                let page = PageRenderer(looks: ShopLooks(), clock: { Self.now })
                let response = page.render(
                    .answered(answer), token: ScriptedDoor(nil).token, place: Door.Place(),
                    request: HTTPRequest(method: "GET", target: "/"))
                #expect(response.body.count + ShopLogo.mostBytes < 30_000, "\(language) \(kind)")
                #expect(response.headers["Content-Language"] == language || kind == .unknown)
            }
        }
    }
}
