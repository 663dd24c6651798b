import Browser
import HTTP
import Model
import Testing

@testable import Verifier

/// Every state the page can be in, by name; what looks, reads and contrasts are checked on.
enum Showcase: String, CaseIterable, Sendable {
    case pending, sending, waiting, wrong, badCode, locked, codeOver, resent, tooSoon, limit, noMoreTexts, unavailable
    case verified, already, expired, undeliverable, cancelled, cancelledByUs, unknown

    func answer(_ locale: String) -> Answer {
        Scene.pending { answer in
            answer.locale = locale
            switch self {
            case .pending, .badCode, .unknown: break
            case .sending: (answer.expiresAt, answer.codeExpiresAt) = (nil, nil)
            case .waiting: answer.resendAllowedAt = 1_800_000_045_000
            case .wrong: (answer.kind, answer.attemptsLeft) = (.mismatch, 4)
            case .locked: (answer.kind, answer.attemptsLeft) = (.locked, 0)
            case .codeOver: (answer.kind, answer.codeExpiresAt) = (.codeExpired, 1_799_999_999_000)
            case .resent: (answer.kind, answer.resendAllowedAt) = (.resendAsked, 1_800_000_060_000)
            case .tooSoon: (answer.kind, answer.resendAllowedAt) = (.resendTooSoon, 1_800_000_025_000)
            case .limit: (answer.kind, answer.resendsLeft) = (.resendLimitReached, 0)
            case .noMoreTexts: answer.resendsLeft = 0
            case .unavailable: answer.kind = .unavailable
            case .verified: (answer.kind, answer.status) = (.verified, .verified)
            case .already: answer.status = .verified
            case .expired: (answer.status, answer.reason) = (.expired, "timed_out")
            case .undeliverable: (answer.status, answer.reason) = (.expired, "undeliverable")
            case .cancelled: (answer.status, answer.reason) = (.cancelled, "merchant")
            case .cancelledByUs: (answer.status, answer.reason) = (.cancelled, "us")
            }
        }
    }

    /// The page in this state; complaints about its status are expected.
    func shown(
        _ locale: String = "en", width: Int = 390, isDark: Bool = false, dressed: (Scene) -> Void = { _ in },
        _ look: (Tab) async throws -> Void
    ) async throws {
        let scene = try Scene(answer(locale))
        dressed(scene)
        let wrongLink = "\(scene.origin)/v/00000000-0000-8000-8000-000000000000"
        try await scene.shown(
            width: width, height: width < 600 ? 844 : 900, isDark: isDark, languages: locale,
            address: self == .unknown ? wrongLink : nil, excused: "responded with a status of"
        ) { tab in
            if self == .badCode {
                try await tab.value("document.querySelector('.code').noValidate = true")
                try await tab.insert("12")
                try await tab.loading { try await tab.enterKey() }
            }
            try await look(tab)
        }
    }
}
