/// What came of asking the provider once: `attempted` on `otp.requests`.
public struct SendAttempt: Codable, Equatable, Sendable {
    public var number: Int
    /// Counts this job's attempts from 1, so that a repeated report is known.
    public var attempt: Int
    public var startedAt: Int64
    public var result: Result
    /// The name of the provider that was asked; nil where none is known to have been.
    public var provider: String?

    public init(number: Int, attempt: Int, startedAt: Int64, result: Result, provider: String? = nil) {
        self.number = number
        self.attempt = attempt
        self.startedAt = startedAt
        self.result = result
        self.provider = provider
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
    /// Of one not delivered: by whom the same text may go out once more; nil is nobody.
    public var again: Repetition?

    public init(
        number: Int, messageId: String, outcome: Outcome, reason: String?, fault: Verification.Fault?,
        again: Repetition? = nil
    ) {
        self.number = number
        self.messageId = messageId
        self.outcome = outcome
        self.reason = reason
        self.fault = fault
        self.again = again
    }

    public enum Outcome: String, Codable, Sendable {
        case sent, delivered
        /// For good.
        case failed
        /// A later attempt or report may disprove it; nobody's fault.
        case undelivered
    }
}
