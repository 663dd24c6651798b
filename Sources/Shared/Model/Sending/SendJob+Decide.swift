extension SendJob {
    public enum Command: Equatable, Sendable {
        case send(SendRequest)
        /// Texts of generations up to this one are no longer wanted.
        case stop(throughGeneration: Int)
        case attempted(SendAttempt)
        case receipt(DeliveryReceipt)
    }

    public enum Event: Equatable, Sendable {
        /// A text is to be sent. `isNewCode` asks for the hash of its code to be told to Verifier.
        case intended(SendRequest, isNewCode: Bool)
        /// The code's life ended before it could be sent: Verifier is told again.
        case challengedAnew
        case accepted(messageId: String)
        case retryScheduled(at: Int64, reason: String)
        case uncertain(since: Int64, checkAt: Int64, reason: String)
        case delivered
        case failed(reason: String, fault: Verification.Fault)
        case stopped
    }

    /// The decisions about one text: pure, `now` being the message's own time.
    ///
    /// - Parameters:
    ///   - state: the job of this verification and text number, if there is one.
    ///   - knowsGeneration: whether an earlier text already carried the code of this generation.
    public static func decide(
        _ state: SendJob?, _ command: Command, knowsGeneration: Bool, now: Int64
    ) -> [Event] {
        switch command {
        case .send(let request):
            guard state == nil else { return [] }
            let intent = Event.intended(request, isNewCode: !knowsGeneration)
            return now > request.sendBy ? [intent, .failed(reason: "late", fault: .ours)] : [intent]
        case .stop(let generation):
            guard let state, state.state == .intended, state.request.generation <= generation else { return [] }
            return [.stopped]
        case .attempted(let attempt):
            guard let state, state.state == .intended, attempt.attempt == state.attempts + 1 else { return [] }
            return state.decideAttempted(attempt, now: now)
        case .receipt(let receipt):
            guard let state else { return [] }
            return state.decideReceipt(receipt)
        }
    }

    private func decideAttempted(_ attempt: SendAttempt, now: Int64) -> [Event] {
        switch attempt.result {
        case .accepted(let messageId):
            return [.accepted(messageId: messageId)]
        case .refused(let reason, let fault):
            return [.failed(reason: reason, fault: fault)]
        case .retry(let afterMs, let reason):
            let at = now + max(afterMs ?? 0, Self.retryDelayMs(attempt: attempt.attempt))
            guard at <= request.sendBy else { return [.failed(reason: "late", fault: .ours)] }
            let anew: [Event] = at >= codeExpiresAt ? [.challengedAnew] : []
            return anew + [.retryScheduled(at: at, reason: reason)]
        case .ambiguous(let reason):
            let checkAt = now + Self.retryDelayMs(attempt: attempt.attempt + 1)
            guard checkAt <= request.sendBy else { return [.failed(reason: "late", fault: .ours)] }
            return [.uncertain(since: attempt.startedAt, checkAt: checkAt, reason: reason)]
        }
    }

    private func decideReceipt(_ receipt: DeliveryReceipt) -> [Event] {
        guard state == .accepted || state == .intended, !isDelivered else { return [] }
        let accepted: [Event] = state == .intended ? [.accepted(messageId: receipt.messageId)] : []
        switch receipt.outcome {
        case .sent: return accepted
        case .delivered: return accepted + [.delivered]
        case .failed:
            return accepted + [.failed(reason: receipt.reason ?? "undelivered", fault: receipt.fault ?? .number)]
        }
    }

    /// 0.5 s doubled by each attempt, at most 60 s; spread by the caller's jitter, which needs no place in the log.
    static func retryDelayMs(attempt: Int) -> Int64 {
        min(60_000, 500 << Int64(min(max(attempt, 1) - 1, 10)))
    }

    public static func apply(_ state: SendJob?, _ event: Event, now: Int64, offset: Int64) -> SendJob? {
        if case .intended(let request, _) = event {
            return SendJob(
                request: request, state: .intended, attempts: 0, nextAttemptAt: now, challengedAt: now,
                isUncertain: false, uncertainSince: nil, messageId: nil, reason: nil, isDelivered: false,
                applied: offset)
        }
        guard var next = state else { return nil }
        next.applied = offset
        next.take(event, now: now)
        return next
    }

    private mutating func take(_ event: Event, now: Int64) {
        switch event {
        case .intended:
            break
        case .challengedAnew:
            challengedAt = now
        case .accepted(let id):
            end(.accepted, reason: nil)
            messageId = id
        case .retryScheduled(let at, let why):
            attempts += 1
            nextAttemptAt = at
            reason = why
        case .uncertain(let since, let checkAt, let why):
            attempts += 1
            nextAttemptAt = checkAt
            isUncertain = true
            uncertainSince = uncertainSince ?? since
            reason = why
        case .delivered:
            isDelivered = true
        case .failed(let why, _):
            end(.failed, reason: why)
        case .stopped:
            end(.stopped, reason: nil)
        }
    }

    private mutating func end(_ state: State, reason: String?) {
        self.state = state
        self.reason = reason
        nextAttemptAt = nil
    }
}
