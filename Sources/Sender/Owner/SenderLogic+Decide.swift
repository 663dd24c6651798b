import Kafka
import Model
import Pipeline
import Runtime
import Security

extension SenderLogic {
    /// What a batch leads to, in order; hashes are filled in at its end, all at once.
    struct Draft {
        private enum Entry {
            case ready(StagedRecord)
            case challenge(VerificationID, CodeForge.Work)
        }

        private var entries: [Entry] = []

        mutating func add(_ stage: Stage, _ record: OutgoingRecord) {
            entries.append(.ready(StagedRecord(stage, record)))
        }

        mutating func add(_ staged: [StagedRecord]) {
            entries += staged.map { .ready($0) }
        }

        mutating func challenge(_ id: VerificationID, _ work: CodeForge.Work) {
            entries.append(.challenge(id, work))
        }

        func staged(_ forge: CodeForge, _ topology: Topology) -> [StagedRecord] {
            let works: [CodeForge.Work] = entries.compactMap {
                if case .challenge(_, let work) = $0 { work } else { nil }
            }
            var challenges = forge.challenges(works).makeIterator()
            return entries.compactMap { entry in
                switch entry {
                case .ready(let staged): return staged
                case .challenge(let id, _):
                    return challenges.next().map {
                        StagedRecord(.effect, AttemptMessage.challenged($0).record(id, topology))
                    }
                }
            }
        }
    }

    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        var draft = Draft()
        for record in batch where !Wire.isBeat(record) {
            defer { lane.step() }
            do throws(WireProblem) {
                if try takeOptOut(record) { continue }
                guard let id = VerificationID(try Wire.key(of: record)) else {
                    throw WireProblem("the key is not a verification id")
                }
                take(try RequestMessage(record), id, record, &draft)
            } catch {
                draft.add(bury(record, reason: error.reason))
            }
        }
        draft.add(numberRows())
        return draft.staged(forge, topology)
    }

    private func take(_ message: RequestMessage, _ id: VerificationID, _ record: IncomingRecord, _ draft: inout Draft) {
        let moment = Moment(now: record.timestamp, offset: record.offset)
        switch message {
        case .send(let request):
            take(.send(request), JobKey(id: id, number: request.number), moment, &draft)
        case .stop(let generation):
            for job in table[id] ?? [] {
                take(.stop(throughGeneration: generation), JobKey(id: id, number: job.number), moment, &draft)
            }
        case .attempted(let attempt):
            take(.attempted(attempt), JobKey(id: id, number: attempt.number), moment, &draft)
        case .receipt(let receipt):
            take(.receipt(receipt), JobKey(id: id, number: receipt.number), moment, &draft)
        case .again(let text):
            take(.again(text), JobKey(id: id, number: text.request.number), moment, &draft)
        case .verified:
            let jobs = table[id] ?? []
            // Once for all texts of the verification.
            let first = jobs.allSatisfy { $0.answeredAt == nil } ? jobs.first?.number : nil
            let concerned = jobs.filter { $0.number == first || $0.mayRepeat }
            if concerned.isEmpty { metrics.ignored.add() }
            for job in concerned { take(.verified, JobKey(id: id, number: job.number), moment, &draft) }
        }
    }

    /// When a decision is made: a message's time and offset, or the clock's time and none.
    struct Moment {
        let now: Int64
        let offset: Int64?
    }

    func take(_ command: SendJob.Command, _ key: JobKey, _ moment: Moment, _ draft: inout Draft) {
        var jobs = table[key.id] ?? []
        let index = jobs.firstIndex { $0.number == key.number }
        let before = index.map { jobs[$0] }
        if let before, let offset = moment.offset, before.applied >= offset { return metrics.replays.add() }
        let request = Self.request(command) ?? before?.request.value
        var surroundings = surroundings(key, before, request, jobs)
        if case .attempted(let attempt) = command, attempt.provider.map(reports.silent.contains) == true {
            surroundings.reportMs = nil
        }
        if before == nil, let request { surroundings.refusal = refusal(of: request, moment) }
        let events = SendJob.decide(before, command, surroundings, now: moment.now)
        if let before { keepOptOut(before, command, moment) }
        guard !events.isEmpty else {
            if moment.offset != nil { metrics.ignored.add() }
            return
        }
        var job = before
        for event in events {
            job = SendJob.apply(job, event, now: moment.now, offset: moment.offset)
            if case .answered = event, let job { countVerified(job, moment) }
            tell(event, key, job, request, &draft)
        }
        guard let job else { return }
        draft.add(.state, row(key.id, job))
        if let index { jobs[index] = job.remembered } else { jobs.append(job.remembered) }
        table.set(key.id, jobs)
        touched.append(key)
    }

    private static func request(_ command: SendJob.Command) -> SendRequest? {
        if case .send(let request) = command { request } else { nil }
    }

    func surroundings(_ key: JobKey, _ job: SendJob?, _ request: SendRequest?, _ jobs: [SendJob])
        -> SendJob.Surroundings
    {
        guard let request else { return SendJob.Surroundings() }
        return SendJob.Surroundings(
            code: CodeLife(of: request.generation, in: jobs), hasKey: forge.has(request.subject.keyId),
            spread: Self.spread(key, attempt: job?.attempts ?? 0),
            reportMs: job?.isOpen == true ? reportMs(key.id, request.subject) : nil, reporter: reports.reporter,
            isAnswered: jobs.contains { $0.answeredAt != nil },
            isSuperseded: jobs.contains { $0.number > key.number && $0.request.value.textKind == .code })
    }

    private func reportMs(_ id: VerificationID, _ subject: Subject) -> Int64? {
        guard !reports.countries.isEmpty, !limiter.testPhones.contains(subject.phoneHash) else { return nil }
        return reports.waitMs(for: shops.country(id, subject))
    }

    /// −1…1 from the job's name: those that failed together do not come back together, and a replay decides the same.
    static func spread(_ key: JobKey, attempt: Int) -> Double {
        let hash = Digest.sha256(Array("\(key.id.text)|\(key.number)|\(attempt)".utf8))
        return Double(Int(hash[0]) << 8 | Int(hash[1])) / 32_767.5 - 1
    }

    /// What Verifier is told of an event.
    private func tell(
        _ event: SendJob.Event, _ key: JobKey, _ job: SendJob?, _ request: SendRequest?, _ draft: inout Draft
    ) {
        guard let job else { return }
        metrics.count(event)
        // Verifier counts the texts that carry its code, and no others.
        guard job.request.value.textKind == .code else {
            if case .failed(let reason, let fault) = event { logFailure(key, reason, fault) }
            return
        }
        let report = TextReport(number: job.number, generation: job.generation)
        switch event {
        case .intended, .routed, .retryScheduled, .uncertain, .stopped, .keyFound, .again, .unreported, .forgone,
            .answered:
            break
        case .challenged:
            if let work = request.flatMap({ forge.work(key.id, $0) }) { draft.challenge(key.id, work) }
        case .waiting(_, let reason):
            unknownKey.warn(
                "a text waits for a key that is not in OTP_KEYRING",
                [
                    ("reason", .text(reason)), ("key", .text(request?.subject.keyId ?? "")),
                    ("verification", LogValue(key.id)),
                ])
        case .accepted:
            // Verifier knows of the first sending.
            guard !job.isRepeated else { return }
            draft.add(.effect, AttemptMessage.sent(report).record(key.id, topology))
        case .delivered:
            draft.add(.effect, AttemptMessage.delivered(report).record(key.id, topology))
        case .undelivered(let reason, let again):
            log.info(
                "a text was reported as not delivered",
                [
                    ("verification", LogValue(key.id)), ("number", .number(key.number)), ("reason", .text(reason)),
                ])
            let undelivered = UndeliveredText(
                number: job.number, generation: job.generation, reason: reason, again: again)
            draft.add(.effect, AttemptMessage.undelivered(undelivered).record(key.id, topology))
        case .failed(let reason, let fault):
            logFailure(key, reason, fault)
            let failure = TextFailure(
                number: job.number, generation: job.generation, reason: reason, fault: fault)
            draft.add(.effect, AttemptMessage.failed(failure).record(key.id, topology))
        }
    }

    /// Refusals are counted only: whoever floods us would flood the log.
    private func logFailure(_ key: JobKey, _ reason: String, _ fault: Verification.Fault) {
        guard SendRefusal(rawValue: reason) == nil else { return }
        log.info(
            "a text failed",
            [
                ("verification", LogValue(key.id)), ("number", .number(key.number)), ("reason", .text(reason)),
                ("fault", .text(fault.rawValue)),
            ])
    }

    /// The job's row, in the partition its messages are in.
    private func row(_ id: VerificationID, _ job: SendJob) -> OutgoingRecord {
        var record = Wire.record(Catalogue.sends, topology, key: id.text, type: "send-job", value: Wire.encode(job))
        record.partition = lane.partition
        return record
    }
}
