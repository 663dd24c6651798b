/// What may be asked of a verification's owner or reported to it: the messages of `otp.attempts`.
public enum VerificationCommand: Equatable, Sendable {
    case opened(Subject)
    /// An order that nobody can be asked about is to be looked at by a person.
    case skipped(SkippedOrder)
    case look
    case guess(Guess)
    case resend
    case challenged(Challenge)
    case sent(TextReport)
    case delivered(TextReport)
    case failed(TextFailure)
    case undelivered(UndeliveredText)
    /// The shop says that its merchant, or somebody else but us, cancelled the order.
    case orderCancelled
    /// The merchant wants the order as it is: nobody has to answer any longer.
    case released(Release)
    case phoneChanged(Subject)
    /// The timer has ended; `attendedSince` is when Verifier's unbroken presence on this partition began.
    case timedOut(attendedSince: Int64)
    /// - Parameter round: of the verification whose end is settled; nil is the first.
    case settle(Settlement.Action, round: Int? = nil)
    /// - Parameter intended: when what was done had been intended; another settlement's result is none of this one's.
    case settled(Settlement.Result, intended: Int64? = nil)
    case erase(Erasure)
}

/// An order without a number that can get a text. Nobody is asked, and no outcome is told: its `skipped` outcome has
/// been.
public struct SkippedOrder: Codable, Equatable, Sendable {
    /// Without a number.
    public var subject: Subject
    public var reason: SkipReason

    public init(subject: Subject, reason: SkipReason) {
        self.subject = subject
        self.reason = reason
    }
}

/// How a merchant says that an order needs no verification any more.
public enum Release: String, Codable, Sendable, CaseIterable {
    /// The tag `otp-approve`.
    case approved
    /// The order, or a part of it, is on its way.
    case fulfilled
    /// An order that was still to be paid has been.
    case paid
}

/// A code a shopper typed, as its keyed fingerprint, and how it compared with the hash.
public struct Guess: Equatable, Sendable {
    /// HMAC(pepper, id|code) in base64, under the verification's own key; nil when the door did not have that key.
    public var fingerprint: String?
    /// How many digits were typed; nil where the door did not say.
    public var digits: Int?
    public var comparison: Comparison

    public init(fingerprint: String?, digits: Int? = nil, comparison: Comparison = .notMade) {
        self.fingerprint = fingerprint
        self.digits = digits
        self.comparison = comparison
    }

    public enum Comparison: Equatable, Sendable {
        case notMade, same, different
    }
}

/// A code has been made and hashed for a generation, and is about to be sent.
public struct Challenge: Codable, Equatable, Sendable {
    public var generation: Int
    /// bcrypt of the code's keyed fingerprint.
    public var hash: String

    public init(generation: Int, hash: String) {
        self.generation = generation
        self.hash = hash
    }
}

/// What is known of one text message, by its number.
public struct TextReport: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int

    public init(number: Int, generation: Int) {
        self.number = number
        self.generation = generation
    }
}

/// A text that failed for good.
public struct TextFailure: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    /// For example `unreachable`, `opted_out`, `late`, `21211`.
    public var reason: String
    public var fault: Verification.Fault

    public init(number: Int, generation: Int, reason: String, fault: Verification.Fault) {
        self.number = number
        self.generation = generation
        self.reason = reason
        self.fault = fault
    }
}

/// A text that the provider reports as not delivered, for a reason that may pass or be wrong. It says nothing of the
/// number, so it has no fault and can't lead to a cancelled order.
public struct UndeliveredText: Codable, Equatable, Sendable {
    public var number: Int
    public var generation: Int
    /// For example `30008`, or the provider's word where it gave no code.
    public var reason: String
    /// By whom the same text may go out once more; nil is nobody.
    public var again: Repetition?

    public init(number: Int, generation: Int, reason: String, again: Repetition?) {
        self.number = number
        self.generation = generation
        self.reason = reason
        self.again = again
    }
}

/// Removes a record and every outcome it can have had, even where the record itself is gone already.
public struct Erasure: Codable, Equatable, Sendable {
    public var shop: String
    /// How many texts the record had: the outcomes `sent` and `delivered` are numbered by them.
    public var texts: Int

    public init(shop: String, texts: Int) {
        self.shop = shop
        self.texts = texts
    }
}
