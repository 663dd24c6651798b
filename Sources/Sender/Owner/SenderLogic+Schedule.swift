import Kafka
import Model
import Pipeline

extension SenderLogic {
    /// How soon a shop that this instance has not read yet is looked for again.
    static let shopWaitMs: Int64 = 250
    /// How soon a job is tried again whose reported result was put aside.
    static let releasedWaitMs: Int64 = 5_000

    /// After a commit: ended jobs take their permissions back, open ones are due when they say.
    func settleTouched() {
        for key in touched {
            guard let job = job(key) else { continue }
            track(key, job)
            if let ticket = underWay[key] {
                if !job.isOpen { ticket.stop() }
                if !job.isOpen || job.attempts >= ticket.attempt { underWay[key] = nil }
            }
            if underWay[key] == nil, !restoredOpen.contains(key), let due = job.nextAttemptAt {
                dues.add(key, at: due)
            }
        }
        touched = []
        let now = clock.now()
        for key in released where underWay.removeValue(forKey: key) != nil {
            guard var jobs = table[key.id], let index = jobs.firstIndex(where: { $0.number == key.number })
            else { continue }
            jobs[index] = jobs[index].resumed(now: now)
            table.restore(key.id, jobs)
            dues.add(key, at: now + Self.releasedWaitMs)
        }
        released = []
        undecided.removeFirst(decidedByTick)
        decidedByTick = 0
    }

    /// Hands out what is due and fit; what is due and not fit waits for the next tick's decision.
    func startDue(now: Int64) {
        while let key = dues.take(due: now) {
            guard let job = job(key), underWay[key] == nil,
                let due = job.nextAttemptAt, due <= now
            else { continue }
            let request = job.request.value
            let surroundings = surroundings(key, job, request, table[key.id] ?? [])
            guard SendJob.decide(job, .due, surroundings, now: now).isEmpty,
                let endsAt = endsAt(request, surroundings)
            else {
                undecided.append(key)
                continue
            }
            if case .behind = shops.key(for: request.subject.shop, version: request.subject.shopVersion) {
                dues.add(key, at: now + Self.shopWaitMs)
                continue
            }
            let ticket = Ticket(attempt: job.attempts + 1, lane: lane)
            underWay[key] = ticket
            start(
                Errand(
                    id: key.id, job: job, request: request, codeEndsAt: endsAt, ticket: ticket))
        }
        if !undecided.isEmpty { lane.wake() }
    }

    /// When the text is of no use any more; nil while its code is not known.
    private func endsAt(_ request: SendRequest, _ surroundings: SendJob.Surroundings) -> Int64? {
        guard request.textKind == .code else { return request.sendBy }
        return surroundings.code?.endsAt(seconds: request.codeSeconds)
    }

    /// The decisions that due jobs need before they may start.
    func decideDue(now: Int64) -> [StagedRecord] {
        var draft = Draft()
        for key in undecided {
            take(.due, key, Moment(now: now, offset: nil), &draft)
            // Also where nothing was left to decide: it must not be lost.
            if touched.last != key { touched.append(key) }
        }
        decidedByTick = undecided.count
        return draft.staged(forge, topology)
    }

    /// Keeps count of the jobs that wait for a key.
    func track(_ key: JobKey, _ job: SendJob) {
        if job.lacksKey {
            if keyless.insert(key).inserted { metrics.unknownKey.add(1) }
        } else if keyless.remove(key) != nil {
            metrics.unknownKey.add(-1)
        }
    }

    /// A result that was put aside ends its attempt all the same: the text is looked up and tried again.
    func release(_ message: IncomingRecord) {
        guard let key = message.key.flatMap({ VerificationID(String(decoding: $0, as: UTF8.self)) }) else { return }
        do throws(WireProblem) {
            guard case .attempted(let attempt) = try RequestMessage(message) else { return }
            released.append(JobKey(id: key, number: attempt.number))
        } catch {
            // Unreadable, so no result of ours.
            return
        }
    }
}
