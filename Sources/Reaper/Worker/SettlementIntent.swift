import Model

/// What a record's unsettled settlement asks for, and what has to be known to do it. No personal data but the mask.
struct SettlementIntent: Equatable, Sendable {
    let id: VerificationID
    let platform: String
    let shop: String
    let order: String
    let action: Settlement.Action
    let intendedAt: Int64
    let phoneMask: String
    /// When the verification came to its outcome.
    let outcomeAt: Int64
    /// Why its last text could not be sent or delivered; nil where the shopper could answer.
    let failure: String?
    /// Why nobody was asked at all; nil where somebody was.
    let skipped: SkipReason?
    /// Whether the order was still to be paid when it was opened: paid since, it is left alone. Nil where that is not
    /// known: found paid, it is for a person to look at.
    let wasUnpaid: Bool?
    /// How often the verification had been opened again for another number.
    let round: Int

    /// Nil where nothing is to be done (any more).
    init?(_ id: VerificationID, _ verification: Verification) {
        guard let settlement = verification.settlement, settlement.result == nil, settlement.action != .none else {
            return nil
        }
        self.id = id
        platform = verification.subject.platform
        shop = verification.subject.shop
        order = verification.subject.order
        action = settlement.action
        intendedAt = settlement.intendedAt
        phoneMask = verification.subject.phoneMask
        outcomeAt = verification.statusAt
        failure = verification.detail
        skipped = verification.isSkipped ? verification.detail.flatMap(SkipReason.init) : nil
        wasUnpaid = verification.subject.unpaid
        round = verification.roundNumber
    }
}
