import Kafka
import Model
import Pipeline

extension VerifierLogic {
    /// What the world is told of an event: outcomes to subscribers, notices to the shop's owner, requests to Sender,
    /// the verdict to the door that waits.
    func effects(
        of event: VerificationEvent, item: Item, before: Verification?, after: Verification?, now: Int64
    ) -> [StagedRecord] {
        switch event {
        case .opened, .challenged, .challengeRenewed, .guessCounted, .settlementIntended, .reopened:
            return []
        case .textFailed(let failure):
            return optOut(failure, before)
        case .settled(let result):
            return result == .cancelledByUs ? word(.cancelled, item.id, after, now: now) : []
        case .textAsked(let number, let generation):
            // The first text is asked for by Ingest, in the same transaction as `opened`.
            guard number > 1, let after else { return [] }
            return [send(item.id, after, number: number, generation: generation)]
        case .textSent(let report):
            return outcome(.sent, item.id, after, number: report.number, now: now, notice: true)
        case .textDelivered(let report):
            return outcome(.delivered, item.id, after, number: report.number, now: now, notice: false)
        case .textUndelivered(let report):
            return again(item.id, after, report, now: now)
        case .verified:
            return outcome(.verified, item.id, after, now: now, notice: true) + stop(item.id, before)
                + answered(item.id, after) + word(.verified, item.id, after, now: now)
        case .expired(let expiry):
            // Nobody was asked, and the order's `skipped` outcome has been told.
            guard expiry.cause != .skipped else { return [] }
            let kind: OutcomeKind = expiry.cause == .undeliverable ? .undeliverable : .expired
            let isReleased = Release(rawValue: expiry.cause.rawValue) != nil
            return outcome(kind, item.id, after, now: now, notice: true, expiry: expiry)
                + stop(item.id, before, alsoSent: isReleased)
        case .cancelled(let canceller):
            return outcome(.cancelled, item.id, after, now: now, notice: true, by: canceller)
                + stop(item.id, before, alsoSent: true)
        case .phoneReplaced:
            return stop(item.id, before, alsoSent: true)
        case .erased(let erasure):
            let tombstones = OutcomeRecord.tombstones(item.id, shop: erasure.shop, texts: erasure.texts, topology)
            return tombstones.map { StagedRecord(.effect, $0) } + stopAll(item.id, before)
        case .answered(let kind):
            return answer(kind, item, after)
        }
    }

    private func send(_ id: VerificationID, _ state: Verification, number: Int, generation: Int) -> StagedRecord {
        let request = request(state, number: number, generation: generation)
        return StagedRecord(
            .effect, RequestMessage.send(request).record(id, range: state.subject.range, topology))
    }

    /// The latest text goes out once more after a report that it did not arrive, while its code would be taken.
    private func again(
        _ id: VerificationID, _ state: Verification?, _ report: UndeliveredText, now: Int64
    ) -> [StagedRecord] {
        guard let state, let by = report.again, state.status == .pending, report.number == state.lastTextNumber,
            report.generation == state.generation, state.codeLives(at: now)
        else { return [] }
        let request = request(state, number: report.number, generation: report.generation)
        let message = RequestMessage.again(SendAgain(request, by: by))
        return [StagedRecord(.effect, message.record(id, range: state.subject.range, topology))]
    }

    /// A STOP that the provider reports of a text sent before: by then Sender has forgotten whom that went to.
    private func optOut(_ failure: TextFailure, _ state: Verification?) -> [StagedRecord] {
        guard failure.reason == SendRefusal.optedOut.rawValue, let state, state.wasSentToPhone(failure.number),
            let phone = NumberKey(state.subject.phoneHash)
        else { return [] }
        let message = OptOutMessage(phone: phone, isOut: true)
        return [StagedRecord(.effect, message.record(range: state.subject.range, topology))]
    }

