import Base
import Model
import Platforms
import Runtime

/// Carries out one attempt at a settlement and turns what went wrong into what to do next.
///
/// Trouble that passes is waited out as long as the record asks for it; a shop that refuses us is asked every few
/// minutes for a day; a no for good is a result with its code in the log.
struct Settler: Sendable {
    /// Between two attempts at a shop that refuses us.
    static let slowly = Duration.seconds(300)
    /// After this long a refusing shop is given up.
    static let patienceMs: Int64 = 24 * 3_600_000
    static let backoff = Backoff(base: .seconds(1), cap: .seconds(60))

    let admin: ShopAdmin
    let access: @Sendable (String) -> ShopAccess
    let now: @Sendable () -> Int64
    /// 0..<1, for the spread of retries.
    let random: @Sendable () -> Double
    let refusing: RefusingShops
    let log: Log
    /// `OTP_CANCEL`.
    var mayCancel = true

    func attempt(_ job: SettlementJob) async -> SettlementStep {
        guard job.ticket.isValid else { return .abandoned }
        // Only Shopify has an API here to act on; elsewhere the outcome itself is the word to the shop.
        guard job.intent.platform == "shopify" else { return .done(.nothing, why: "no_admin_api") }
        switch access(job.intent.shop) {
        case .open(let shop, let policy): return await attempt(job, at: shop, policy)
        case .starting: return .again(after: .seconds(1), .starting, job.progress)
        case .gone: return .done(.impossible, why: "shop_gone")
        case .noToken: return refused(job.intent, job.progress, .noToken, fallback: .impossible)
        }
    }

    private func attempt(_ job: SettlementJob, at shop: ShopRef, _ policy: CancelPolicy) async -> SettlementStep {
        let ticket = job.ticket
        let errand = ShopErrand(
            admin: admin, shop: shop, order: job.intent.order, isWanted: { ticket.isValid })
        var run = SettlementRun(job.intent, job.progress, errand, policy, mayCancel: mayCancel, now: now)
        do throws(ShopErrand.Stop) {
            let step = try await run.act()
            refusing.remove(job.intent.shop)
            return calmed(step)
        } catch {
            guard case .shop(let error) = error, job.ticket.isValid else { return .abandoned }
            return judge(error, job.intent, run.progress, fallback: run.fallback)
        }
    }

    /// The shop has answered: earlier troubles are over.
    private func calmed(_ step: SettlementStep) -> SettlementStep {
        guard case .again(let after, let reason, var progress) = step else { return step }
        progress.failures = 0
        if reason != .cancelFailed { progress.refusedSince = nil }
        return .again(after: after, reason, progress)
    }

    private func judge(
        _ error: ShopAdminError, _ intent: SettlementIntent, _ progress: SettlementProgress,
        fallback: Settlement.Result
    ) -> SettlementStep {
        switch error.kind {
        case .throttled(let after):
            return .again(after: after, .throttled, progress)
        case .transient:
            var progress = progress
            progress.failures += 1
            let wait = error.wait ?? Self.backoff.delay(attempt: progress.failures, random: random())
            return .again(after: wait, .transient, progress)
        case .business(_, let code):
            return .done(fallback, why: code ?? "refused")
        case .unauthorized: return refused(intent, progress, .unauthorized, error, fallback: fallback)
        case .accessDenied: return refused(intent, progress, .accessDenied, error, fallback: fallback)
        case .notFound: return refused(intent, progress, .shopNotFound, error, fallback: fallback)
        case .frozen: return refused(intent, progress, .frozen, error, fallback: fallback)
        case .rejected: return refused(intent, progress, .rejected, error, fallback: fallback)
        }
    }

    private func refused(
        _ intent: SettlementIntent, _ progress: SettlementProgress, _ reason: RetryReason,
        _ error: ShopAdminError? = nil, fallback: Settlement.Result
    ) -> SettlementStep {
        var progress = progress
        let since = progress.refusedSince ?? now()
        progress.refusedSince = since
        guard now() - since < Self.patienceMs else { return .done(fallback, why: reason.rawValue) }
        if refusing.add(intent.shop, now: now()) {
            log.warning(
                "a shop refuses us, settlements are retried for a day",
                [
                    ("shop", .text(intent.shop)), ("verification", LogValue(intent.id)),
                    ("reason", .text(reason.rawValue)), ("error", .text(error?.description ?? "-")),
                ])
        }
        return .again(after: max(error?.wait ?? .zero, Self.slowly), reason, progress)
    }
}
