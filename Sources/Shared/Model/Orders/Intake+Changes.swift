/// What a platform's later word about an order changes.
extension Intake {
    /// Keeps what settlement will ask for current. Platforms promise no order of arrival: an update older than the one
    /// already applied changes nothing, but for a cancellation, which is never taken back.
    static func decideUpdated(
        _ facts: OrderFacts, _ verification: VerificationID, _ view: View, now: Int64, offset: Int64
    ) -> Decision {
        guard var entry = view.entry else {
            // The update overtook its order: what it says is newer, and the order that follows is a duplicate.
            guard let installation = view.shop?.installation, facts.createdAt >= installation.activatedAt,
                now - facts.createdAt <= startableMs
            else { return Decision(entry: nil, effects: [.ignore(reason: "unknown_order")]) }
            return decidePlaced(facts, verification, view, now: now, offset: offset)
        }
        let isCancelledNow = facts.isCancelled && !entry.isCancelled
        if isOutdated(facts, entry) {
            guard isCancelledNow else { return Decision(entry: nil, effects: [.ignore(reason: "outdated")]) }
            return cancel(entry, offset: offset)
        }
        if mayStartLate(entry, facts, now: now), let installation = view.shop?.installation,
            isAccepted(skipReason(for: facts, installation, view, now: now), installation.settings)
        {
            return decidePlaced(facts, verification, view, now: now, offset: offset)
        }
        let before = entry
        takePayment(&entry, facts, view)
        if let id = entry.verification, let hash = facts.phoneHash, mayReopen(entry, facts, now: now),
            let installation = view.shop?.installation,
            skipReason(for: facts, installation, view.forAnotherNumber, now: now) == nil
        {
            reopen(&entry, facts, phoneHash: hash, view, now: now)
            entry.applied = offset
            return Decision(entry: entry, effects: [.changePhone(id)])
        }
        entry.isFulfilled = facts.isFulfilled
        // Once it is verified, the tag that says so is our own.
        entry.isApproved = entry.isVerified ? facts.hasApproveTag : facts.isApproved
        entry.updatedAt = facts.updatedAt ?? entry.updatedAt
        if isCancelledNow { return cancel(entry, offset: offset) }
        let effects = release(entry, before, facts) + changePhone(&entry, facts, view, now: now)
        guard entry != before else {
            return Decision(entry: nil, effects: effects.isEmpty ? [.ignore(reason: "unchanged")] : effects)
        }
        entry.applied = offset
        return Decision(entry: entry, effects: effects)
    }

    /// The merchant's own word, by tag or by sending the order, closes a verification that is open.
    private static func release(_ entry: OrderEntry, _ before: OrderEntry, _ facts: OrderFacts) -> [Effect] {
        guard let id = entry.openVerification else { return [] }
        let isFulfilledNow = entry.isFulfilled && !before.isFulfilled
        if entry.isApproved, !before.isApproved, facts.hasApproveTag || !isFulfilledNow {
            return [.release(id, .approved)]
        }
        if isFulfilledNow { return [.release(id, .fulfilled)] }
        return entry.isEndedByPayment && !before.isEndedByPayment ? [.release(id, .paid)] : []
    }

    /// Keeps what is known of the money. A row from before that was kept: who pays at the door had not paid.
    private static func takePayment(_ entry: inout OrderEntry, _ facts: OrderFacts, _ view: View) {
        guard facts.payment != .unknown else { return }
        entry.isPaid = facts.payment == .paid ? true : nil
        guard entry.isPaid == true, entry.verification != nil, entry.wasUnpaid == nil else { return }
        entry.wasUnpaid = facts.isCashOnDelivery(also: view.shop?.installation?.settings.codGateways ?? [])
    }

    /// Another usable number takes the place of the one asked, where a new order with it would get its text now;
    /// otherwise it is remembered as one that was not asked, and may be taken by a later update.
    private static func changePhone(
        _ entry: inout OrderEntry, _ facts: OrderFacts, _ view: View, now: Int64
    ) -> [Effect] {
        guard let id = entry.openVerification else { return [] }
        guard facts.phone != .missing, !facts.isPhoneUnread else { return [] }
        guard facts.phoneHash == nil || facts.phoneHash != entry.phoneHash else {
            entry.isUnasked = nil
            return []
        }
        guard let hash = facts.phoneHash, let installation = view.shop?.installation,
            phoneProblem(facts, installation, view, now: now) == nil
        else {
            if facts.isAnotherPhone { entry.isUnasked = true }
            return []
        }
        // An entry from before numbers were kept: the first one seen is the one asked.
        guard entry.phoneHash != nil else {
            entry.phoneHash = hash
            return []
        }
        // Until it is asked.
        entry.isUnasked = true
        guard !entry.isApproved, !entry.isFulfilled, !entry.isEndedByPayment else { return [] }
        let changes = entry.phoneChanges ?? []
        guard changes.count < OrderEntry.mostPhoneChanges else { return [.ignore(reason: "phone_changes")] }
        if let reason = changeReason(facts, installation, view, now: now) {
            return [.ignore(reason: "phone_\(reason.rawValue)")]
        }
        entry.phoneHash = hash
        entry.isUnasked = nil
        entry.phoneChanges = changes + [PhoneChange(at: now, month: view.month, phoneHash: hash)]
        return [.changePhone(id)]
    }

