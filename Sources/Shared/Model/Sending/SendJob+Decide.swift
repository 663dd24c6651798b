extension SendJob {
    public enum Command: Equatable, Sendable {
        case send(SendRequest)
        /// Texts of generations up to this one are no longer wanted.
        case stop(throughGeneration: Int)
        case attempted(SendAttempt)
        case receipt(DeliveryReceipt)
        /// The verification still waits for an answer to this text, which was reported as not delivered.
        case again(SendAgain)
        /// The shopper has typed the code.
        case verified
        /// Its time has come, by the owner's clock: is it fit to be sent?
        case due
    }

    public enum Event: Equatable, Sendable {
        case intended(SendRequest)
        /// The hash of the code is told to Verifier, because the code is new or its life ended unsent.
        case challenged
        /// - Parameter reportBy: when its delivery report is missing; nil where none is waited for.
        case accepted(messageId: String, provider: String? = nil, reportBy: Int64? = nil)
        /// A report was faster than the answer, which tells now who has the text.
        case routed(provider: String)
        /// Not an attempt: something of our own is missing.
        case waiting(until: Int64, reason: String)
        /// The key it waited for is there, and its code still lives.
        case keyFound
        case retryScheduled(at: Int64, reason: String)
        case uncertain(since: Int64, checkAt: Int64, reason: String, provider: String? = nil)
        case delivered
        /// A report that it did not arrive, which may be wrong: the text stays accepted.
        case undelivered(reason: String, again: Repetition?)
        /// It goes out once more at that time, unless that has become pointless by then.
        case again(SendAgain, at: Int64, passing: String)
        case failed(reason: String, fault: Verification.Fault)
        case stopped
        /// No delivery report in time, or one of no delivery: the text goes out once more.
        case unreported
        /// Its report is no longer waited for, or it need not go out again after all: it stays accepted.
        case forgone
        /// The first time that one of the verification's jobs hears of it.
        case answered
    }

    /// What a decision needs to know beside the job itself.
    public struct Surroundings: Equatable, Sendable {
        /// The life of this generation's code; nil when no text has carried it yet.
        public var code: CodeLife?
        /// Whether the key that the code is derived from is in the key ring.
        public var hasKey: Bool
        /// −1…1, always the same for the same attempt: spreads its repetition by up to a fifth of the wait.
        public var spread: Double
        /// Why a new text may not be sent, by the limits of its number and range.
        public var refusal: SendRefusal?
        /// How long its delivery report is waited for; nil where none is to be expected, or no other provider there.
        public var reportMs: Int64?
        /// The provider that reports on deliveries, where a job has forgotten which one took its text.
        public var reporter: String
        /// Whether the verification's code was typed.
        public var isAnswered: Bool
        /// Whether a later text with a code was asked for.
        public var isSuperseded: Bool

        public init(
            code: CodeLife? = nil, hasKey: Bool = true, spread: Double = 0, refusal: SendRefusal? = nil,
            reportMs: Int64? = nil, reporter: String = "twilio", isAnswered: Bool = false, isSuperseded: Bool = false
        ) {
            self.code = code
            self.hasKey = hasKey
            self.spread = spread
            self.refusal = refusal
            self.reportMs = reportMs
            self.reporter = reporter
            self.isAnswered = isAnswered
            self.isSuperseded = isSuperseded
        }
    }

    /// The decisions about one text: pure, `now` being the message's own time (the owner's clock for `due`).
    ///
    /// - Parameter state: the job of this verification and text number, if there is one.
    public static func decide(
        _ state: SendJob?, _ command: Command, _ surroundings: Surroundings, now: Int64
    ) -> [Event] {
        let events = judge(state, command, surroundings, now: now)
        guard let state, state.isOpen, state.isRepeated else { return events }
        return events.map(\.ofRepetition)
    }

    private static func judge(
        _ state: SendJob?, _ command: Command, _ surroundings: Surroundings, now: Int64
    ) -> [Event] {
        switch command {
        case .send(let request):
            guard state == nil else { return [] }
            if let refusal = surroundings.refusal {
                return [.intended(request), .failed(reason: refusal.rawValue, fault: .ours)]
            }
            return [.intended(request)] + prepare(request, surroundings, now: now)
        case .stop(let generation):
            guard let state, state.generation <= generation,
                state.request.value.textKind == .code || generation == allGenerations
            else { return [] }
            if state.awaitsReport { return [.forgone] }
            return state.isOpen ? [.stopped] : []
        case .attempted(let attempt):
            guard let state, attempt.attempt == state.attempts + 1 else { return [] }
            return state.decideAttempted(attempt, surroundings, now: now)
        case .receipt(let receipt):
            guard let state else { return [] }
            return state.decideReceipt(receipt, surroundings, now: now)
        case .again(let text):
            return state?.decideAgain(text, surroundings, now: now) ?? []
        case .verified:
            guard let state else { return [] }
            let answered: [Event] = state.answeredAt == nil && !surroundings.isAnswered ? [.answered] : []
            return answered + (state.mayRepeat ? [.forgone] : [])
        case .due:
            if let state, state.awaitsReport { return state.decideUnreported(surroundings, now: now) }
            guard let state, state.isOpen else { return [] }
            let events = prepare(state.request.value, surroundings, now: now)
            return events.isEmpty && state.lacksKey ? [.keyFound] : events
        }
    }

    /// What has to happen before the text may be sent; nothing when it may be sent now.
    private static func prepare(_ request: SendRequest, _ surroundings: Surroundings, now: Int64) -> [Event] {
        guard now <= request.sendBy else { return [.failed(reason: "late", fault: .ours)] }
        guard request.textKind == .code else { return [] }
        guard surroundings.hasKey else { return [.waiting(until: now + keyWaitMs, reason: unknownKey)] }
        guard let code = surroundings.code else { return [.challenged] }
        guard now >= code.endsAt(seconds: request.codeSeconds) else { return [] }
        // Verifier would not take this code any more, and nothing brings it back to life.
        return code.isSent ? [.failed(reason: "code_expired", fault: .ours)] : [.challenged]
    }

    private func decideAttempted(_ attempt: SendAttempt, _ surroundings: Surroundings, now: Int64) -> [Event] {
        if case .accepted(let messageId) = attempt.result {
            switch state {
            case .intended:
                let by = reportBy(surroundings, now: now)
                return [.accepted(messageId: messageId, provider: attempt.provider, reportBy: by)]
            // The stop came while the text was on its way: it was sent all the same.
            case .stopped: return [.accepted(messageId: messageId)]
            case .accepted:
                guard awaitsReport, route?.provider == nil, let provider = attempt.provider else { return [] }
                return [.routed(provider: provider)]
            case .failed: return []
            }
        }
        guard isOpen else { return [] }
        switch attempt.result {
        case .accepted:
            return []
        case .refused(let reason, let fault):
            return [.failed(reason: reason, fault: fault)]
        case .retry(let afterMs, let reason):
            let own = Self.retryDelayMs(attempt: attempt.attempt)
            let wish = min(max(afterMs ?? 0, 0), Self.longestWishMs)
            let at = now + max(Self.later(wish, surroundings), Self.spread(own, surroundings))
            guard at <= request.sendBy else { return [.failed(reason: "late", fault: .ours)] }
            let ends = surroundings.code?.endsAt(seconds: request.codeSeconds) ?? .max
            let isDying = at >= ends && surroundings.code?.isSent == false && surroundings.hasKey
            return (isDying ? [.challenged] : []) + [.retryScheduled(at: at, reason: reason)]
        case .ambiguous(let reason):
            let delay = min(Self.retryDelayMs(attempt: attempt.attempt + 1), Self.longestLookMs)
            let checkAt = now + Self.spread(delay, surroundings)
            guard checkAt <= request.sendBy else { return [.failed(reason: "late", fault: .ours)] }
            return [
                .uncertain(since: attempt.startedAt, checkAt: checkAt, reason: reason, provider: attempt.provider)
            ]
        }
    }

    /// A stop of everything that a verification sends, also of what carries no code: it has been erased.
    public static let allGenerations = 1_000_000

    /// How often a missing key is looked for.
    static let keyWaitMs: Int64 = 5_000

    /// A look costs the provider little, and a shopper waits.
    static let longestLookMs: Int64 = 5_000

    /// Longer than any text may take: what a provider wishes beyond that makes no difference.
    static let longestWishMs: Int64 = 2 * 86_400_000

    /// 0.5 s doubled by each attempt, at most 60 s.
    static func retryDelayMs(attempt: Int) -> Int64 {
        min(60_000, 500 << Int64(min(max(attempt, 1) - 1, 10)))
    }

    /// Around our own delay.
    private static func spread(_ delay: Int64, _ surroundings: Surroundings) -> Int64 {
        delay + Int64(Double(delay) * 0.2 * surroundings.spread)
    }

    /// Never before the provider's wish.
    private static func later(_ delay: Int64, _ surroundings: Surroundings) -> Int64 {
        delay + Int64(Double(delay) * 0.2 * abs(surroundings.spread))
    }
}
