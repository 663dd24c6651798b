/// One order's verification as its owner, Verifier, knows it; the value of `otp.records`.
///
/// A plain value: `decide` reads it, `apply` makes the next one, nothing else changes it. It holds no code and no phone
/// in the clear: the code as a bcrypt hash, the phone sealed, hashed and masked.
public struct Verification: Codable, Hashable, Sendable {
    /// What the verification is about; fixed when it is opened, but for a changed phone.
    public var subject: Subject
    /// Milliseconds since 1970 of the order's acceptance.
    public var openedAt: Int64
    public var status: Status
    /// Why the status is what it is: `timed_out`, `undeliverable`, `approved`, `fulfilled`, `paid`, `skipped`, `us`,
    /// `merchant`; nil while pending or verified.
    public var reason: String?
    /// Why the last text failed or was reported as not delivered: a code of the provider's, or of one of our limits.
    /// Nil once one was delivered, or where the end had another reason.
    public var detail: String?
    public var statusAt: Int64
    /// Counts the codes made for this order, from 1. A new code is a new generation.
    public var generation: Int
    /// The current code's bcrypt hash; nil until Sender has challenged this generation.
    public var codeHash: String?
    /// When the current code stops being accepted; nil while there is none.
    public var codeExpiresAt: Int64?
    /// Fingerprints of the different wrong codes of this generation; five of them lock it.
    public var wrongGuesses: [String]
    /// Every text asked for, in order of its number, from 1.
    public var texts: [Text]
    /// The first text number that went to the current phone.
    public var firstTextOfPhone: Int
    /// When a provider accepted the first text: the timer runs from here.
    public var timerStartedAt: Int64?
    public var settlement: Settlement?
    /// How often it has been opened again for another number; nil is never.
    public var round: Int?
    /// How often another phone took the place of the one before; nil is never, or written before this was counted.
    public var phoneChanges: Int?
    /// The highest offset of `otp.attempts` this state has applied.
    public var applied: Int64

    public enum Status: String, Codable, Sendable, CaseIterable {
        case pending, verified, expired, cancelled
    }

    /// What became of one text message.
    public struct Text: Codable, Hashable, Sendable {
        public var number: Int
        public var generation: Int
        public var state: State
        public var askedAt: Int64
        public var fault: Fault?

        public enum State: String, Codable, Sendable {
            case asked, sent, delivered, failed
            /// The provider reports that it did not arrive, which a later attempt or report may disprove: nobody's
            /// fault.
            case undelivered
        }

        /// Whether its provider's silence, or its report, may have it sent once more.
        public var mayGoOutAgain: Bool { state == .sent || state == .undelivered }

        /// Whether a provider has taken it and not said for good that it failed.
        var wasSent: Bool {
            switch state {
            case .sent, .delivered, .undelivered: true
            case .asked, .failed: false
            }
        }
    }

    /// Whose fault a failed text is. Only `number` may lead to a cancelled order.
    public enum Fault: String, Codable, Sendable {
        case number, ours
    }
}

extension Verification {
    /// Whether nobody was ever asked: a number that comes later opens it as if it were new.
    public var isSkipped: Bool { status == .expired && reason == VerificationEvent.Expiry.Cause.skipped.rawValue }

    /// Different wrong codes that one generation allows.
    public static let guessLimit = 5
    /// Texts of one verification, whatever they were asked for: another phone is refused from here on.
    public static let textLimit = 8
    /// How often a verification may be opened again for another number.
    public static let lastRound = 1
    /// Texts a shopper may ask for beyond the first.
    public static let resendLimit = 3
    /// Who was asked with less of the timer left than this, or than half of it, can't be blamed for not answering.
    static let leastAnswerSeconds: Int64 = 300
    /// The wait before the first resend, doubled by each one after it.
    public static let resendCoolDownSeconds: Int64 = 30

    /// When the timer ends; nil before a provider has accepted the first text.
    public var deadline: Int64? {
        timerStartedAt.map { $0 + Int64(subject.timerSeconds) * 1000 }
    }

    /// The round with 0 for the first.
    public var roundNumber: Int { round ?? 0 }

    /// The texts that went to the current phone.
    var textsOfPhone: ArraySlice<Text> { texts.drop { $0.number < firstTextOfPhone } }

    /// Whether a provider has taken this text to the current phone.
    public func wasSentToPhone(_ number: Int) -> Bool { textsOfPhone.contains { $0.number == number && $0.wasSent } }

    /// Whether it ended because every text to the phone failed by the number's fault.
    public var isNumberAtFault: Bool {
        status == .expired && reason == VerificationEvent.Expiry.Cause.undeliverable.rawValue
            && textsOfPhone.allSatisfy { $0.state == .failed && $0.fault == .number }
    }

    public var attemptsLeft: Int { max(0, Self.guessLimit - wrongGuesses.count) }

    public var isLocked: Bool { attemptsLeft == 0 }

    /// The number of the latest text asked for.
    public var lastTextNumber: Int { texts.last?.number ?? 0 }

    /// The phones it has had after the first one.
    var changedPhones: Int { phoneChanges ?? (firstTextOfPhone > 1 ? 1 : 0) }

    /// The texts that were not the first one to their phone.
    private var resends: Int { max(0, texts.count - 1 - changedPhones) }

    public var resendsLeft: Int { max(0, min(Self.resendLimit - resends, Self.textLimit - texts.count)) }

    /// The earliest time at which another text may be asked for.
    public var resendAllowedAt: Int64 {
        guard let last = texts.last else { return openedAt }
        let doublings = min(resends, Self.resendLimit)
        return last.askedAt + (Self.resendCoolDownSeconds << Int64(doublings)) * 1000
    }

    public func codeLives(at now: Int64) -> Bool {
        guard codeHash != nil, let codeExpiresAt else { return false }
        return now < codeExpiresAt
    }
}
