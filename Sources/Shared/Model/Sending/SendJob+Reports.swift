/// Delivery reports: what they say of a text, and what their absence does.
///
/// Where reports are to be expected, a text that was accepted and not reported on in time goes out once more by another
/// provider, with the same code and number. What becomes of the repetition never undoes that the text was accepted;
/// what the first provider reports late changes nothing but that it was delivered.
extension SendJob {
    func decideReceipt(_ receipt: DeliveryReceipt, _ surroundings: Surroundings, now: Int64) -> [Event] {
        guard state != .failed, !isDelivered else { return [] }
        if isRepeated { return decideReceiptOfTwo(receipt) }
        // A report can overtake the provider's own answer: what it reports on was accepted.
        func accepted(reportBy: Int64? = nil) -> [Event] {
            state == .accepted ? [] : [.accepted(messageId: receipt.messageId, reportBy: reportBy)]
        }
        switch receipt.outcome {
        case .sent: return accepted(reportBy: state == .intended ? reportBy(surroundings, now: now) : nil)
        case .delivered: return accepted() + [.delivered]
        case .failed:
            return accepted() + [.failed(reason: receipt.reason ?? "undelivered", fault: receipt.fault ?? .ours)]
        case .undelivered:
            let told = accepted() + [.undelivered(reason: receipt.reason ?? "undelivered", again: receipt.again)]
            // What nobody may send again does not go out for want of a better report either.
            return told + (awaitsReport && receipt.again == nil ? [.forgone] : [])
        }
    }

    /// Whether it says that the phone's owner answered STOP: to this attempt, or to either message of a text sent
    /// twice, whose own fate that leaves as it is.
    public func tellsOfStop(_ command: Command) -> Bool {
        switch command {
        case .attempted(let attempt):
            guard isOpen, attempt.attempt == attempts + 1, case .refused(let reason, _) = attempt.result else {
                return false
            }
            return reason == SendRefusal.optedOut.rawValue
        case .receipt(let receipt):
            return state != .failed && receipt.outcome == .failed && receipt.reason == SendRefusal.optedOut.rawValue
        case .send, .stop, .again, .verified, .due:
            return false
        }
    }

    /// How long after a report of no delivery the same text goes out once more: a phone that was off, or out of reach,
    /// may be back by then, and a shopper still waits.
    static let repeatMs: Int64 = 180_000

    /// Once a text, and only while its code would still be taken when it arrives.
    func decideAgain(_ text: SendAgain, _ surroundings: Surroundings, now: Int64) -> [Event] {
        guard state == .accepted, !isLive, !isRepeated, !isDelivered, text.request.generation == generation else {
            return []
        }
        let at = now + Self.repeatMs
        guard isWanted(text.request, surroundings, at: at) else { return [] }
        return [.again(text, at: at, passing: surroundings.reporter)]
    }

    /// Whether the same text sent at that time could still be of use.
    private func isWanted(_ request: SendRequest, _ surroundings: Surroundings, at time: Int64) -> Bool {
        let lives = surroundings.code.map { time < $0.endsAt(seconds: request.codeSeconds) } ?? false
        return lives && time <= request.sendBy && surroundings.hasKey && !surroundings.isAnswered
            && !surroundings.isSuperseded
    }

    /// Either of two messages may be meant; until the second one is accepted its id is not known.
    private func decideReceiptOfTwo(_ receipt: DeliveryReceipt) -> [Event] {
        switch receipt.outcome {
        case .delivered: return [.delivered]
        case .sent: return []
        case .undelivered:
            guard state == .accepted, receipt.messageId == messageId else { return [] }
            return [.undelivered(reason: receipt.reason ?? "undelivered", again: nil)]
        case .failed:
            guard state == .accepted, receipt.messageId == messageId else { return [] }
            return [.failed(reason: receipt.reason ?? "undelivered", fault: receipt.fault ?? .ours)]
        }
    }

    /// When the report of a text accepted now is missing; nil where the text could not go out again then.
    func reportBy(_ surroundings: Surroundings, now: Int64) -> Int64? {
        guard let wait = surroundings.reportMs, !isRepeated, request.value.textKind == .code,
            !surroundings.isAnswered, !surroundings.isSuperseded
        else { return nil }
        // The first text sent begins the code's life anew.
        let sent = surroundings.code.flatMap { $0.isSent ? $0 : nil } ?? CodeLife(begunAt: now, isSent: true)
        let at = now + wait
        return at < sent.endsAt(seconds: request.codeSeconds) && at <= request.sendBy ? at : nil
    }

    func decideUnreported(_ surroundings: Surroundings, now: Int64) -> [Event] {
        guard let due = nextAttemptAt, now >= due else { return [] }
        // Without the name of who has it, it might go out by the same provider again.
        let isWanted = isWanted(request.value, surroundings, at: now)
        return [isWanted && route?.provider != nil ? .unreported : .forgone]
    }
}

extension SendJob.Event {
    /// A text that was accepted once does not fail, and can't be stopped any more.
    var ofRepetition: SendJob.Event {
        switch self {
        case .failed, .stopped: .forgone
        case .intended, .challenged, .accepted, .routed, .waiting, .keyFound, .retryScheduled, .uncertain, .delivered,
            .undelivered, .again, .unreported, .forgone, .answered:
            self
        }
    }
}
