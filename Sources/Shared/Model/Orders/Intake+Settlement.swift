/// Verifier's word to the shop's owner that a verification came to an outcome: for usage counts and settlement.
public struct Notice: Codable, Equatable, Sendable {
    public var verification: VerificationID
    public var order: String
    public var outcome: OutcomeKind
    /// The text's number, for `sent` and `delivered`.
    public var number: Int?
    /// Whose fault it is that the shopper could not answer; nil where they could.
    public var fault: Verification.Fault?
    /// The keyed hash of the number that was verified.
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
        var effects: [Effect] = counter(for: notice.outcome).map { [.count($0)] } ?? []
        if notice.outcome == .undeliverable, !entry.wasTexted { effects += giveBack(&entry) }
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

    /// What was never texted counts against no month, its other numbers neither.
    private static func giveBack(_ entry: inout OrderEntry) -> [Effect] {
        let changes = entry.phoneChanges ?? []
        let months = [entry.month].compactMap(\.self) + changes.compactMap(\.month)
        entry.month = nil
        entry.phoneChanges = entry.phoneChanges?.map { PhoneChange(at: $0.at, month: nil) }
        return months.map(Effect.giveBack)
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
        return wantsCancel ? .cancel : .review
    }

    private static func isBraked(_ view: View) -> Bool {
        guard view.mayCancel, let settings = view.shop?.installation?.settings else { return true }
        return view.cancelsInLastHour >= settings.maxCancelsPerHour
    }
}
