import Base
import Model

/// The line we leave on an order's note: what happened, when, for which masked number. It begins with a marker by which
/// we know that it is there, so it stands there once; what others wrote is never touched.
enum OrderNote {
    enum Happening: Sendable {
        case verified, cancelled, leftFulfilled, leftPaid, leftUncancelled, review
    }

    static func marker(_ id: VerificationID) -> String { "[otp-guard \(id.text.prefix(8))]" }

    /// One of its own for an order that nobody could be asked about, and for each number that was asked after the first
    /// had failed: what comes later is told beside it.
    static func marker(_ intent: SettlementIntent) -> String {
        let id = intent.id.text.prefix(8)
        if intent.skipped != nil { return "[otp-guard \(id) not asked]" }
        return intent.round == 0 ? marker(intent.id) : "[otp-guard \(id) number \(intent.round + 1)]"
    }

    static func line(_ intent: SettlementIntent, _ happening: Happening) -> String {
        if let skipped = intent.skipped { return notAsked(intent, skipped) }
        let why = intent.failure.map { " (\(words(for: $0)))" } ?? ""
        let start = "\(marker(intent)) Phone number \(intent.phoneMask)"
        let time = time(intent.outcomeAt)
        switch happening {
        case .verified: return "\(start) verified \(time)"
        case .cancelled: return "\(start) not verified\(why), order cancelled \(time)"
        case .leftFulfilled: return "\(start) not verified\(why) \(time), order not cancelled: already fulfilled"
        case .leftPaid: return "\(start) not verified\(why) \(time), order not cancelled: paid by now"
        case .leftUncancelled: return "\(start) not verified\(why) \(time), the shop did not let us cancel this order"
        case .review: return "\(start) not verified\(why) \(time), please review this order"
        }
    }

    private static func notAsked(_ intent: SettlementIntent, _ reason: SkipReason) -> String {
        "\(marker(intent)) No code was sent: \(words(for: reason)) (\(time(intent.outcomeAt))), please review this order"
    }

    /// Why nobody could be asked, in the merchant's words.
    private static func words(for reason: SkipReason) -> String {
        switch reason {
        case .noPhone: "the order has no phone number"
        case .phoneUnusable: "what stands where the phone number belongs is none that can get a text"
        case .numberType: "the phone number is of a kind that gets no codes, such as a landline or a premium number"
        case .shopInactive, .beforeActivation, .stale, .testOrder, .alreadyCancelled, .alreadyFulfilled, .approved,
            .outOfScope, .countryNotServed, .dailyCap, .channel, .belowMinimum, .countryOutOfScope, .tagMissing,
            .tagExcluded, .customerVerified, .planLimit, .planEnded:
            "the order was skipped: \(reason.rawValue)"
        }
    }

    /// Why no text came, in the merchant's words.
    private static func words(for failure: String) -> String {
        switch SendRefusal(rawValue: failure) {
        case .optedOut: "the phone's owner answered STOP to texts and has not sent START since"
        case .phoneShopBudget, .phoneBudget: "too many texts went to it lately"
        case .shopRangeRate, .rangeBlocked: "too many texts went to numbers like it, and almost nobody there verified"
        case nil: "no text could be delivered: \(failure)"
        }
    }

    /// The note with our line; nil when the line is there already.
    static func appended(to note: String?, _ intent: SettlementIntent, _ happening: Happening) -> String? {
        let line = line(intent, happening)
        guard let note, !note.isEmpty else { return line }
        guard !note.contains(marker(intent)) else { return nil }
        return note.hasSuffix("\n") ? note + line : "\(note)\n\(line)"
    }

    /// `2026-11-20 10:02 UTC`
    private static func time(_ milliseconds: Int64) -> String {
        UTCText.format(milliseconds, "%Y-%m-%d %H:%M UTC")
    }
}
