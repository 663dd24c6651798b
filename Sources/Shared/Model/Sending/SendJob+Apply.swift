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
        case .accepted(let id, let provider, let reportBy):
            if reportBy == nil {
                end(.accepted, reason: nil)
            } else {
                settle(.accepted, reason: nil)
            }
            nextAttemptAt = reportBy
            acceptedAt = acceptedAt ?? now
            messageId = id
            setRoute(provider: provider)
        case .routed(let provider):
            setRoute(provider: provider)
        case .waiting(let until, let why):
            nextAttemptAt = until
            reason = why
        case .keyFound:
            reason = nil
        case .retryScheduled(let at, let why):
            attempts += 1
            nextAttemptAt = at
            reason = why
        case .uncertain(let since, let checkAt, let why, let provider):
            setRoute(provider: provider)
            attempts += 1
            nextAttemptAt = checkAt
            isUncertain = true
            uncertainSince = uncertainSince ?? since
            askedAt = since
            reason = why
        case .delivered:
            isDelivered = true
            if isLive { end(.accepted, reason: nil) }
        case .failed(let why, _):
            end(.failed, reason: why)
        case .answered:
            answeredAt = now
        case .stopped:
            end(.stopped, reason: nil)
        case .undelivered:
            break
        case .again(let text, let at, let provider):
            request = Boxed(text.request)
            nextAttemptAt = at
            route = Boxed(SendRoute(provider: route?.provider ?? provider, again: text.by))
        case .unreported:
            state = .intended
            // So that its first result, should it come once more, is known for what it is.
            attempts += 1
            nextAttemptAt = now
            messageId = nil
            route = Boxed(SendRoute(passedOver: route?.provider, again: route?.again))
        case .forgone:
            end(.accepted, reason: nil)
        }
    }

    private mutating func end(_ state: State, reason: String?) {
        settle(state, reason: reason)
        request = Boxed(request.value.withoutPerson)
        nextAttemptAt = nil
    }

    /// No attempt is under way any more.
    private mutating func settle(_ state: State, reason: String?) {
        self.state = state
        self.reason = reason
        isUncertain = false
        uncertainSince = nil
        askedAt = nil
    }

    private mutating func setRoute(provider: String?) {
        guard provider != route?.provider else { return }
        let next = SendRoute(provider: provider, passedOver: route?.passedOver, again: route?.again)
        route = next == SendRoute() ? nil : Boxed(next)
    }
}
