/// What has been decided about a verification. `apply` turns it into the next state; Verifier turns it into messages.
public enum VerificationEvent: Equatable, Sendable {
    case opened(Subject)
    case challenged(Challenge)
    /// The life of a code that was never sent starts again.
    case challengeRenewed
    case textAsked(number: Int, generation: Int)
    case textSent(TextReport)
    case textDelivered(TextReport)
    case textFailed(TextFailure)
    case textUndelivered(UndeliveredText)
    /// A wrong code not seen before in this generation.
    case guessCounted(fingerprint: String)
    case verified
    case expired(Expiry)
    case cancelled(by: Canceller)
    /// The texts asked for the old number are to be stopped; `newSubject` holds the new one.
    case phoneReplaced(newSubject: Subject)
    /// The number at fault was replaced: it begins again, once, with the new one.
    case reopened(newSubject: Subject)
    case settlementIntended(Settlement.Action)
    case settled(Settlement.Result)
    case erased(Erasure)
    /// The answer for whoever waits for one; changes nothing.
    case answered(Answer.Kind)

    public enum Canceller: String, Codable, Sendable {
        case us, merchant
    }

    public struct Expiry: Equatable, Sendable {
        public var cause: Cause
        /// Whose fault it is that the shopper could not answer; nil where they could and did not.
        public var fault: Verification.Fault?
        /// Why the last text failed: the provider's code or a limit's; nil where no text decided it.
        public var detail: String?

        public init(cause: Cause, fault: Verification.Fault?, detail: String? = nil) {
            self.cause = cause
            self.fault = fault
            self.detail = detail
        }

        public enum Cause: String, Codable, Sendable, CaseIterable {
            case timedOut = "timed_out"
            case undeliverable
            case approved, fulfilled, paid
            /// Never asked: the order had no number that can get a text.
            case skipped

            /// Those that outcomes tell.
            public static let allCases: [Cause] = [.timedOut, .undeliverable, .approved, .fulfilled, .paid]
        }
    }
}
