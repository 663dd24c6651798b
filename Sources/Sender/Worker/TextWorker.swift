import Base
import Kafka
import Model
import Pipeline
import Runtime
import Synchronization

/// Makes attempts, so many at once, and brings every result back as a message on the owner's own input.
///
/// A result is repeated to Kafka until it is acknowledged or its partition is no longer ours; then the next owner looks
/// the text up. Errands wait in order; those the provider may not be asked for yet are held and take no place. Stopping
/// drops those that wait and gives those under way a few seconds.
final class TextWorker: Sendable {
    typealias Report = @Sendable (OutgoingRecord) async throws(KafkaError) -> Void

    static let drainTime = StopBudget.calls

    private let attempt: TextAttempt
    private let topology: Topology
    private let metrics: SenderMetrics
    private let log: Log
    private let report: Report
    private let errands: AsyncStream<Errand>
    private let queue: AsyncStream<Errand>.Continuation
    /// One for each attempt that may be under way.
    private let permits: AsyncStream<Void>
    private let permit: AsyncStream<Void>.Continuation
    private let isStopping = Atomic(false)
    private let underWay = Atomic(0)
    /// Errands that wait for the provider, by when to try again; not yet begun as far as anybody knows.
    private let held = Mutex(DeadlineHeap<Errand>())

    init(
        concurrency: Int, attempt: TextAttempt, topology: Topology, metrics: SenderMetrics, log: Log,
        report: @escaping Report
    ) {
        self.attempt = attempt
        self.topology = topology
        self.metrics = metrics
        self.log = log
        self.report = report
        (errands, queue) = AsyncStream.makeStream()
        (permits, permit) = AsyncStream.makeStream()
        for _ in 0..<concurrency { permit.yield() }
    }

    /// From any thread; after `stop` it is dropped.
    func submit(_ errand: Errand) {
        queue.yield(errand)
    }

    /// Until `stop`.
    func run() async {
        await withDiscardingTaskGroup { group in
            var permits = permits.makeAsyncIterator()
            for await errand in errands {
                guard await permits.next() != nil, !isStopping.load(ordering: .acquiring) else { break }
                underWay.add(1, ordering: .acquiringAndReleasing)
                group.addTask {
                    await self.make(errand)
                    self.underWay.subtract(1, ordering: .acquiringAndReleasing)
                    self.permit.yield()
                }
            }
            await drain()
            group.cancelAll()
        }
    }

    /// Begins again what was held and is due: beside `run`, a few times a second.
    func releaseHeld() {
        for (errand, _) in takeHeld(due: attempt.clock.now()) { submit(errand) }
    }

    /// What is held and due by then, with its time.
    func takeHeld(due now: Int64 = .max) -> [(errand: Errand, at: Int64)] {
        let due = held.withLock { held in
            var due: [(Errand, Int64)] = []
            while let at = held.next, let errand = held.take(due: now) { due.append((errand, at)) }
            return due
        }
        metrics.held.add(-Double(due.count))
        return due
    }

    /// At the latest when there is something else to decide about it: that its code or its time has ended.
    private func hold(_ errand: Errand, until: Int64, placedBy: String? = nil) {
        var errand = errand
        errand.placedBy = placedBy
        let at = min(until, errand.request.sendBy + 1, errand.codeEndsAt)
        held.withLock { $0.add(errand, at: at) }
        metrics.held.add(1)
    }

    func stop() {
        isStopping.store(true, ordering: .releasing)
        queue.finish()
        permit.finish()
    }

    private func drain() async {
        let end = ContinuousClock.now + Self.drainTime
        while underWay.load(ordering: .acquiring) > 0, ContinuousClock.now < end {
            guard await pause(.milliseconds(10)) else { return }
        }
    }

    func make(_ errand: Errand) async {
        let result: SendAttempt
        switch await attempt.perform(errand) {
        case .result(let known): result = known
        case .held(let until): return hold(errand, until: until)
        case .placed(let at, let provider): return hold(errand, until: at, placedBy: provider)
        case .dropped: return
        }
        var record = RequestMessage.attempted(result).record(
            errand.id, range: errand.request.subject.range, topology)
        record.partition = errand.ticket.lane.partition
        var wait: Duration = .milliseconds(100)
        while errand.ticket.mayReport {
            do throws(KafkaError) {
                try await report(record)
                return CrashPoint.senderReported.reached()
            } catch {
                log.warning(
                    "the result of an attempt could not be written yet",
                    [("verification", LogValue(errand.id)), ("error", .error(error))])
            }
            guard await pause(wait) else { break }
            wait = min(wait * 2, .seconds(2))
        }
        metrics.dropped.add()
    }

    /// False when the worker gives up meanwhile.
    private func pause(_ duration: Duration) async -> Bool {
        do {
            try await Task.sleep(for: duration)
            return true
        } catch {
            return false
        }
    }
}