    private func request(_ state: Verification, number: Int, generation: Int) -> SendRequest {
        let end =
            state.deadline
            ?? SendRequest.sendBy(
                openedAt: state.statusAt, timerSeconds: state.subject.timerSeconds)
        return SendRequest(number: number, generation: generation, subject: state.subject, sendBy: end)
    }

    /// A text beside the code, where the merchant wants it.
    private func word(_ kind: TextKind, _ id: VerificationID, _ state: Verification?, now: Int64) -> [StagedRecord] {
        guard let state, let request = SendRequest.word(kind, about: state, now: now) else { return [] }
        return [
            StagedRecord(.effect, RequestMessage.send(request).record(id, range: state.subject.range, topology))
        ]
    }

    /// Stops the texts that are still on their way to the provider.
    ///
    /// - Parameter alsoSent: also those that might be sent once more for want of a delivery report; who verifies or is
    ///   too late needs no such word.
    private func stop(_ id: VerificationID, _ state: Verification?, alsoSent: Bool = false) -> [StagedRecord] {
        guard let state, state.texts.contains(where: { $0.state == .asked || (alsoSent && $0.mayGoOutAgain) }) else {
            return []
        }
        let message = RequestMessage.stop(throughGeneration: state.generation)
        return [StagedRecord(.effect, message.record(id, range: state.subject.range, topology))]
    }

    /// Of an erased verification nothing is sent any more. Where it has long ended no text can be on its way.
    private func stopAll(_ id: VerificationID, _ state: Verification?) -> [StagedRecord] {
        // A text sent while it is open may be kept to be sent once more.
        guard let state,
            state.texts.contains(where: { $0.state == .asked || ($0.mayGoOutAgain && state.status == .pending) })
                || state.subject.words != nil
        else { return [] }
        let message = RequestMessage.stop(throughGeneration: SendJob.allGenerations)
        return [StagedRecord(.effect, message.record(id, range: state.subject.range, topology))]
    }

    /// Tells the range's owner that a text there was of use.
    private func answered(_ id: VerificationID, _ state: Verification?) -> [StagedRecord] {
        guard let range = state?.subject.range else { return [] }
        return [StagedRecord(.effect, RequestMessage.verified.record(id, range: range, topology))]
    }

    private func outcome(
        _ kind: OutcomeKind, _ id: VerificationID, _ state: Verification?, number: Int? = nil, now: Int64,
        notice: Bool, expiry: VerificationEvent.Expiry? = nil, by canceller: VerificationEvent.Canceller? = nil
    ) -> [StagedRecord] {
        guard let state else { return [] }
        let subject = state.subject
        let data = OutcomeData(
            verification: id, shop: subject.shop, order: subject.order, orderName: subject.orderName,
            phone: subject.phoneMask, number: number,
            reason: kind == .expired || kind == .undeliverable ? state.reason : nil,
            detail: expiry?.detail.flatMap(FailureCode.of), by: canceller?.rawValue, at: now)
        let record = OutcomeRecord.make(kind, id, data, topology, round: state.roundNumber)
        var staged = [StagedRecord(.effect, record)]
        if notice {
            let notice = Notice(
                verification: id, order: subject.order, outcome: kind, number: number, fault: expiry?.fault,
                phoneHash: subject.phoneHash, round: state.round)
            staged.append(
                StagedRecord(.effect, WebhookMessage.notice(notice).record(shop: subject.shop, topology)))
        }
        return staged
    }

    private func answer(_ kind: Answer.Kind, _ item: Item, _ state: Verification?) -> [StagedRecord] {
        guard let ask = item.ask, (0..<topology.partitions).contains(ask.replyPartition) else { return [] }
        var record = Wire.record(
            Catalogue.verdicts, topology, key: ask.correlation, type: "answer",
            value: Wire.encode(Answer(kind, about: state)))
        record.partition = ask.replyPartition
        return [StagedRecord(.reply, record)]
    }
}
