import Model

/// What the page shows of an outcome: which words, which parts. A plain value, decided without clock, language or HTML.
struct PageState: Equatable {
    enum Tone: String {
        /// Something to put right, something that went well, how things stand at the end.
        case bad, good, over
    }

    struct Notice: Equatable {
        var text: PageWord
        /// What to do; a sentence whose variables are not known is not said.
        var help: [PageWord]
        var tone: Tone
        /// Whether it is about what was typed.
        var isAboutCode = false
    }

    var httpStatus = 200
    var retryAfterSeconds: Int?
    /// Above the form, or instead of it.
    var notice: Notice?
    var showsField = false
    var showsResend = false
    /// Until another text may be asked for, in seconds.
    var waitSeconds = 0
    /// Until the verification's timer ends and until the code's life ends; nil where that is not known or not of use.
    var secondsLeft: Int?
    var codeSecondsLeft: Int?
    var attemptsLeft: Int?
    var answer: Answer?

    init(_ outcome: Door.Outcome, hasToken: Bool, now: Int64) {
        switch outcome {
        case .answered(let answer):
            show(answer, now)
        case .badCode(let problem, let answer):
            if let answer { show(answer, now) }
            showsField = showsField || (answer == nil && hasToken)
            // Only while a code is asked for is it of use what was wrong with this one.
            if showsField { (httpStatus, notice) = (400, Self.notice(problem)) }
        case .foreignOrigin:
            httpStatus = 403
            notice = Notice(text: .foreign, help: [.unknownHelp], tone: .over)
        case .busy(let seconds):
            (httpStatus, retryAfterSeconds, showsField) = (429, seconds, hasToken)
            notice = Notice(text: .busy, help: [.busyHelp, .notCounted], tone: .bad)
        case .unavailable:
            (httpStatus, retryAfterSeconds, showsField) = (503, 2, hasToken)
            notice = Notice(text: .unavailable, help: [.unavailableHelp], tone: .bad)
        }
    }

    private mutating func show(_ answer: Answer, _ now: Int64) {
        self.answer = answer
        guard answer.kind != .unknown, let status = answer.status else {
            httpStatus = answer.kind == .unavailable ? 503 : 404
            notice =
                answer.kind == .unavailable
                ? Notice(text: .unavailable, help: [.unavailableHelp], tone: .bad)
                : Notice(text: .unknown, help: [.unknownHelp], tone: .over)
            return
        }
        switch status {
        case .pending: describeOpen(answer, now)
        case .verified:
            let text = answer.kind == .verified ? PageWord.verified : .already
            notice = Notice(text: text, help: [.verifiedHelp], tone: .good)
        case .expired where answer.reason == VerificationEvent.Expiry.Cause.undeliverable.rawValue:
            notice = Notice(text: .undeliverable, help: [.undeliverableHelp], tone: .over)
        case .expired where answer.reason.flatMap(Release.init) != nil:
            notice = Notice(text: .released, help: [.releasedHelp], tone: .good)
        case .expired: notice = Notice(text: .expired, help: [.expiredHelp], tone: .over)
        case .cancelled:
            let isOurs = answer.reason == VerificationEvent.Canceller.us.rawValue
            notice = Notice(
                text: .cancelled, help: [isOurs ? .cancelledByUsHelp : .cancelledByShopHelp], tone: .over)
        }
    }

    private mutating func describeOpen(_ answer: Answer, _ now: Int64) {
        func seconds(until moment: Int64?) -> Int? { moment.map { max(0, Int(($0 - now + 999) / 1000)) } }
        let codeLeft = seconds(until: answer.codeExpiresAt)
        let isOver = codeLeft == 0 || answer.kind == .codeExpired
        let isLocked = !isOver && (answer.kind == .locked || answer.attemptsLeft == 0)
        notice = Self.notice(answer.kind, isLocked: isLocked, isOver: isOver)
        // A text that was just asked for brings a code, whatever became of the one before.
        showsField = answer.kind == .resendAsked || !(isLocked || isOver)
        showsResend = true
        waitSeconds = seconds(until: answer.resendAllowedAt) ?? 0
        // As long as the locked code lives, another text would bring the same one.
        if isLocked { waitSeconds = max(waitSeconds, codeLeft ?? 0) }
        secondsLeft = seconds(until: answer.expiresAt)
        // The code's own end only where it comes first.
        if showsField, !isOver, let codeLeft, codeLeft < (secondsLeft ?? .max) { codeSecondsLeft = codeLeft }
        if showsField { attemptsLeft = answer.attemptsLeft }
        if answer.kind == .unavailable { (httpStatus, retryAfterSeconds) = (503, 1) }
        if answer.kind == .wrongLength { httpStatus = 400 }
    }

    private static func notice(_ problem: CodeInput.Problem) -> Notice {
        let word: PageWord =
            switch problem {
            case .empty: .emptyCode
            case .notDigits: .notDigits
            case .tooShort: .tooShort
            case .tooLong: .tooLong
            }
        return Notice(text: word, help: [.codeShape, .notCounted], tone: .bad, isAboutCode: true)
    }

    private static func notice(_ kind: Answer.Kind, isLocked: Bool, isOver: Bool) -> Notice? {
        switch kind {
        case .resendAsked: return Notice(text: .resent, help: [.resentHelp], tone: .good)
        case .resendTooSoon: return Notice(text: .tooSoon, help: [.tooSoonHelp], tone: .bad)
        case .resendLimitReached: return Notice(text: .noMoreTexts, help: [.limitHelp], tone: .bad)
        case .unavailable: return Notice(text: .unavailable, help: [.unavailableHelp], tone: .bad)
        case .mismatch where !isLocked && !isOver:
            return Notice(text: .wrong, help: [.wrongHelp], tone: .bad, isAboutCode: true)
        case .wrongLength:
            return Notice(text: .wrongLength, help: [.codeShape, .notCounted], tone: .bad, isAboutCode: true)
        case .seen, .verified, .mismatch, .codeExpired, .locked, .closed, .unknown:
            if isLocked { return Notice(text: .locked, help: [.lockedHelp], tone: .bad) }
            return isOver ? Notice(text: .codeOver, help: [.codeOverHelp], tone: .bad) : nil
        }
    }
}
