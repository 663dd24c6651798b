/// The decisions of a shop's owner about its orders: pure, from the shop's own partition only.
public enum Intake {
    /// An order older than this never starts a verification.
    public static let startableMs: Int64 = 24 * 3_600_000
    /// An order older than this leaves a counter only: the ledger does not reach further back.
    public static let rememberedMs: Int64 = 6 * 24 * 3_600_000

    public enum Command: Equatable, Sendable {
        case orderPlaced(OrderFacts, verification: VerificationID)
        /// The platform says that something about the order changed.
        case orderUpdated(OrderFacts, verification: VerificationID)
        /// - Parameter createdAt: of the order, in milliseconds since 1970, from the signed body.
        case orderCancelled(createdAt: Int64)
        case noticed(Notice)
    }

    /// What the owner knows when it decides.
    public struct View: Equatable, Sendable {
        public var shop: ShopRecord?
        public var entry: OrderEntry?
        /// Cancellations this shop was given in the hour before now.
        public var cancelsInLastHour: Int
        /// `OTP_CANCEL=off`: the operator's switch that turns every cancellation into a review.
        public var mayCancel: Bool
        /// Texts of the shop's orders seen in the same day (UTC).
        public var textsToday: Int
        /// The operator's cap for new shops that have none of their own; 0 is none.
        public var newShopCap: Int
        /// What the shop's plan allows at the moment.
        public var plan: PlanStanding
        /// The month of the shop's plan that now is in, `2026-11`.
        public var month: String
        /// Whether the order's number was verified for this shop, as far back as that is kept.
        public var isVerifiedBefore: Bool

        public init(
            shop: ShopRecord?, entry: OrderEntry?, cancelsInLastHour: Int, mayCancel: Bool, textsToday: Int = 0,
            newShopCap: Int = 0, plan: PlanStanding = .open, month: String = "", isVerifiedBefore: Bool = false
        ) {
            self.shop = shop
            self.entry = entry
            self.cancelsInLastHour = cancelsInLastHour
            self.mayCancel = mayCancel
            self.textsToday = textsToday
            self.newShopCap = newShopCap
            self.isVerifiedBefore = isVerifiedBefore
            self.plan = plan
            self.month = month
        }
    }

    public enum Effect: Equatable, Sendable {
        case request(VerificationID)
        case skip(SkipReason)
        case tellCancelled(VerificationID)
        case settle(VerificationID, Settlement.Action)
        case count(UsageCounter)
        /// One verification less is used of what the plan allows for the month.
        case giveBack(month: String)
        /// The number is another one now: a new code goes to it, the old ones are void.
        case changePhone(VerificationID)
        case release(VerificationID, Release)
        /// Above the plan's limit, and the merchant wants such orders tagged: opened, and at once without a text.
        case reviewUnsent(VerificationID, SkipReason)
        /// Nothing is remembered; `reason` names a counter.
        case ignore(reason: String)
        /// The brake turned a cancellation into a review.
        case braked
    }

    public struct Decision: Equatable, Sendable {
        /// The ledger entry after the decision; nil where it stays as it was.
        public var entry: OrderEntry?
        public var effects: [Effect]
    }

    /// - Parameters:
    ///   - now: the input message's timestamp.
    ///   - offset: the input message's offset, remembered as applied.
    public static func decide(_ command: Command, _ view: View, now: Int64, offset: Int64) -> Decision {
        switch command {
        case .orderPlaced(let facts, let verification):
            return decidePlaced(facts, verification, view, now: now, offset: offset)
        case .orderUpdated(let facts, let verification):
            return decideUpdated(facts, verification, view, now: now, offset: offset)
        case .orderCancelled(let createdAt):
            return decideCancelled(createdAt: createdAt, view, now: now, offset: offset)
        case .noticed(let notice):
            return decideNotice(notice, view, now: now, offset: offset)
        }
    }

    static func decidePlaced(
        _ facts: OrderFacts, _ verification: VerificationID, _ view: View, now: Int64, offset: Int64
    ) -> Decision {
        if let entry = view.entry, !mayStartLate(entry, facts, now: now) {
            return Decision(entry: nil, effects: [.ignore(reason: "duplicate")])
        }
        guard let installation = view.shop?.installation else {
            return Decision(entry: nil, effects: [.ignore(reason: "unknown_shop")])
        }
        guard now - facts.createdAt <= rememberedMs else {
            return Decision(entry: nil, effects: [.ignore(reason: "too_old")])
        }
        let found = skipReason(for: facts, installation, view, now: now)
        let reason = isAccepted(found, installation.settings) ? nil : found
        if view.entry == nil, let unread = unread(facts, reason) {
            return Decision(entry: nil, effects: [.ignore(reason: unread)])
        }
        var entry = OrderEntry(
            verification: reason == nil ? verification : nil, skipped: reason, seenAt: now,
            skippedAt: reason == nil ? view.entry?.seenAt : nil, isCancelled: facts.isCancelled,
            isFulfilled: facts.isFulfilled, isApproved: facts.isApproved,
            updatedAt: facts.updatedAt, applied: offset)
        if let reason { return Decision(entry: entry, effects: [.skip(reason)]) }
        entry.phoneHash = facts.phoneHash
        entry.wasUnpaid = facts.isUnpaid(also: installation.settings.codGateways ?? [])
        let isAtDoor = facts.isCashOnDelivery(also: installation.settings.codGateways ?? [])
        entry.outlivesPayment = isAtDoor || installation.settings.orders == .cod ? nil : true
        entry.isPaid = facts.payment == .paid ? true : nil
        entry.customerHash = installation.settings.skipVerified == true ? facts.customerHash : nil
        if let found { return Decision(entry: entry, effects: [.reviewUnsent(verification, found)]) }
        entry.month = view.month
        return Decision(entry: entry, effects: [.request(verification), .count(.requested), .count(.charged)])
    }

