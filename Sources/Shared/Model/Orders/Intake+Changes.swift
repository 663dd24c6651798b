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
        entry.isFulfilled = facts.isFulfilled
        entry.isApproved = facts.isApproved
        entry.updatedAt = facts.updatedAt ?? entry.updatedAt
        if isCancelledNow { return cancel(entry, offset: offset) }
        let effects = release(entry, before) + changePhone(&entry, facts, view, now: now)
        guard entry != before else { return Decision(entry: nil, effects: [.ignore(reason: "unchanged")]) }
        entry.applied = offset
        return Decision(entry: entry, effects: effects)
    }

    /// The merchant's own word, by tag or by sending the order, closes a verification that is open.
    private static func release(_ entry: OrderEntry, _ before: OrderEntry) -> [Effect] {
        guard let id = entry.openVerification else { return [] }
        if entry.isApproved, !before.isApproved { return [.release(id, .approved)] }
        return entry.isFulfilled && !before.isFulfilled ? [.release(id, .fulfilled)] : []
    }

    /// Another usable number takes the place of the one asked; one that can get no text leaves it as it is.
    private static func changePhone(
        _ entry: inout OrderEntry, _ facts: OrderFacts, _ view: View, now: Int64
    ) -> [Effect] {
        guard let id = entry.openVerification, let hash = facts.phoneHash, hash != entry.phoneHash,
            let installation = view.shop?.installation, phoneProblem(facts, installation, view, now: now) == nil
        else { return [] }
        defer { entry.phoneHash = hash }
        // An entry from before numbers were kept: the first one seen is the one asked.
        guard entry.phoneHash != nil, !entry.isApproved, !entry.isFulfilled else { return [] }
        return [.changePhone(id)]
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
        return updated < known
    }
}
