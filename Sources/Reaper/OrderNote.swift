#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Model

/// The line we leave on an order's note: what happened, when, for which masked number. It begins with a marker by which
/// we know that it is there, so it stands there once; what others wrote is never touched.
enum OrderNote {
    enum Happening: Sendable {
        case verified, cancelled, leftFulfilled, leftUncancelled, review
    }

    static func marker(_ id: VerificationID) -> String { "[otp-guard \(id.text.prefix(8))]" }

    static func line(_ intent: SettlementIntent, _ happening: Happening) -> String {
        let why = intent.failure.map { " (\(words(for: $0)))" } ?? ""
        let start = "\(marker(intent.id)) Phone number \(intent.phoneMask)"
        let time = time(intent.outcomeAt)
        switch happening {
        case .verified: return "\(start) verified \(time)"
        case .cancelled: return "\(start) not verified\(why), order cancelled \(time)"
        case .leftFulfilled: return "\(start) not verified\(why) \(time), order not cancelled: already fulfilled"
        case .leftUncancelled: return "\(start) not verified\(why) \(time), the shop did not let us cancel this order"
        case .review: return "\(start) not verified\(why) \(time), please review this order"
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
        guard !note.contains(marker(intent.id)) else { return nil }
        return note.hasSuffix("\n") ? note + line : "\(note)\n\(line)"
    }

    /// `2026-11-20 10:02 UTC`
    private static func time(_ milliseconds: Int64) -> String {
        let text = Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
        return "\(text.prefix(16).replacing("T", with: " ")) UTC"
    }
}