    /// Why another number gets no text though the order is open: what a new order is asked. Its age does not matter,
    /// and a number verified before is asked all the same: this order is not.
    private static func changeReason(
        _ facts: OrderFacts, _ installation: ShopRecord.Installation, _ view: View, now: Int64
    ) -> SkipReason? {
        guard installation.settings.active else { return .shopInactive }
        let platform = view.shop?.platform ?? "shopify"
        return scopeReason(facts, installation.settings, platform: platform)
            ?? budgetReason(installation, view, now: now)
    }

    /// A number corrected within a day, where the one before can't get texts, opens the verification once more: as a
    /// new order would be, at a new order's price. Not where we cancel the order, or have.
    private static func mayReopen(_ entry: OrderEntry, _ facts: OrderFacts, now: Int64) -> Bool {
        guard entry.isNumberAtFault == true, entry.round == nil, entry.settled != .cancel, !entry.isCancelled,
            !entry.isPaidMeanwhile, !facts.isPhoneUnread, facts.phoneHash != entry.phoneHash,
            case .usable = facts.phone, (entry.phoneChanges ?? []).count < OrderEntry.mostPhoneChanges
        else { return false }
        return now - facts.createdAt <= startableMs
    }

    /// Its end is forgotten, so that the next one is counted and settled.
    private static func reopen(
        _ entry: inout OrderEntry, _ facts: OrderFacts, phoneHash: String, _ view: View, now: Int64
    ) {
        entry.round = entry.roundNumber + 1
        entry.isNumberAtFault = nil
        (entry.settled, entry.settledAt) = (nil, nil)
        entry.phoneHash = phoneHash
        entry.isUnasked = nil
        entry.phoneChanges =
            (entry.phoneChanges ?? []) + [PhoneChange(at: now, month: view.month, phoneHash: phoneHash)]
        (entry.isFulfilled, entry.isApproved) = (facts.isFulfilled, facts.isApproved)
        entry.updatedAt = facts.updatedAt ?? entry.updatedAt
    }

    static func decideCancelled(createdAt: Int64, _ view: View, now: Int64, offset: Int64) -> Decision {
        if let entry = view.entry {
            guard !entry.isCancelled else { return Decision(entry: nil, effects: [.ignore(reason: "duplicate")]) }
            return cancel(entry, offset: offset)
        }
        guard let installation = view.shop?.installation else {
            return Decision(entry: nil, effects: [.ignore(reason: "unknown_shop")])
        }
        // An order that can no longer start a verification needs no memory of its end.
        guard createdAt >= installation.activatedAt, now - createdAt <= startableMs else {
            return Decision(entry: nil, effects: [.ignore(reason: "too_old")])
        }
        // The cancellation overtook the order: remember it, so that the order that follows is skipped.
        let entry = OrderEntry(
            verification: nil, skipped: .alreadyCancelled, seenAt: now, isCancelled: true, isFulfilled: false,
            isApproved: false, applied: offset)
        return Decision(entry: entry, effects: [.skip(.alreadyCancelled)])
    }

    private static func cancel(_ known: OrderEntry, offset: Int64) -> Decision {
        var entry = known
        entry.isCancelled = true
        entry.applied = offset
        return Decision(entry: entry, effects: entry.verification.map { [.tellCancelled($0)] } ?? [])
    }

    private static func isOutdated(_ facts: OrderFacts, _ entry: OrderEntry) -> Bool {
        guard let known = entry.updatedAt, let updated = facts.updatedAt else { return false }
        return facts.isPolled ? updated <= known : updated < known
    }
}

extension Intake.View {
    /// For another number of an order that was asked: that it was verified before says nothing of this order.
    fileprivate var forAnotherNumber: Intake.View {
        var view = self
        view.isVerifiedBefore = false
        return view
    }
}
