extension SendJob {
    /// The job after an event.
    ///
    /// - Parameters:
    ///   - now: the time the event was decided at.
    ///   - offset: the command's offset, remembered as applied; nil for a decision of the owner's clock.
    public static func apply(_ state: SendJob?, _ event: Event, now: Int64, offset: Int64?) -> SendJob? {
        if case .intended(let request) = event {
            return SendJob(
                number: request.number, generation: request.generation, state: .intended, request: Boxed(request),
                attempts: 0, nextAttemptAt: now, challengedAt: nil, acceptedAt: nil, isUncertain: false,
                uncertainSince: nil, messageId: nil, reason: nil, isDelivered: false, changedAt: now,
                applied: offset ?? -1)
        }
        guard var next = state else { return nil }
        next.applied = offset ?? next.applied
        next.changedAt = now
        next.take(event, now: now)
        return next
    }

    private mutating func take(_ event: Event, now: Int64) {
        switch event {
        case .intended:
            break
        case .challenged:
            challengedAt = now
            reason = nil
        case .accepted(let id):
            end(.accepted, reason: nil)
            acceptedAt = acceptedAt ?? now
            messageId = id
        case .waiting(let until, let why):
            nextAttemptAt = until
            reason = why
        case .keyFound:
            reason = nil
        case .retryScheduled(let at, let why):
            attempts += 1
            nextAttemptAt = at
            reason = why
        case .uncertain(let since, let checkAt, let why):
            attempts += 1
            nextAttemptAt = checkAt
            isUncertain = true
            uncertainSince = uncertainSince ?? since
            askedAt = since
            reason = why
        case .delivered:
            isDelivered = true
        case .failed(let why, _):
            end(.failed, reason: why)
        case .answered:
            answeredAt = now
        case .stopped:
            end(.stopped, reason: nil)
        }
    }

    private mutating func end(_ state: State, reason: String?) {
        self.state = state
        self.reason = reason
        request = Boxed(request.value.withoutPerson)
        nextAttemptAt = nil
        isUncertain = false
        uncertainSince = nil
        askedAt = nil
    }
}
