import CRdKafka
import Base
import Dispatch

/// The half of a lane that may block: logic, settlement, restore. Everything mutable is touched only on its serial
/// queue, which is the proof for `@unchecked Sendable`. A partition keeps its queue while the desk lives, so that a new
/// lane opens only after the old one has closed (its late `init_transactions` would fence the new one).
final class LaneWorker: @unchecked Sendable {
    enum Report: Sendable {
        /// Restored: where the input goes on, where it ended then, how many rows the tables had.
        case opened(position: Int64, end: Int64, rows: Int)
        /// A batch, a tick or a burial is durable. `next` is the input's next offset, nil after a tick; `owes`: that
        /// offset is not committed, for nothing was written with it.
        case settled(next: Int64?, messages: Int, wroteTick: Bool, owes: Bool, buried: Bool)
        case undone(batch: [IncomingRecord], reason: KafkaError)
        case told
        case closed
        case failed(KafkaError)
        /// The partition went away in the middle; only closing is left.
        case abandoned
    }

    let lane: Lane
    private let queue: DispatchQueue
    private let context: DeskContext
    private let report: @Sendable (LaneWorker, Report) -> Void
    private let settlement: any Settlement
    private var logic: (any DeskLogic)?
    /// Decided up to here, with nothing to write: settled with whatever comes next.
    private var owed: Int64?
    private let place: Int64

    init(
        _ lane: Lane, _ queue: DispatchQueue, _ context: DeskContext,
        report: @escaping @Sendable (LaneWorker, Report) -> Void
    ) {
        self.lane = lane
        self.queue = queue
        self.context = context
        self.report = report
        settlement = context.settlement(lane)
        place = FaultWatch.add { [notes = context.notes] in notes.crashed(lane, signal: $0) }
    }

    deinit { FaultWatch.remove(place) }

    func open() {
        run("opening") { worker throws(KafkaError) in
            guard worker.lane.isOwned else { return .abandoned }
            let logic = worker.context.makeLogic(worker.lane)
            worker.logic = logic
            guard try worker.settlement.open(while: { worker.lane.isOwned }) else { return .abandoned }
            guard let committed = worker.context.notes.read(worker.lane) else { return .abandoned }
            let rows = try worker.context.restore(worker.lane) { row in
                worker.lane.works(on: .init(offsets: row.offset...row.offset, table: row.topic))
                logic.restore(row)
            }
            worker.lane.works(on: nil)
            guard let rows, let input = worker.context.inputRange(worker.lane) else { return .abandoned }
            try worker.context.check(worker.lane.partition, input, committed, applied: logic.appliedOffset())
            logic.restored(now: Clock.system.now())
            return .opened(position: max(committed, input.low), end: input.high, rows: rows)
        }
    }

    /// Decides and settles a batch. With `buryOnRefusal` it is a single message that was refused before: refused once
    /// more, its burial is settled instead.
    func decide(_ batch: [IncomingRecord], _ metadata: GroupMetadata?, buryOnRefusal: Bool) {
        run("deciding") { worker in
            guard let logic = worker.logic, let last = batch.last else { return .abandoned }
            defer { worker.lane.works(on: nil) }
            let staged = worker.working(on: batch) { logic.decide(batch) }
            let next = last.offset + 1
            if staged.isEmpty && worker.settlement.isCostly {
                worker.owed = next
                logic.committed()
                return .settled(next: next, messages: batch.count, wroteTick: false, owes: true, buried: false)
            }
            switch worker.settle(logic, staged, offset: next, metadata) {
            case .settled:
                return .settled(next: next, messages: batch.count, wroteTick: false, owes: false, buried: false)
            case .undone(let reason) where buryOnRefusal && reason.blamesRecord:
                return worker.bury(logic, last, reason.name, metadata)
            case .undone(let reason): return .undone(batch: batch, reason: reason)
            case .abandoned: return .abandoned
            case .fatal(let error): return .failed(error)
            }
        }
    }

