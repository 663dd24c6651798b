/// What a shopper's page or API call is told about a verification: the value of `otp.verdicts`.
///
/// Personal data in it is masked. `kind` decides the HTTP status; the rest describes the state after the decision.
public struct Answer: Codable, Equatable, Sendable {
    public var kind: Kind
    public var status: Verification.Status?
    public var reason: String?
    public var attemptsLeft: Int?
    /// When the verification's timer ends, in milliseconds since 1970; nil before the first text was accepted.
    public var expiresAt: Int64?
    public var codeExpiresAt: Int64?
    public var resendsLeft: Int?
    public var resendAllowedAt: Int64?
    public var shop: String?
    public var orderName: String?
    public var phoneMask: String?
    public var locale: String?
    public var codeLength: Int?

    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A look: the status, nothing judged.
        case seen
        /// The code is right: now, or again.
        case verified
        case mismatch
        /// Not as many digits as the code has; not counted.
        case wrongLength
        /// No code lives that this guess could be compared with; not counted.
        case codeExpired
        /// Five different wrong codes: until the code's life ends nothing is compared.
        case locked
        /// The verification is no longer open.
        case closed
        case unknown
        case resendAsked
        case resendTooSoon
        case resendLimitReached
        /// The guess could not be judged through no fault of the shopper; not counted.
        case unavailable
    }

    /// The answer about `verification` (its state after the decision), or about none.
    public init(_ kind: Kind, about verification: Verification?) {
        self.kind = kind
        guard let verification else { return }
        status = verification.status
        reason = verification.reason
        attemptsLeft = verification.attemptsLeft
        expiresAt = verification.deadline
        codeExpiresAt = verification.codeExpiresAt
        resendsLeft = verification.resendsLeft
        resendAllowedAt = verification.resendAllowedAt
        shop = verification.subject.shop
        orderName = verification.subject.orderName
        phoneMask = verification.subject.phoneMask
        locale = verification.subject.locale
        codeLength = verification.subject.codeLength
    }
}
