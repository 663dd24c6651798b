import Kafka
import Model
import Pipeline
import Runtime

/// The budgets of phones and ranges: asked before a request becomes an intent, written with it, read back with the
/// table.
extension SenderLogic {
    func restoreNumber(_ row: IncomingRecord) {
        do throws(WireProblem) {
            let (key, number) = try NumberMessage.read(row)
            if let number {
                noteApplied(number.applied)
                // For one key the highest applied offset wins.
                if let known = numbers[key], known.applied > number.applied { return }
            }
            numbers.restore(key, number)
        } catch {
            metrics.unreadableRows.add()
        }
    }

    /// Whether a new text may be sent; one that may is counted in the rows of its phone and range.
    func refusal(of request: SendRequest, _ moment: Moment) -> SendRefusal? {
        let subject = request.subject
        guard let offset = moment.offset, let phone = NumberKey(subject.phoneHash), let range = NumberKey(subject.range)
        else { return nil }
        let ask = NumberGate.Ask(
            shop: SendGuard.tag(of: subject.shop), now: moment.now, offset: offset,
            isTest: limiter.testPhones.contains(subject.phoneHash))
        switch NumberGate.decide(numbers.phone(phone), numbers.range(range), ask, limiter.limits) {
        case .passed(let nextPhone, let nextRange):
            if let nextPhone { numbers.set(phone, .phone(nextPhone)) }
            if let nextRange { numbers.set(range, .range(nextRange)) }
            return nil
        case .refused(let refusal):
            metrics.refused(refusal)
            if refusal == .rangeBlocked {
                limiter.blocked.warn("texts into a range of numbers are refused: almost nobody there verifies", [])
            }
            return refusal
        }
    }

    /// A text of this job was of use to somebody.
    func countVerified(_ job: SendJob, _ moment: Moment) {
        guard let offset = moment.offset, let key = NumberKey(job.request.subject.range),
            let next = NumberGate.verified(
                numbers.range(key), now: moment.now, offset: offset, limiter.limits)
        else { return }
        numbers.set(key, .range(next))
    }

    /// Before the jobs' rows in every mode: a job's row says that its message is done.
    func numberRows() -> [StagedRecord] {
        numbers.changed.map { key in
            StagedRecord(
                .effect, NumberMessage.record(key, numbers[key], partition: lane.partition, topology))
        }
    }

    /// How many rows one tick takes away at most.
    static let purgedPerTick = 200

    /// Takes rows away whose time has passed. Not before the input has been caught up with: its messages are decided by
    /// their own times.
    func purgeNumbers(now: Int64) {
        guard isCaughtUp else { return }
        if now >= purgeAt {
            outlived = numbers.outlived(now: now)
            purgeAt = now + 3_600_000
        }
        for key in outlived.suffix(Self.purgedPerTick) where numbers[key]?.isOver(now: now) == true {
            numbers.set(key, nil)
        }
        outlived.removeLast(min(outlived.count, Self.purgedPerTick))
    }
}

extension NumberTable {
    fileprivate func phone(_ key: NumberKey) -> PhoneTexts? {
        if case .phone(let row)? = self[key] { row } else { nil }
    }

    fileprivate func range(_ key: NumberKey) -> RangeTexts? {
        if case .range(let row)? = self[key] { row } else { nil }
    }
}
