/// Verifier's word to the shop's owner that a verification came to an outcome: for usage counts and settlement.
public struct Notice: Codable, Equatable, Sendable {
    public var verification: VerificationID
    public var order: String
    public var outcome: OutcomeKind
    /// The text's number, for `sent` and `delivered`.
    public var number: Int?
    /// Whose fault it is that the shopper could not answer; nil where they could.
    public var fault: Verification.Fault?
    /// The keyed hash of the number that the verification asked last; nil from an older version, but for `verified`.
    public var phoneHash: String?
    /// How often the verification had been opened again for another number; nil is never.
    public var round: Int?

    public init(
        verification: VerificationID, order: String, outcome: OutcomeKind, number: Int?, fault: Verification.Fault?,
        phoneHash: String? = nil, round: Int? = nil
    ) {
        self.verification = verification
        self.order = order
        self.outcome = outcome
        self.number = number
        self.fault = fault
        self.phoneHash = phoneHash
        self.round = round
    }

    /// Texts are numbered through; of each end there is one a round.
    var key: String { number.map { "\(outcome.rawValue)/\($0)" } ?? Self.key(of: outcome, round: round ?? 0) }

    static func key(of end: OutcomeKind, round: Int) -> String {
        round == 0 ? end.rawValue : "\(end.rawValue)/r\(round)"
    }
}

/// What is counted per shop and month.
public enum UsageCounter: String, Codable, Sendable, CaseIterable {
    case requested, sent, verified, expired, cancelled, undeliverable
    /// What counts against the plan's limit: an order that was to be verified and whose text could be sent.
    case charged
}

extension Intake {
    static func decideNotice(_ notice: Notice, _ view: View, now: Int64, offset: Int64) -> Decision {
        guard var entry = view.entry else { return Decision(entry: nil, effects: [.ignore(reason: "no_entry")]) }
        guard !entry.counted.contains(notice.key) else {
            return Decision(entry: nil, effects: [.ignore(reason: "duplicate")])
        }
        entry.counted.append(notice.key)
        entry.applied = offset
        if (notice.round ?? 0) > entry.roundNumber { follow(notice, &entry) }
        if notice.outcome == .sent { noteSent(notice, &entry) }
        var effects: [Effect] = counter(for: notice.outcome).map { [.count($0)] } ?? []
        effects += giveBack(after: notice, &entry)
        // What ended before the order was opened again has nothing left to settle.
        guard (notice.round ?? 0) == entry.roundNumber else { return Decision(entry: entry, effects: effects) }
        if notice.outcome == .undeliverable, notice.fault == .number { entry.isNumberAtFault = true }
        if let action = action(for: notice, entry, view), entry.settled == nil {
            let braked = action == .cancel && isBraked(view)
            let settled: Settlement.Action = braked ? .review : action
            entry.settled = settled
            entry.settledAt = now
            effects.append(.settle(notice.verification, settled))
            if braked { effects.append(.braked) }
        }
        return Decision(entry: entry, effects: effects)
    }

    /// Verifier opened it again by itself: the change met an end that had not been heard of here.
    private static func follow(_ notice: Notice, _ entry: inout OrderEntry) {
        entry.round = notice.round
        entry.isNumberAtFault = nil
        (entry.settled, entry.settledAt) = (nil, nil)
    }

    /// The text of a number that took another's place went out. The first text is always the first number's. A notice
    /// of a version that named no number is taken for the next one's.
    private static func noteSent(_ notice: Notice, _ entry: inout OrderEntry) {
        guard notice.number != 1, let changes = entry.phoneChanges else { return }
        let index =
            if let hash = notice.phoneHash {
                changes.lastIndex { $0.phoneHash == hash }
            } else {
                changes.firstIndex { $0.isSent != true }
            }
        if let index { entry.phoneChanges?[index].isSent = true }
    }

    /// What was never texted counts against no month: all numbers where no text was sent, and those that came after the
    /// end.
    private static func giveBack(after notice: Notice, _ entry: inout OrderEntry) -> [Effect] {
        guard OrderEntry.ends.contains(notice.outcome) else { return [] }
        let changes = entry.phoneChanges ?? []
        let isUntexted = notice.outcome == .undeliverable && !entry.wasTexted
        let isOther = asksAnother(than: notice, entry)
        // Those of the numbers that the verification never heard of.
        let late = isOther ? lateChanges(notice, changes) : changes.endIndex..<changes.endIndex
        var given: [String?] = []
        func take(_ indices: Range<Int>) {
            for index in indices {
                given.append(entry.phoneChanges?[index].month)
                entry.phoneChanges?[index].month = nil
            }
        }
        if isUntexted {
            given.append(entry.month)
            entry.month = nil
            take(0..<late.lowerBound)
        }
        // The number may still open it once more, and is asked then.
        if !mayReopen(after: notice) { take(late) }
        return given.compactMap { $0.map(Effect.giveBack) }
    }

    /// The changes that came after the number of the notice; at least the last.
    private static func lateChanges(_ notice: Notice, _ changes: [PhoneChange]) -> Range<Int> {
        guard !changes.isEmpty else { return 0..<0 }
        if let index = changes.lastIndex(where: { $0.phoneHash == notice.phoneHash }) {
            return min(index + 1, changes.count - 1)..<changes.count
        }
        // The first number's, where all others are known.
        return (changes.allSatisfy { $0.phoneHash != nil } ? 0 : changes.count - 1)..<changes.count
    }

    /// Whether Verifier opens it again when the word of another number comes after this end.
    private static func mayReopen(after notice: Notice) -> Bool {
        notice.outcome == .undeliverable && notice.fault == .number && (notice.round ?? 0) == 0
    }

    /// Whether the number at the order is, by all that is known, another one than the one the verification asked.
    private static func asksAnother(than notice: Notice, _ entry: OrderEntry) -> Bool {
        guard let asked = notice.phoneHash, let known = entry.phoneHash else { return false }
        return asked != known
    }

    private static func counter(for outcome: OutcomeKind) -> UsageCounter? {
        switch outcome {
        case .sent: return .sent
        case .verified: return .verified
        case .expired: return .expired
        case .undeliverable: return .undeliverable
        case .cancelled: return .cancelled
        case .delivered, .skipped: return nil
        }
    }

    /// What to do at the shop, from the current settings and what is known of the order; nil where the outcome asks
    /// for no settlement.
    private static func action(for notice: Notice, _ entry: OrderEntry, _ view: View) -> Settlement.Action? {
        switch notice.outcome {
        case .sent, .delivered, .skipped: return nil
        case .verified: return .tagVerified
        case .cancelled: return Settlement.Action.none
        case .expired, .undeliverable: break
        }
        guard let settings = view.shop?.installation?.settings else { return Settlement.Action.none }
        guard !entry.isCancelled, !entry.isFulfilled, !entry.isApproved, !entry.isPaidMeanwhile else {
            return Settlement.Action.none
        }
        // Our own trouble never cancels an order.
        guard notice.fault != .ours else { return .review }
        let wantsCancel =
            notice.outcome == .expired ? settings.cancelOnTimeout : settings.onUndeliverable == .cancel
        // Nobody asked the number that stands at the order.
        guard entry.isUnasked != true, !asksAnother(than: notice, entry) else { return .review }
        return wantsCancel ? .cancel : .review
    }

    private static func isBraked(_ view: View) -> Bool {
        guard view.mayCancel, let settings = view.shop?.installation?.settings else { return true }
        return view.cancelsInLastHour >= settings.maxCancelsPerHour
    }
}
