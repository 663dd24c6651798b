import Base
import Kafka
import Model
import Pipeline
import Runtime

/// One partition of `otp.records` as Reaper follows it: whose timer ends when, and what is to be done at the shops.
///
/// Holds nothing that the records do not say: losing it loses time only. Whatever it asks or reports is repeated until
/// a row shows that it has arrived. Confined to the reader's executor.
final class ReaperPartition: AssignedPartition {
    let partition: Int32
    let topology: Topology
    let outbox: Outbox
    let metrics: ReaperMetrics
    let log: Log
    let submit: @Sendable (SettlementJob) -> Void
    private let clock: Clock
    let mailbox = SettlementMailbox()
    var timers = PartitionTimers()
    var unsettled: [VerificationID: Unsettled] = [:]
    /// When which of `unsettled` is to be tried or reported.
    var work = DeadlineQueue<VerificationID>()
    /// Those of `unsettled` that are in the pool.
    var acting: Set<VerificationID> = []
    private var beats: PartitionBeats
    private var isCaughtUp = false
    private var sinceTick = 0
    private var shown: (timers: Int, unsettled: Int) = (0, 0)

    /// Most asks, reports and attempts of one tick each: other partitions want their turn.
    static let tickLimit = 1000
    /// Rows between two looks at the clock: ticks don't come while rows wait, and timers end all the same.
    static let rowsPerTick = 64

    init(
        _ partition: Int32, topology: Topology, outbox: Outbox, metrics: ReaperMetrics, log: Log, clock: Clock,
        submit: @escaping @Sendable (SettlementJob) -> Void
    ) {
        self.partition = partition
        self.topology = topology
        self.outbox = outbox
        self.metrics = metrics
        self.log = log
        self.clock = clock
        self.submit = submit
        beats = PartitionBeats(partition, topology)
    }

    func record(_ row: IncomingRecord) {
        take(row)
        sinceTick += 1
        if sinceTick >= Self.rowsPerTick { tick(now: clock.now()) }
    }

    private func take(_ row: IncomingRecord) {
        guard !Wire.isBeat(row) else { return }
        guard let id = row.key.flatMap({ VerificationID(String(decoding: $0, as: UTF8.self)) }) else {
            return metrics.unreadableRows.add()
        }
        guard row.value != nil else { return forget(id) }
        do throws(WireProblem) {
            let verification = try Wire.decode(Verification.self, from: row)
            timers.update(id, deadline: verification.status == .pending ? verification.deadline : nil)
            track(id, SettlementIntent(id, verification))
        } catch {
            metrics.unreadableRows.add()
        }
    }

    func caughtUp(now: Int64) {
        isCaughtUp = true
        show()
    }

    func tick(now: Int64) {
        sinceTick = 0
        guard isCaughtUp else { return }
        takeResults(now: now)
        askTimedOut(now: now)
        settle(now: now)
        beats.send(now: now, outbox)
        show()
    }

    func due(now: Int64) -> Int64? {
        guard isCaughtUp else { return nil }
        // What an attempt leaves is looked for until it is there.
        if !acting.isEmpty { return now }
        return [timers.earliest(), work.earliest()].compactMap { $0 }.min()
    }

    func lost() {
        isCaughtUp = false
        for entry in unsettled.values { entry.ticket.revoke() }
        unsettled = [:]
        acting = []
        work = DeadlineQueue()
        timers = PartitionTimers()
        show()
    }

    private func forget(_ id: VerificationID) {
        timers.update(id, deadline: nil)
        track(id, nil)
    }

    private func askTimedOut(now: Int64) {
        for due in timers.due(now: now, limit: min(outbox.room(), Self.tickLimit)) {
            if due.number == 1 {
                metrics.timedOutAsked.add()
                metrics.lateness.observe(.milliseconds(now - due.deadline))
            } else {
                metrics.timedOutRepeated.add()
            }
            outbox.send(AttemptMessage.timedOut.record(due.id, topology)) { _ in }
        }
    }

    /// Keeps the process-wide gauges by adding what has changed here.
    private func show() {
        guard (timers.count, unsettled.count) != shown else { return }
        metrics.timersPending.add(Double(timers.count - shown.timers))
        metrics.unsettled.add(Double(unsettled.count - shown.unsettled))
        shown = (timers.count, unsettled.count)
    }
}
