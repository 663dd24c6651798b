import Base

/// The clocks of a connection: header, body, handler, writing, lingering, idling.
extension Connection {
    /// How long a new connection without a byte may stay once the server drains: its first request may be on its way.
    private static let firstRequestGrace = 0.5

    private var writeDue: Int64? { writeStarted.map { $0 + Ticks.of(seconds: limits.writeSeconds) } }

    private var inputDue: Int64? {
        guard case .open = phase, isStarved else { return nil }
        if let requestStarted {
            let start = served == 0 && nextExchange == 0 && reading == nil ? opened : requestStarted
            return reading == nil
                ? start + Ticks.of(seconds: limits.headerSeconds)
                : requestStarted + Ticks.of(seconds: limits.requestSeconds)
        }
        guard exchanges.isEmpty, output.isEmpty else { return nil }
        guard served == 0 else { return idleSince + Ticks.of(seconds: limits.idleSeconds) }
        let first = opened + Ticks.of(seconds: limits.headerSeconds)
        return drainingSince.map { min(first, $0 + Ticks.of(seconds: Connection.firstRequestGrace)) } ?? first
    }

    private var answerDue: Int64? {
        exchanges.lazy.filter { $0.answer == nil }.map(\.deadline).min()
    }

    func schedule(_ now: Int64) {
        if case .lingering(let until, _) = phase {
            dueAt = until
        } else {
            dueAt = min(writeDue ?? .max, inputDue ?? .max, answerDue ?? .max)
        }
    }

    /// Does what is due. A silent connection is closed silently, a slow request gets 408, a slow handler's client 503.
    func expire(_ now: Int64) {
        if case .lingering(let until, _) = phase {
            if until <= now { end() }
            return
        }
        if let writeDue, writeDue <= now {
            end()
            return
        }
        for index in exchanges.indices where exchanges[index].answer == nil && exchanges[index].deadline <= now {
            exchanges[index].task?.cancel()
            exchanges[index].answer = (Connection.lateAnswer, now)
        }
        if let inputDue, inputDue <= now {
            if requestStarted == nil {
                end()
            } else {
                refuse(RequestFailure(status: 408, detail: "The request came too slowly."))
            }
        }
    }

    private static var lateAnswer: HTTPResponse {
        HTTPResponse.problem(503, detail: "There was no answer in time; the request may be sent again.")
            .with("Retry-After", "1")
    }
}
