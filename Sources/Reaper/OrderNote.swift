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
        let start = "\(marker(intent.id)) Phone number \(intent.phoneMask)"
        let time = time(intent.outcomeAt)
        switch happening {
        case .verified: return "\(start) verified \(time)"
        case .cancelled: return "\(start) not verified, order cancelled \(time)"
        case .leftFulfilled: return "\(start) not verified \(time), order not cancelled: already fulfilled"
        case .leftUncancelled: return "\(start) not verified \(time), the shop did not let us cancel this order"
        case .review: return "\(start) not verified \(time), please review this order"
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
