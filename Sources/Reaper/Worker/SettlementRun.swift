import Base
import Model
import Platforms

/// One attempt at one settlement: reads the order, does what is still missing, says how it ended.
///
/// Every attempt may be the first or a repetition after a crash at any point: what is done already is seen on the
/// order and not done again. `fallback` is the result if the shop says no for good from here on.
struct SettlementRun {
    static let verifiedTag = "otp-verified"
    static let cancelledTag = "otp-cancelled"
    static let unverifiedTag = "otp-unverified"
    /// How much earlier than our intent a cancellation may be dated and still be ours: two clocks.
    static let clockSlackMs: Int64 = 2000
    /// How long a cancellation may stay under way before the order alone is asked.
    static let cancelDeadlineMs: Int64 = 10 * 60_000
    /// How long an order that stays uncancelled is asked to be cancelled again.
    static let cancelPatienceMs: Int64 = 24 * 3_600_000
    static let cancelBackoff = Backoff(base: .seconds(1), cap: .seconds(30), jitter: 0)

    let intent: SettlementIntent
    let errand: ShopErrand
    let policy: CancelPolicy
    /// `OTP_CANCEL`: off turns what was meant to be cancelled into a review, up to the last moment.
    let mayCancel: Bool
    let now: @Sendable () -> Int64
    var progress: SettlementProgress
    private(set) var fallback = Settlement.Result.impossible

    init(
        _ intent: SettlementIntent, _ progress: SettlementProgress, _ errand: ShopErrand, _ policy: CancelPolicy,
        mayCancel: Bool = true, now: @escaping @Sendable () -> Int64
    ) {
        self.intent = intent
        self.errand = errand
        self.policy = policy
        self.mayCancel = mayCancel
        self.now = now
        self.progress = progress
    }

    mutating func act() async throws(ShopErrand.Stop) -> SettlementStep {
        switch intent.action {
        case .none: return .done(.nothing, why: nil)
        case .tagVerified: return try await tagVerified()
        case .review: return try await review()
        case .cancel: return try await cancel()
        }
    }

    private mutating func tagVerified() async throws(ShopErrand.Stop) -> SettlementStep {
        guard let order = try await errand.read() else { return .done(.impossible, why: "no_order") }
        try await mark(order, Self.verifiedTag, .verified, result: .tagged)
        try await removeUnverified(order)
        return .done(.tagged, why: nil)
    }

    /// Of a number before, or of an order that nobody could be asked about before.
    private func removeUnverified(_ order: OrderSnapshot) async throws(ShopErrand.Stop) {
        let outdated = order.tags.filter { $0.lowercased() == Self.unverifiedTag }
        if !outdated.isEmpty { try await errand.removeTags(outdated) }
    }

    private mutating func review() async throws(ShopErrand.Stop) -> SettlementStep {
        guard let order = try await errand.read() else { return .done(.impossible, why: "no_order") }
        guard !Self.isApproved(order) else { return .done(.nothing, why: "approved") }
        try await mark(order, Self.unverifiedTag, .review, result: .tagged)
        return .done(.tagged, why: nil)
    }

    /// The merchant's word, however late it came. The second tag is ours only on orders that were verified, and those
    /// are not reviewed or cancelled.
    private static func isApproved(_ order: OrderSnapshot) -> Bool {
        order.tags.contains { ["otp-approve", verifiedTag].contains($0.lowercased()) }
    }

    private mutating func cancel() async throws(ShopErrand.Stop) -> SettlementStep {
        var wasFollowed = false
        if var job = progress.cancelJob {
            let isOver = now() - job.startedAt >= Self.cancelDeadlineMs
            if !isOver, try await !errand.jobDone(job.id) {
                job.polls += 1
                progress.cancelJob = job
                return wait(.cancelling, attempt: job.polls + 1)
            }
            progress.cancelJob = nil
            wasFollowed = true
        }
        guard let order = try await errand.read() else { return .done(.impossible, why: "no_order") }
        if let ended = try await endIfDecided(order) { return ended }
        guard !wasFollowed else { return try await cancelFailed(order) }
        guard mayCancel else {
            try await mark(order, Self.unverifiedTag, .review, result: .tagged)
            return .done(.tagged, why: "cancel_off")
        }
        return try await startCancelling()
    }

