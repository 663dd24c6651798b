extension Verification {
    /// The decisions of a verification's owner: pure, from the state, the command and the command's own time only.
    ///
    /// - Parameters:
    ///   - state: what the owner knows; nil before `opened` and after `erase`.
    ///   - now: milliseconds since 1970, the timestamp the log gave the command; so a replay decides the same.
    /// - Returns: the events in order; empty when the command changes nothing and nobody waits for an answer.
    public static func decide(_ state: Verification?, _ command: VerificationCommand, now: Int64) -> [VerificationEvent]
    {
        guard let state else { return decideUnopened(command) }
        switch command {
        case .opened(let subject):
            return state.isSkipped ? [.opened(subject), .textAsked(number: 1, generation: 1)] : []
        case .skipped:
            return []
        case .look:
            return [.answered(.seen)]
        case .guess(let guess):
            return state.judge(guess, now: now)
        case .resend:
            return state.decideResend(now: now)
        case .challenged(let challenge):
            return state.decideChallenged(challenge, now: now)
        case .sent(let report):
            return state.decideSent(report)
        case .delivered(let report):
            return state.decideDelivered(report)
        case .failed(let failure):
            return state.decideFailed(failure)
        case .undelivered(let report):
            return state.decideUndelivered(report)
        case .orderCancelled:
            return state.decideOrderCancelled()
        case .released(let release):
            return state.decideReleased(release)
        case .phoneChanged(let subject):
            return state.decidePhoneChanged(subject)
        case .timedOut(let attendedSince):
            return state.decideTimedOut(attendedSince: attendedSince, now: now)
        case .settle(let action, let round):
            return state.decideSettle(action, round: round ?? 0)
        case .settled(let result, let intended):
            return state.decideSettled(result, intended: intended)
        case .erase(let erasure):
            return [.erased(Erasure(shop: erasure.shop, texts: max(erasure.texts, state.lastTextNumber)))]
        }
    }

    private static func decideUnopened(_ command: VerificationCommand) -> [VerificationEvent] {
        switch command {
        case .opened(let subject):
            return [.opened(subject), .textAsked(number: 1, generation: 1)]
        case .skipped(let order):
            let expiry = VerificationEvent.Expiry(cause: .skipped, fault: .ours, detail: order.reason.rawValue)
            return [.opened(order.subject), .expired(expiry), .settlementIntended(.review)]
        case .look, .guess, .resend:
            return [.answered(.unknown)]
        case .erase(let erasure):
            return [.erased(erasure)]
        case .challenged, .sent, .delivered, .failed, .undelivered, .orderCancelled, .released, .phoneChanged,
            .timedOut, .settle, .settled:
            return []
        }
    }

    private func decideResend(now: Int64) -> [VerificationEvent] {
        guard status == .pending else { return [.answered(.closed)] }
        guard resendsLeft > 0 else { return [.answered(.resendLimitReached)] }
        guard now >= resendAllowedAt else { return [.answered(.resendTooSoon)] }
        // The same code while it lives (or is still on its way to its first text), a new generation afterwards.
        let isSameCode = codeHash == nil || codeLives(at: now)
        return [
            .textAsked(number: lastTextNumber + 1, generation: isSameCode ? generation : generation + 1),
            .answered(.resendAsked),
        ]
    }

    private func decideChallenged(_ challenge: Challenge, now: Int64) -> [VerificationEvent] {
        guard status == .pending, challenge.generation == generation else { return [] }
        guard codeHash != nil else { return [.challenged(challenge)] }
        let wasSent = texts.contains { $0.generation == generation && $0.wasSent }
        return wasSent || codeLives(at: now) ? [] : [.challengeRenewed]
    }

    private func decideSent(_ report: TextReport) -> [VerificationEvent] {
        guard let text = text(report), text.state == .asked else { return [] }
        return [.textSent(report)]
    }

    private func decideDelivered(_ report: TextReport) -> [VerificationEvent] {
        guard let text = text(report), text.state != .delivered else { return [] }
        // A receipt can overtake the provider's own answer: what was delivered was also sent.
        let sent: [VerificationEvent] = text.state == .asked ? [.textSent(report)] : []
        return sent + [.textDelivered(report)]
    }

    private func decideFailed(_ failure: TextFailure) -> [VerificationEvent] {
        let report = TextReport(number: failure.number, generation: failure.generation)
        guard let text = text(report), text.state != .failed, text.state != .delivered else { return [] }
        let rest = texts.filter { $0.number >= firstTextOfPhone && $0.number != failure.number }
        let isLastHope =
            failure.number >= firstTextOfPhone && rest.allSatisfy { $0.state == .failed } && status == .pending
        guard isLastHope else { return [.textFailed(failure)] }
        let faults = rest.compactMap(\.fault) + [failure.fault]
        let fault: Fault = faults.allSatisfy { $0 == .number } ? .number : .ours
        return [.textFailed(failure), .expired(.init(cause: .undeliverable, fault: fault, detail: failure.reason))]
    }

    /// The report may be wrong, and the text, or the same one sent once more, may yet arrive: it ends nothing.
    private func decideUndelivered(_ undelivered: UndeliveredText) -> [VerificationEvent] {
        let report = TextReport(number: undelivered.number, generation: undelivered.generation)
        switch text(report)?.state {
        case .asked: return [.textSent(report), .textUndelivered(undelivered)]
        case .sent: return [.textUndelivered(undelivered)]
        case .delivered, .failed, .undelivered, nil: return []
        }
    }

    private func decideOrderCancelled() -> [VerificationEvent] {
        switch status {
        case .pending:
            return [.cancelled(by: .merchant)]
        case .expired:
            guard !isSkipped else { return [] }
            // Once we intend to cancel, a cancelled order is taken for ours: the shop's notice is our own echo.
            return settlement?.action == .cancel && settlement?.result == nil ? [] : [.cancelled(by: .merchant)]
        case .verified, .cancelled:
            return []
        }
    }

    private func decideReleased(_ release: Release) -> [VerificationEvent] {
        guard status == .pending else { return [] }
        let cause: VerificationEvent.Expiry.Cause =
            switch release {
            case .approved: .approved
            case .fulfilled: .fulfilled
            case .paid: .paid
            }
        return [.expired(.init(cause: cause, fault: nil))]
    }

    private func decidePhoneChanged(_ subject: Subject) -> [VerificationEvent] {
        guard subject.phoneHash != self.subject.phoneHash, texts.count < Self.textLimit else { return [] }
        let change: VerificationEvent
        if status == .pending {
            change = .phoneReplaced(newSubject: subject)
        } else if mayReopen {
            change = .reopened(newSubject: subject)
        } else {
            return []
        }
        return [change, .textAsked(number: lastTextNumber + 1, generation: generation + 1)]
    }

    /// Once, where nothing but the number was at fault and the order has not been, and is not to be, cancelled.
    private var mayReopen: Bool {
        isNumberAtFault && roundNumber < Self.lastRound && settlement?.action != .cancel
    }

    private func decideTimedOut(attendedSince: Int64, now: Int64) -> [VerificationEvent] {
        guard status == .pending, let timerStartedAt, let deadline, now >= deadline else { return [] }
        // Where we were away while the timer ran, or every text either failed or is still on its way, the shopper may
        // have had no chance to answer.
        let hadText = textsOfPhone.contains(where: \.wasSent)
        let wasDelivered = textsOfPhone.contains { $0.state == .delivered }
        // Reported as not delivered, and nobody answered: who should have answered may never have been asked.
        if !wasDelivered, textsOfPhone.contains(where: { $0.state == .undelivered }) {
            return [.expired(.init(cause: .undeliverable, fault: .ours, detail: detail))]
        }
        let isOurs = attendedSince > timerStartedAt || !hadText || wasAskedLate
        return [.expired(.init(cause: .timedOut, fault: isOurs ? .ours : nil))]
    }

    /// Whether the current phone's first text was asked for when too little of the timer was left to answer it.
    private var wasAskedLate: Bool {
        guard let deadline, let first = textsOfPhone.first else { return false }
        let timer = Int64(subject.timerSeconds) * 1000
        return deadline - first.askedAt < min(Self.leastAnswerSeconds * 1000, timer / 2)
    }

    private func decideSettle(_ asked: Settlement.Action, round: Int) -> [VerificationEvent] {
        guard settlement == nil, round == roundNumber else { return [] }
        let action = asked == .cancel && mustNotCancel ? .review : asked
        // Whatever became of the order since: the merchant wanted it left alone.
        if status == .expired, reason.flatMap(Release.init) != nil { return [.settlementIntended(.none)] }
        switch (status, action) {
        case (.verified, .tagVerified), (.expired, .cancel), (.expired, .review), (_, .none):
            return status == .pending ? [] : [.settlementIntended(action)]
        case (_, .tagVerified), (_, .cancel), (_, .review):
            return []
        }
    }

    /// No order is cancelled because a text did not arrive, unless the number is surely to blame.
    private var mustNotCancel: Bool {
        reason == VerificationEvent.Expiry.Cause.undeliverable.rawValue && !isNumberAtFault
    }

    private func decideSettled(_ result: Settlement.Result, intended: Int64?) -> [VerificationEvent] {
        guard let settlement, settlement.result == nil, intended == nil || intended == settlement.intendedAt else {
            return []
        }
        guard status == .expired else { return [.settled(result)] }
        switch result {
        case .cancelledByUs: return [.settled(result), .cancelled(by: .us)]
        case .cancelledByMerchant: return [.settled(result), .cancelled(by: .merchant)]
        case .tagged, .fulfilled, .paid, .nothing, .impossible: return [.settled(result)]
        }
    }

    private func text(_ report: TextReport) -> Text? {
        texts.first { $0.number == report.number }
    }
}
