import Model
import Synchronization

/// One attempt at a settlement, on its way through the pool. The ticket is the partition's hold on it.
struct SettlementJob: Sendable {
    let intent: SettlementIntent
    let progress: SettlementProgress
    let ticket: SettlementTicket
    /// Called once, on any thread, unless the ticket was revoked.
    let report: @Sendable (SettlementStep) -> Void
}

/// Valid until the partition is lost or the record needs no settlement any more; asked before every change at a shop.
final class SettlementTicket: Sendable {
    private let valid = Atomic(true)

    var isValid: Bool { valid.load(ordering: .acquiring) }

    func revoke() { valid.store(false, ordering: .releasing) }
}

/// What is remembered from one attempt to the next. Losing it (a restart) costs time only: every attempt begins with
/// the order as it is.
struct SettlementProgress: Equatable, Sendable {
    struct CancelJob: Equatable, Sendable {
        let id: String
        let startedAt: Int64
        var polls = 0
    }

    /// A cancellation under way at the shop.
    var cancelJob: CancelJob?
    /// Since when the shop has called an uncancelled order impossible to cancel.
    var invalidSince: Int64?
    /// Since when cancellations end at the shop without the order being cancelled.
    var cancelFailedSince: Int64?
    /// Failures in a row that may pass by themselves.
    var failures = 0
    /// Since when the shop has been refusing us.
    var refusedSince: Int64?
}

/// How an attempt ended.
enum SettlementStep: Equatable, Sendable {
    /// For good; `why` is a code or a word for the log where it is not what was intended.
    case done(Settlement.Result, why: String?)
    /// To be tried again after so long.
    case again(after: Duration, RetryReason, SettlementProgress)
    /// The ticket was revoked on the way: nobody waits for a result.
    case abandoned
}

enum RetryReason: String, Sendable, CaseIterable {
    /// The shop's budget is used up.
    case throttled
    case transient
    /// The shop works on our cancellation.
    case cancelling
    /// The shop ended our cancellation and the order is not cancelled.
    case cancelFailed = "cancel_failed"
    case unauthorized
    case accessDenied = "access_denied"
    case shopNotFound = "shop_not_found"
    case frozen
    /// The shop's API did not understand us.
    case rejected
    /// The shop has no token here, or one that does not open.
    case noToken = "no_token"
    /// The table of shops is still being read.
    case starting
}
