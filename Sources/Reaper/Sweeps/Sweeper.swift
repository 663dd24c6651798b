import Kafka
import Pipeline
import Runtime
import Synchronization

/// Sweeps the partitions this instance is assigned, one at a time: asks for erasures and writes receipts.
///
/// A sweep that breaks off (the partition was lost, Kafka is away) writes no receipt and is done again.
final class Sweeper: Sendable {
    /// Hands every row of a partition, from the beginning to its end as of now, to the closure; false when it broke
    /// off.
    typealias Stream =
        @Sendable (
            _ partition: Int32, _ isWanted: @escaping @Sendable () -> Bool,
            _ onRecord: @escaping @Sendable (IncomingRecord) -> Void
        ) async -> Bool

    /// What a sweep needs of the world, as values.
    struct Environment: Sendable {
        var topology: Topology
        /// The partitions this instance holds now.
        var assigned: @Sendable () -> [Int32]
        var stream: Stream
        /// Returns once all are acknowledged; blocks.
        var deliver: @Sendable ([OutgoingRecord]) throws -> Void
        /// Blocks for so long.
        var rest: @Sendable (Duration) -> Void
        var now: @Sendable () -> Int64
        /// A row that nobody is to look at: it has ended daemons.
        var passedOver: @Sendable (IncomingRecord) -> Bool = { _ in false }
    }

    private struct State {
        var plan = SweepPlan()
        /// Receipts written by this process, so that not every sweep repeats them.
        var written: Set<String> = []
        var isStopping = false
    }

    private let environment: Environment
    private let erasures: ErasureTable
    private let metrics: ReaperMetrics
    private let log: Log
    private let state = Mutex(State())

    init(_ environment: Environment, erasures: ErasureTable, metrics: ReaperMetrics, log: Log) {
        self.environment = environment
        self.erasures = erasures
        self.metrics = metrics
        self.log = log
    }

    /// Until `stop`.
    func run() async throws {
        while !isStopping {
            if await !sweepNext() { try await Task.sleep(for: .milliseconds(250)) }
        }
    }

    /// Ends what is under way at the next row.
    func stop() { state.withLock { $0.isStopping = true } }

    /// Sweeps the partition that is due, if there is one; false when there is none.
    func sweepNext() async -> Bool {
        let now = environment.now()
        let assigned = environment.assigned()
        let view = erasures.view
        let due = state.withLock { state in
            state.plan.assign(assigned, now: now)
            return state.plan.next(now: now, generation: view.generation)
        }
        guard let partition = due else { return false }
        let isWhole = await sweep(partition, view)
        state.withLock {
            $0.plan.finished(partition, isWhole: isWhole, generation: view.generation, now: environment.now())
        }
        return true
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func sweep(_ partition: Int32, _ view: ErasureTable.View) async -> Bool {
        let pass = SharedPass(
            SweepPass(
                erasures: view, topology: environment.topology, now: environment.now(), ask: environment.deliver,
                rest: environment.rest, passedOver: environment.passedOver))
        let isWanted: @Sendable () -> Bool = { [environment] in
            !self.isStopping && !pass.hasFailed && environment.assigned().contains(partition)
        }
        let isRead = await environment.stream(partition, isWanted) { row in pass.record(row) }
        guard isRead, isWanted() else { return finish(partition, pass.value.withLock { $0 }, isWhole: false) }
        let end: SweepPass
        do {
            end = try await offPool {
                pass.value.withLock { pass in
                    pass.end()
                    return pass
                }
            }
        } catch {
            return finish(partition, pass.value.withLock { $0 }, isWhole: false)
        }
        guard end.failure == nil else { return finish(partition, end, isWhole: false) }
        return finish(partition, end, isWhole: await writeReceipts(partition, end.clean))
    }

    private final class SharedPass: Sendable {
        let value: Mutex<SweepPass>
        private let failed = Atomic(false)
        init(_ pass: SweepPass) { value = Mutex(pass) }

        /// Known without the lock: that is held while a batch is being delivered, and asked for on the cooperative
        /// pool.
        var hasFailed: Bool { failed.load(ordering: .acquiring) }

        /// May block; for the reader's own thread.
        func record(_ row: IncomingRecord) {
            let hasFailed = value.withLock { pass in
                pass.record(row)
                return pass.failure != nil
            }
            if hasFailed { failed.store(true, ordering: .releasing) }
        }
    }

    private func writeReceipts(_ partition: Int32, _ clean: [String]) async -> Bool {
        let missing = state.withLock { state in
            clean.filter { !state.written.contains("\($0)/\(partition)") }
        }
        guard !missing.isEmpty else { return true }
        let at = environment.now()
        let records = missing.map {
            ErasureReceipt(request: $0, partition: partition, cleanAt: at).record(environment.topology)
        }
        do {
            try await offPool { [environment] in try environment.deliver(records) }
        } catch {
            log.warning("receipts were not written", [("partition", .number(partition)), ("error", .error(error))])
            return false
        }
        metrics.receipts.add(records.count)
        state.withLock { $0.written.formUnion(missing.map { "\($0)/\(partition)" }) }
        return true
    }

    private func finish(_ partition: Int32, _ pass: SweepPass, isWhole: Bool) -> Bool {
        (isWhole ? metrics.sweeps : metrics.failedSweeps).add()
        metrics.sweptRows.add(pass.rows)
        metrics.erasuresAsked.add(pass.asked)
        metrics.unreadableRows.add(pass.unreadable)
        log.info(
            isWhole ? "swept" : "a sweep broke off",
            [
                ("partition", .number(partition)), ("rows", .number(pass.rows)), ("asked", .number(pass.asked)),
                ("unreadable", .number(pass.unreadable)), ("error", pass.failure.map { .error($0) } ?? "-"),
            ])
        return isWhole
    }
}