    /// What a poll can't tell of an order that it is the first to speak of: its webhook may still come, and decides
    /// then.
    private static func unread(_ facts: OrderFacts, _ reason: SkipReason?) -> String? {
        guard let reason else { return nil }
        if facts.isPhoneUnread, reason.isOfPhone { return "phone_unread" }
        let isDraft = facts.channel.flatMap { SalesChannel(source: $0) } == .drafts
        return facts.isPolled && isDraft && reason == .channel ? "draft_unread" : nil
    }

    /// Whether an order is opened: nothing is against it, or only the plan, and such orders are to be tagged.
    static func isAccepted(_ reason: SkipReason?, _ settings: ShopSettings) -> Bool {
        guard let reason else { return true }
        return [.planLimit, .planEnded].contains(reason) && settings.aboveLimit == .review
    }

    /// Whether an order without a number that can get a text is one to look at: where one with such a number would be
    /// opened.
    public static func mayReviewSkipped(_ reason: SkipReason, _ view: View, now: Int64) -> Bool {
        guard reason.isOfPhone, let installation = view.shop?.installation,
            installation.settings.onUnusablePhone != .ignore
        else { return false }
        return isAccepted(budgetReason(installation, view, now: now), installation.settings)
    }

    /// A number added within a day, where there was none that can get a text, may let one verification follow.
    static func mayStartLate(_ entry: OrderEntry, _ facts: OrderFacts, now: Int64) -> Bool {
        guard let skipped = entry.skipped, skipped.isOfPhone,
            !entry.isCancelled, case .usable = facts.phone
        else { return false }
        return now - facts.createdAt <= startableMs
    }

    /// Why the order gets no verification; the first of these that holds. What the merchant's rules say comes after
    /// what the order itself rules out, and before its number is looked at.
    static func skipReason(
        for facts: OrderFacts, _ installation: ShopRecord.Installation, _ view: View, now: Int64
    ) -> SkipReason? {
        let settings = installation.settings
        guard settings.active else { return .shopInactive }
        guard now - facts.createdAt <= startableMs else { return .stale }
        guard facts.createdAt >= installation.activatedAt else { return .beforeActivation }
        guard !facts.isTest else { return .testOrder }
        guard !facts.isCancelled else { return .alreadyCancelled }
        guard !facts.isFulfilled else { return .alreadyFulfilled }
        guard !facts.isApproved else { return .approved }
        let platform = view.shop?.platform ?? "shopify"
        if let reason = scopeReason(facts, settings, platform: platform) { return reason }
        if let problem = phoneProblem(facts, installation, view, now: now) { return problem }
        guard settings.skipVerified != true || !view.isVerifiedBefore else { return .customerVerified }
        return budgetReason(installation, view, now: now)
    }

    /// Why the shop gets no text at the moment, whatever the order; nil where it does.
    static func budgetReason(_ installation: ShopRecord.Installation, _ view: View, now: Int64) -> SkipReason? {
        let cap = dailyCap(installation, view, now: now)
        if cap > 0, view.textsToday >= cap { return .dailyCap }
        switch view.plan {
        case .open: return nil
        case .full: return .planLimit
        case .ended: return .planEnded
        }
    }

    /// Why the order's number gets no text; nil where it may.
    static func phoneProblem(
        _ facts: OrderFacts, _ installation: ShopRecord.Installation, _ view: View, now: Int64
    ) -> SkipReason? {
        switch facts.phone {
        case .missing: return .noPhone
        case .unusable: return .phoneUnusable
        case .refused: return .numberType
        case .usable(let country):
            let served = view.shop?.countriesServed(installation, and: facts.shippingCountry, now: now)
            if let served, let country, !served.contains(country) { return .countryNotServed }
            return nil
        }
    }

    /// How long a shop is new.
    static let newShopMs: Int64 = 30 * 24 * 3_600_000

    /// Texts a day; 0 is no cap.
    private static func dailyCap(_ installation: ShopRecord.Installation, _ view: View, now: Int64) -> Int {
        let isNew = now - installation.activatedAt < newShopMs
        return installation.settings.dailyCap ?? (isNew ? view.newShopCap : 0)
    }
}
