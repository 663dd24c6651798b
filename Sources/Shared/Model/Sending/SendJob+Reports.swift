/// Delivery reports: what they say of a text, and what their absence does.
///
/// Where reports are to be expected, a text that was accepted and not reported on in time goes out once more by another
/// provider, with the same code and number. What becomes of the repetition never undoes that the text was accepted; what
/// the first provider reports late changes nothing but that it was delivered.
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
        }
    }

    /// Either of two messages may be meant; until the second one is accepted its id is not known.
    private func decideReceiptOfTwo(_ receipt: DeliveryReceipt) -> [Event] {
        switch receipt.outcome {
        case .delivered: return [.delivered]
        case .sent: return []
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
        let lives = surroundings.code.map { now < $0.endsAt(seconds: request.codeSeconds) } ?? false
        let isWanted =
            lives && now <= request.sendBy && surroundings.hasKey && !surroundings.isAnswered
            && !surroundings.isSuperseded
        // Without the name of who has it, it might go out by the same provider again.
        return [isWanted && route?.provider != nil ? .unreported : .forgone]
    }
}

extension SendJob.Event {
    /// A text that was accepted once does not fail, and can't be stopped any more.
    var ofRepetition: SendJob.Event {
        switch self {
        case .failed, .stopped: .forgone
        case .intended, .challenged, .accepted, .routed, .waiting, .keyFound, .retryScheduled, .uncertain, .delivered,
            .unreported, .forgone, .answered:
            self
        }
    }
}
