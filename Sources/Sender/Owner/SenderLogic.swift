import Base
import Kafka
import Model
import Pipeline
import Runtime

/// Sender's desk for one partition of `otp.requests`: decides with the model's pure functions, hashes new codes on the
/// pool, hands attempts to the worker once their intent is durable.
///
/// In memory stay the live jobs, and the ended ones for eight days without the person and the provider's id: that is
/// what duplicates, delivery reports and the life of a code need, and what a report's row repeats. A message that can't
/// be read goes to the dead letters; it never stops the partition.
final class SenderLogic: DeskLogic {
    struct JobKey: Hashable {
        let id: VerificationID
        let number: Int
    }

    let lane: Lane
    let topology: Topology
    let forge: CodeForge
    let shops: ShopDirectory
    let metrics: SenderMetrics
    let clock: Clock
    let log: Log
    let unknownKey: RateLimitedWarning
    let limiter: SendGuard
    let reports: ReportRule
    let start: @Sendable (Errand) -> Void

    var table = UndoTable<VerificationID, [SendJob]>()
    /// Jobs whose row the last decision or tick wrote.
    var touched: [JobKey] = []
    var dues = DeadlineHeap<JobKey>()
    /// Attempts whose result has not been decided yet.
    var underWay: [JobKey: Ticket] = [:]
    /// Due jobs that need a decision before they may start: a tick makes it.
    var undecided: [JobKey] = []
    /// How many of them the tick before the verdict has taken.
    var decidedByTick = 0
    /// Jobs of the table that wait until the input has been caught up with: their results may still stand in it.
    var restoredOpen: Set<JobKey> = []
    /// Jobs whose reported result was put aside unread.
    var released: [JobKey] = []
    var keyless: Set<JobKey> = []
    /// Budgets of this partition's phones and ranges.
    let numbers = NumberTable()
    /// Rows of it that may have had their time.
    var outlived: [NumberKey] = []
    var purgeAt: Int64 = 0
    private(set) var isCaughtUp = false
    private var beats = Beats()
    private var highestApplied: Int64?
    private var forgetAt: Int64 = 0

    init(
        lane: Lane, topology: Topology, forge: CodeForge, shops: ShopDirectory, metrics: SenderMetrics, clock: Clock,
        log: Log, unknownKey: RateLimitedWarning, limiter: SendGuard, reports: ReportRule = .none,
        start: @escaping @Sendable (Errand) -> Void
    ) {
        self.lane = lane
        self.topology = topology
        self.forge = forge
        self.shops = shops
        self.metrics = metrics
        self.clock = clock
        self.log = log
        self.unknownKey = unknownKey
        self.limiter = limiter
        self.reports = reports
        self.start = start
    }

    func job(_ key: JobKey) -> SendJob? {
        table[key.id]?.first { $0.number == key.number }
    }

    // MARK: Restore

    func restore(_ row: IncomingRecord) {
        guard !Wire.isBeat(row) else { return }
        if row.topic == topology.name(Catalogue.numbers) { return restoreNumber(row) }
        guard let id = row.key.flatMap({ VerificationID(String(decoding: $0, as: UTF8.self)) }) else {
            return metrics.unreadableRows.add()
        }
        guard row.value != nil else { return table.restore(id, nil) }
        do throws(WireProblem) {
            let job = try Wire.decode(SendJob.self, from: row)
            noteApplied(job.applied)
            var jobs = table[id] ?? []
            // For one job the highest applied offset wins, among equals the latest row.
            if let known = jobs.first(where: { $0.number == job.number }), known.applied > job.applied { return }
            jobs.removeAll { $0.number == job.number }
            jobs.append(job.remembered)
            table.restore(id, jobs)
        } catch {
            metrics.unreadableRows.add()
        }
    }

    func restored(now: Int64) {
        forget(now: now)
        table.forEach { id, jobs in
            for job in jobs where job.isLive { restoredOpen.insert(JobKey(id: id, number: job.number)) }
        }
    }

    func appliedOffset() -> Int64? { highestApplied }

    func noteApplied(_ offset: Int64) { highestApplied = max(highestApplied ?? -1, offset) }

    /// Takes up what was unfinished: its own attempt may have been under way when the predecessor ended.
    func caughtUp(now: Int64) {
        for key in restoredOpen {
            guard var jobs = table[key.id], let index = jobs.firstIndex(where: { $0.number == key.number }),
                jobs[index].isLive
            else { continue }
            jobs[index] = jobs[index].resumed(now: now)
            table.restore(key.id, jobs)
            dues.add(key, at: jobs[index].nextAttemptAt ?? now)
            track(key, jobs[index])
        }
        restoredOpen = []
        isCaughtUp = true
    }

    // MARK: The desk's verdicts

    func tick(now: Int64) -> [StagedRecord] {
        if now >= forgetAt {
            forget(now: now)
            forgetAt = now + 3_600_000
        }
        purgeNumbers(now: now)
        return beats.due(now: now, partition: lane.partition, topology) + decideDue(now: now) + numberRows()
    }

    func committed() {
        table.commit()
        numbers.commit()
        beats.commit()
        settleTouched()
        startDue(now: clock.now())
    }

    func rolledBack() {
        table.rollback()
        numbers.rollback()
        beats.rollback()
        touched = []
        released = []
        decidedByTick = 0
    }

    func closed() {
        for ticket in underWay.values { ticket.close() }
        metrics.unknownKey.add(-Double(keyless.count))
        keyless = []
        underWay = [:]
    }

    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] {
        metrics.deadLetters.add()
        release(message)
        let letter = DeadLetter.record(message, reason: reason, daemon: "otp-sender", forge.keyring, topology)
        return [StagedRecord(.effect, letter)]
    }

    /// Texts that ended this long ago are nobody's concern any more: older than all messages about them.
    static let rememberedMs: Int64 = 8 * 24 * 3_600_000

    private func forget(now: Int64) {
        table.forget { _, jobs in
            jobs.allSatisfy { !$0.isLive && now - $0.changedAt > Self.rememberedMs }
        }
    }
}
