import Base
import HTTP
import Model

/// An answer as the JSON API gives it: 200 with its state, or a problem document (RFC 9457) that carries the same state
/// in `verification`.
struct AnswerBody: Encodable, Equatable {
    var status: String?
    /// `verified`, `mismatch` or `codeExpired`; absent where no code was judged.
    var verdict: String?
    var reason: String?
    var attemptsLeft: Int?
    /// RFC 3339; absent until the first text has been accepted.
    var expiresAt: String?
    var codeExpiresAt: String?
    var resendsLeft: Int?
    var resendAllowedAt: String?
    var phone: String?
    var order: String?

    init(_ answer: Answer) {
        status = answer.status?.rawValue
        switch answer.kind {
        case .verified, .mismatch, .codeExpired: verdict = answer.kind.rawValue
        case .seen, .wrongLength, .locked, .closed, .unknown, .resendAsked, .resendTooSoon, .resendLimitReached,
            .unavailable:
            verdict = nil
        }
        reason = answer.reason
        attemptsLeft = answer.attemptsLeft
        expiresAt = Self.text(answer.expiresAt)
        codeExpiresAt = Self.text(answer.codeExpiresAt)
        resendsLeft = answer.resendsLeft
        resendAllowedAt = Self.text(answer.resendAllowedAt)
        phone = answer.phoneMask
        order = answer.orderName
    }

    private static func text(_ milliseconds: Int64?) -> String? {
        milliseconds.map(RFC3339.text)
    }
}

/// A problem document with the verification's state as an extension member.
struct AnswerProblem: Encodable {
    var title: String
    var status: Int
    var detail: String
    var verification: AnswerBody?
}

extension Answer {
    /// The HTTP status of this answer.
    var httpStatus: Int {
        switch kind {
        case .seen, .verified, .mismatch, .codeExpired, .resendAsked: return 200
        case .wrongLength: return 400
        case .unknown: return 404
        case .closed: return 410
        case .locked, .resendTooSoon, .resendLimitReached: return 429
        case .unavailable: return 503
        }
    }

    /// Whole seconds until it makes sense to come again; nil where it never does or always does.
    func retryAfterSeconds(now: Int64) -> Int? {
        let until: Int64?
        switch kind {
        case .locked: until = codeExpiresAt
        case .resendTooSoon: until = resendAllowedAt
        case .resendLimitReached: until = expiresAt
        case .unavailable: return 1
        case .seen, .verified, .mismatch, .wrongLength, .codeExpired, .closed, .unknown, .resendAsked: return nil
        }
        guard let until else { return 1 }
        return max(1, Int((until - now + 999) / 1000))
    }

    /// In plain words, for a problem document.
    var detail: String {
        switch kind {
        case .seen: return "The state of the verification."
        case .verified: return "The phone number is verified."
        case .mismatch: return "The code is wrong."
        case .wrongLength: return "The code of the text has \(codeLength ?? 6) digits. This was not counted."
        case .codeExpired: return "No code is valid at the moment. Ask for another text."
        case .locked: return "Too many wrong codes. Wait until this code's life has ended."
        case .closed: return "The verification is no longer open."
        case .unknown: return "There is no such verification."
        case .resendAsked: return "Another text is on its way."
        case .resendTooSoon: return "The last text is too recent."
        case .resendLimitReached: return "No more texts can be sent for this order."
        case .unavailable: return "The code could not be judged. It was not counted; send it again."
        }
    }
}
