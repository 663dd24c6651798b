/// One text to be sent, as its owner (Sender) knows it; the value of `otp.sends`.
///
/// Written as an intent before the provider is asked, and again with every result, so that a restart knows what is
/// unfinished and repeats exactly that, with the same code.
public struct SendJob: Codable, Equatable, Sendable {
    public var request: SendRequest
    public var state: State
    /// Attempts whose result is known.
    public var attempts: Int
    /// When the next attempt is due; nil once the job has ended.
    public var nextAttemptAt: Int64?
    /// When the code's life last began, as far as Sender can tell.
    public var challengedAt: Int64
    /// Whether the last attempt may have reached the shopper: the provider is asked before the text is repeated.
    public var isUncertain: Bool
    /// When that attempt began, in milliseconds since 1970.
    public var uncertainSince: Int64?
    /// The provider's id of the message.
    public var messageId: String?
    public var reason: String?
    public var isDelivered: Bool
    /// The highest offset of `otp.requests` this job has applied.
    public var applied: Int64

    public enum State: String, Codable, Sendable {
        case intended, accepted, failed, stopped
    }

    /// When the code this job sends stops being accepted, counted from its last challenge.
    public var codeExpiresAt: Int64 { challengedAt + Int64(request.codeSeconds) * 1000 }
}

/// A text asked for: `send` on `otp.requests`.
public struct SendRequest: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    public var subject: Subject
    /// After this time the text is no longer sent, in milliseconds since 1970: opening + timer, at most 24 h.
    public var sendBy: Int64

    public init(number: Int, generation: Int, subject: Subject, sendBy: Int64) {
        self.number = number
        self.generation = generation
        self.subject = subject
        self.sendBy = sendBy
    }

    public var codeSeconds: Int { subject.codeSeconds }

    /// The last time at which the first text of a verification opened at `openedAt` may be sent.
    public static func sendBy(openedAt: Int64, timerSeconds: Int) -> Int64 {
        openedAt + min(Int64(timerSeconds), 86_400) * 1000
    }
}

/// What came of asking the provider once: `attempted` on `otp.requests`.
public struct SendAttempt: Codable, Equatable, Sendable {
    public var number: Int
    /// Counts this job's attempts from 1, so that a repeated report is known.
    public var attempt: Int
    public var startedAt: Int64
    public var result: Result

    public init(number: Int, attempt: Int, startedAt: Int64, result: Result) {
        self.number = number
        self.attempt = attempt
        self.startedAt = startedAt
        self.result = result
    }

    public enum Result: Codable, Equatable, Sendable {
        case accepted(messageId: String)
        case refused(reason: String, fault: Verification.Fault)
        /// Surely not sent; `afterMs` is the provider's own wish.
        case retry(afterMs: Int64?, reason: String)
        /// It may have been sent.
        case ambiguous(reason: String)
    }
}

/// A provider's delivery report: `receipt` on `otp.requests`.
public struct DeliveryReceipt: Codable, Equatable, Sendable {
    public var number: Int
    public var messageId: String
    public var outcome: Outcome
    public var reason: String?
    public var fault: Verification.Fault?

    public init(number: Int, messageId: String, outcome: Outcome, reason: String?, fault: Verification.Fault?) {
        self.number = number
        self.messageId = messageId
        self.outcome = outcome
        self.reason = reason
        self.fault = fault
    }

    public enum Outcome: String, Codable, Sendable {
        case sent, delivered, failed
    }
}
