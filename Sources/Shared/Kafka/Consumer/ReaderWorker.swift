import CRdKafka
import Base
import Dispatch

/// The half of an assigned partition that may block: the reader's own code and the look-up of offsets. Everything
/// mutable is touched only on its serial queue, which is the proof for `@unchecked Sendable`.
final class ReaderWorker: @unchecked Sendable {
    enum Report: Sendable {
        /// Where to begin, and the end as it was then.
        case opened(position: Int64, end: Int64)
        /// How long until there is something to do, in milliseconds; nil: nothing is known of.
        case done(dueIn: Int64?)
        case closed
    }

    let lane: Lane
    private let queue: DispatchQueue
    private let report: @Sendable (ReaderWorker, Report) -> Void
    private let notes: StumbleNotes
    private let place: Int64
    private var partition: (any AssignedPartition)?

    init(
        _ lane: Lane, _ queue: DispatchQueue, _ notes: StumbleNotes,
        report: @escaping @Sendable (ReaderWorker, Report) -> Void
    ) {
        self.lane = lane
        self.queue = queue
        self.notes = notes
        self.report = report
        place = FaultWatch.add { notes.crashed(lane, signal: $0) }
    }

    deinit { FaultWatch.remove(place) }

    func open(
        _ topic: String, _ from: TableStart, _ lookup: OffsetLookup, _ settings: KafkaSettings,
        _ make: @escaping @Sendable (Int32) -> any AssignedPartition
    ) {
        queue.async {
            let number = self.lane.partition
            self.partition = make(number)
            guard self.notes.read(self.lane) != nil else { return }
            while self.lane.isOwned {
                do throws(KafkaError) {
                    let limit = Deadline.after(.seconds(5))
                    let ranges = try lookup.ranges(topic, [number], until: limit)
                    let starts = try lookup.start(topic, ranges, from, until: limit)
                    guard let end = ranges[number]?.high, let start = starts[number] else { return }
                    return self.report(self, .opened(position: start, end: end))
                } catch {
                    settings.log(4, "READER", "\(topic)[\(number)]: \(error), asking again")
                    self.lane.step()
                    OwnedThread.pause(for: .milliseconds(100))
                }
            }
        }
    }

    func read(_ records: [IncomingRecord]) {
        run("reading") { [lane, notes] partition in
            let stumbles = lane.stumbles.withLock { $0 }
            defer { lane.works(on: nil) }
            for record in records {
                if let hopeless = stumbles.hopeless(record.offset) {
                    lane.passOver()
                    notes.passedOver(record, hopeless)
                } else {
                    lane.works(on: .init(offsets: record.offset...record.offset))
                    PoisonPoint.pass(topic: record.topic, key: record.key, value: record.value)
                    partition.record(record)
                }
                lane.step()
            }
        }
    }

    func caughtUp() { run("being told that it has caught up") { $0.caughtUp(now: Clock.system.now()) } }
    func tick() { run("a tick") { $0.tick(now: Clock.system.now()) } }

    func close() {
        queue.async {
            self.partition?.lost()
            self.partition = nil
            self.report(self, .closed)
        }
    }

    private func run(_ phase: String, _ body: @escaping @Sendable (any AssignedPartition) -> Void) {
        queue.async {
            self.lane.enters(phase)
            var dueIn: Int64?
            // Taken away meanwhile: the rest is somebody else's.
            if let partition = self.partition, self.lane.isOwned {
                FaultWatch.work(under: self.place) { body(partition) }
                let now = Clock.system.now()
                dueIn = partition.due(now: now).map { max($0.subtractingReportingOverflow(now).partialValue, 0) }
            }
            self.report(self, .done(dueIn: dueIn))
        }
    }
}
