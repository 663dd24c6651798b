import Base
import Model
import Pipeline
import Runtime

extension ReaperPartition {
    /// Takes up the settlement a row asks for, or drops what no row asks for any more.
    func track(_ id: VerificationID, _ intent: SettlementIntent?) {
        if let known = unsettled[id] {
            // A row that changes something else must not disturb what is under way.
            guard known.intent != intent else { return }
            known.ticket.revoke()
            unsettled[id] = nil
            acting.remove(id)
            work.remove(id)
        }
        guard let intent else { return }
        unsettled[id] = Unsettled(intent: intent, ticket: SettlementTicket(), phase: .waiting(SettlementProgress()))
        work.set(id, at: intent.intendedAt)
    }

    /// Hands out the attempts that are due and repeats the reports the record does not show yet.
    func settle(now: Int64) {
        for (id, _) in work.popDue(now: now, limit: min(outbox.room(), Self.tickLimit)) {
            guard var entry = unsettled[id] else { continue }
            switch entry.phase {
            case .acting:
                continue
            case .waiting(let progress):
                entry.phase = .acting
                acting.insert(id)
                unsettled[id] = entry
                begin(entry, progress)
            case .reporting(let result, let asked):
                report(entry, result, number: asked + 1, now: now)
            }
        }
    }

    func takeResults(now: Int64) {
        for letter in mailbox.takeAll() {
            guard letter.ticket.isValid, var entry = unsettled[letter.id], entry.ticket === letter.ticket else {
                continue
            }
            acting.remove(letter.id)
            switch letter.step {
            case .abandoned:
                continue
            case .again(let after, let reason, let progress):
                metrics.retried(reason)
                entry.phase = .waiting(progress)
                unsettled[letter.id] = entry
                work.set(letter.id, at: now + after.millisecondsRoundedUp)
            case .done(let result, let why):
                metrics.settled(entry.intent.action, result)
                note(entry.intent, result, why)
                CrashPoint.reaperDone.reached()
                report(entry, result, number: 1, now: now)
            }
        }
    }

    private func begin(_ entry: Unsettled, _ progress: SettlementProgress) {
        let (id, ticket, mailbox) = (entry.intent.id, entry.ticket, mailbox)
        submit(
            SettlementJob(intent: entry.intent, progress: progress, ticket: ticket) { step in
                mailbox.put(.init(id: id, ticket: ticket, step: step))
            })
    }

    private func report(_ entry: Unsettled, _ result: Settlement.Result, number: Int, now: Int64) {
        var entry = entry
        entry.phase = .reporting(result, asked: number)
        unsettled[entry.intent.id] = entry
        work.set(entry.intent.id, at: now + RepeatDelay.milliseconds(afterAsk: number))
        if number > 1 { metrics.settledRepeated.add() }
        let message = AttemptMessage.settled(result, intended: entry.intent.intendedAt)
        outbox.send(message.record(entry.intent.id, topology)) { _ in }
    }

    private func note(_ intent: SettlementIntent, _ result: Settlement.Result, _ why: String?) {
        let fields: [(String, LogValue)] = [
            ("verification", LogValue(intent.id)), ("shop", .text(intent.shop)), ("order", .text(intent.order)),
            ("action", .text(intent.action.rawValue)), ("result", .text(result.rawValue)),
        ]
        guard let why else { return log.info("settled", fields) }
        log.warning("settled, but not as intended", fields + [("why", .text(why))])
    }
}