    private mutating func startCancelling() async throws(ShopErrand.Stop) -> SettlementStep {
        let job: CancelJob
        do {
            job = try await errand.cancel(policy.cancellation(of: intent.order, OrderNote.line(intent, .cancelled)))
        } catch .shop(let error) {
            guard case .business(_, let code) = error.kind else { throw .shop(error) }
            return try await judgeRefusal(code)
        }
        progress.invalidSince = nil
        if let id = job.id, !job.done {
            progress.cancelJob = .init(id: id, startedAt: now())
            return wait(.cancelling, attempt: 1)
        }
        guard let order = try await errand.read() else { return .done(.impossible, why: "no_order") }
        if let ended = try await endIfDecided(order) { return ended }
        return try await cancelFailed(order)
    }

    /// The shop took our cancellation, ended it, and the order stands.
    private mutating func cancelFailed(_ order: OrderSnapshot) async throws(ShopErrand.Stop) -> SettlementStep {
        let since = progress.cancelFailedSince ?? now()
        progress.cancelFailedSince = since
        guard now() - since < Self.cancelPatienceMs else { return try await giveUp(order, why: "cancel_failed") }
        return .again(after: Settler.slowly, .cancelFailed, progress)
    }

    /// An order that can't be cancelled is at least marked for a person to see.
    private mutating func giveUp(_ order: OrderSnapshot, why: String) async throws(ShopErrand.Stop) -> SettlementStep {
        try await mark(order, Self.unverifiedTag, .leftUncancelled, result: .impossible)
        return .done(.impossible, why: why)
    }

    /// INVALID stands for many things: cancelled by now, a cancellation of ours from before a restart still under way,
    /// or an order that can't be cancelled. The order tells, in time.
    private mutating func judgeRefusal(_ code: String?) async throws(ShopErrand.Stop) -> SettlementStep {
        guard let order = try await errand.read() else { return .done(.impossible, why: "no_order") }
        if let ended = try await endIfDecided(order) { return ended }
        guard code == "INVALID" else { return try await giveUp(order, why: code ?? "refused") }
        let since = progress.invalidSince ?? now()
        progress.invalidSince = since
        guard now() - since < Self.cancelDeadlineMs else { return try await giveUp(order, why: "INVALID") }
        return .again(after: .seconds(30), .cancelling, progress)
    }

    /// The end of a cancellation, where the order as it is leaves no more to decide.
    private mutating func endIfDecided(_ order: OrderSnapshot) async throws(ShopErrand.Stop) -> SettlementStep? {
        if let cancelledAt = order.cancelledAt {
            guard cancelledAt >= intent.intendedAt - Self.clockSlackMs else {
                return .done(.cancelledByMerchant, why: nil)
            }
            fallback = .cancelledByUs
            try await mark(order, Self.cancelledTag, .cancelled, result: .cancelledByUs)
            try await removeUnverified(order)
            return .done(.cancelledByUs, why: nil)
        }
        if Self.isApproved(order) { return .done(.nothing, why: "approved") }
        if ["FULFILLED", "PARTIALLY_FULFILLED"].contains(order.fulfillment) {
            fallback = .fulfilled
            try await mark(order, Self.unverifiedTag, .leftFulfilled, result: .fulfilled)
            return .done(.fulfilled, why: nil)
        }
        if intent.wasUnpaid != false, ["PAID", "PARTIALLY_REFUNDED"].contains(order.financial) {
            guard intent.wasUnpaid != nil else {
                try await mark(order, Self.unverifiedTag, .review, result: .tagged)
                return .done(.tagged, why: "maybe_paid")
            }
            fallback = .paid
            try await mark(order, Self.unverifiedTag, .leftPaid, result: .paid)
            return .done(.paid, why: nil)
        }
        return nil
    }

    /// Adds what is missing of tag and note. The note is read again where time has passed since `order` was read.
    private mutating func mark(
        _ order: OrderSnapshot, _ tag: String, _ happening: OrderNote.Happening, result: Settlement.Result
    ) async throws(ShopErrand.Stop) {
        var order = order
        if !order.tags.contains(where: { $0.lowercased() == tag }) {
            try await errand.addTags([tag])
            fallback = result
            guard OrderNote.appended(to: order.note, intent, happening) != nil else { return }
            guard let again = try await errand.read() else { return }
            order = again
        }
        fallback = result
        guard let note = OrderNote.appended(to: order.note, intent, happening) else { return }
        try await errand.setNote(note)
    }

    private func wait(_ reason: RetryReason, attempt: Int) -> SettlementStep {
        .again(after: Self.cancelBackoff.delay(attempt: attempt, random: 0), reason, progress)
    }
}