    /// A message that daemons have ended over is put aside unseen.
    func putAside(_ batch: [IncomingRecord], _ stumble: StumbleBook.Stumble, _ metadata: GroupMetadata?) {
        run("putting aside") { worker in
            guard let logic = worker.logic, let message = batch.last else { return .abandoned }
            defer { worker.lane.works(on: nil) }
            worker.context.settings.kafka.log(
                2, "STUMBLE",
                "\(message.topic)[\(message.partition)] \(stumble.place) is put aside: \(stumble.kind)")
            return worker.bury(logic, message, stumble.kind.rawValue, metadata)
        }
    }

    /// What the logic does with these messages is written down should it not come to an end.
    private func working<R>(on batch: [IncomingRecord], _ body: () -> R) -> R {
        if let first = batch.first?.offset, let last = batch.last?.offset {
            lane.works(on: .init(offsets: first...max(first, last)))
        }
        defer { lane.settles() }
        for message in batch { PoisonPoint.pass(topic: message.topic, key: message.key, value: message.value) }
        return body()
    }

    private func bury(
        _ logic: any DeskLogic, _ message: IncomingRecord, _ reason: String, _ metadata: GroupMetadata?
    ) -> Report {
        lane.works(on: .init(offsets: message.offset...message.offset))
        let staged = logic.bury(message, reason: reason)
        lane.settles()
        switch settle(logic, staged, offset: message.offset + 1, metadata) {
        case .settled:
            return .settled(next: message.offset + 1, messages: 1, wroteTick: false, owes: false, buried: true)
        case .undone(let again): return .undone(batch: [message], reason: again)
        case .abandoned: return .abandoned
        case .fatal(let error): return .failed(error)
        }
    }

    /// - Parameter metadata: for what is owed; without it that goes on being owed.
    func tick(_ metadata: GroupMetadata?) {
        run("a tick") { worker in
            guard let logic = worker.logic else { return .abandoned }
            return worker.settle(logic, tick: logic.tick(now: Clock.system.now()), metadata)
        }
    }

    /// Settles what is owed, and nothing else: the partition is about to go.
    func settleOwed(_ metadata: GroupMetadata) {
        run("settling") { worker in
            guard let logic = worker.logic else { return .abandoned }
            return worker.settle(logic, tick: [], metadata)
        }
    }

    private func settle(_ logic: any DeskLogic, tick staged: [StagedRecord], _ metadata: GroupMetadata?) -> Report {
        switch settle(logic, staged, offset: metadata == nil ? nil : owed, metadata) {
        case .settled: .settled(next: nil, messages: 0, wroteTick: !staged.isEmpty, owes: owed != nil, buried: false)
        case .undone(let reason): .undone(batch: [], reason: reason)
        case .abandoned: .abandoned
        case .fatal(let error): .failed(error)
        }
    }

    func caughtUp() {
        run("being told that it has caught up") { worker in
            worker.logic?.caughtUp(now: Clock.system.now())
            return .told
        }
    }

    func close() {
        run("closing") { worker in
            worker.logic?.closed()
            worker.logic = nil
            worker.settlement.close()
            return .closed
        }
    }

    /// Settles and gives the logic its verdict before anything else is reported.
    private func settle(
        _ logic: any DeskLogic, _ staged: [StagedRecord], offset: Int64?, _ metadata: GroupMetadata?
    ) -> Verdict {
        if !staged.isEmpty { CrashPoint.deskDecided.reached() }
        let verdict = settlement.settle(staged, offset: offset, metadata, while: { self.lane.isOwned })
        if case .settled = verdict, !staged.isEmpty { CrashPoint.deskCommitted.reached() }
        switch verdict {
        case .settled:
            logic.committed()
            if offset != nil { owed = nil }
        case .undone, .abandoned, .fatal: logic.rolledBack()
        }
        // Being fenced is what is meant to happen to a partition that has been taken away.
        if case .fatal(let error) = verdict, !lane.isOwned { return .abandoned(error) }
        return verdict
    }

    private func run(
        _ phase: String, _ body: @escaping @Sendable (LaneWorker) throws(KafkaError) -> Report
    ) {
        queue.async {
            self.lane.enters(phase)
            let result: Report
            do throws(KafkaError) {
                result = try FaultWatch.work(under: self.place) { () throws(KafkaError) in try body(self) }
            } catch {
                result = self.lane.isOwned ? .failed(error) : .abandoned
            }
            self.report(self, result)
        }
    }
}
