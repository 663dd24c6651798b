import Base
import CRdKafka
import Dispatch

/// The one thread of an assigned reader: polls, buffers, hands out records and ticks, serves rebalances. Confined to
/// that thread once started, the proof for `@unchecked Sendable`; others reach it through the mailbox.
final class ReaderLoop: @unchecked Sendable {
    struct Plan: Sendable {
        let from: TableStart
        let tickInterval: Duration
        let make: @Sendable (Int32) -> any AssignedPartition
    }

    struct Published: Sendable {
        var rounds = 0
        /// Assigned partitions, true once caught up.
        var partitions: [Int32: Bool] = [:]
        var standings: [Int32: StallWatch.Standing] = [:]
        var workers: [Int32: Lane] = [:]
    }

    typealias Letter = (worker: ReaderWorker, report: ReaderWorker.Report)

    let mailbox: Mailbox<Letter>
    let published = Monitor(Published())
    private let settings: KafkaSettings
    private let plan: Plan
    private let consumer: GroupConsumer
    private let lookup: OffsetLookup
    let notes: StumbleNotes
    private var partitions: [Int32: ReaderState] = [:]
    private var closing: [ObjectIdentifier: ReaderWorker] = [:]
    private var queues: [Int32: DispatchQueue] = [:]
    private var failure: KafkaError?

    init(_ settings: KafkaSettings, _ member: GroupConsumer.Membership, _ plan: Plan) throws(KafkaError) {
        self.settings = settings
        self.plan = plan
        consumer = try GroupConsumer(settings, member)
        lookup = try OffsetLookup(settings)
        notes = StumbleNotes(settings, consumer.client, topic: member.topic, keepsAll: true)
        mailbox = Mailbox(consumer.waker)
        consumer.assigned = { [unowned self] in assigned($0) }
        consumer.revoked = { [unowned self] partitions, _ in revoked(partitions) }
    }

    func run() -> Result<Void, KafkaError> {
        do throws(KafkaError) {
            try consumer.subscribe()
            while failure == nil && mailbox.stop == nil { turn() }
        } catch {
            failure = error
        }
        let deadline = mailbox.stop ?? .after(.seconds(2))
        revoked(Array(partitions.keys))
        while !closing.isEmpty && !deadline.hasPassed { mailbox.awaitReports(until: deadline).forEach(handle) }
        consumer.close(until: max(deadline, .after(.milliseconds(500))))
        return failure.map { .failure($0) } ?? .success(())
    }

    private func turn() {
        failure = failure ?? mailbox.failure
        mailbox.takeReports().forEach(handle)
        var wait: Int32 = 100
        for (number, partition) in partitions {
            if partition.isPaused, partition.pendingPosition == nil, partition.isOpen, partition.buffer.isLow {
                partition.unpause()
            }
            if let position = partition.pendingPosition {
                if consumer.resume(number, at: position) { partition.positioned() } else { wait = min(wait, 10) }
            }
            partition.dispatch(plan.tickInterval)
            wait = min(wait, partition.waitingTime)
        }
        publish()
        for _ in 0..<1_000 {
            guard let event = consumer.poll(wait) else { break }
            handle(event)
            wait = 0
        }
    }

    private func handle(_ event: PartitionConsumer.Event) {
        switch event {
        case .record(let record):
            guard let partition = partitions[record.partition] else { return }
            partition.accept(record)
            if partition.buffer.isOverfull && !partition.isPaused {
                consumer.pause(record.partition)
                partition.isPaused = true
            }
        case .end(_, let number, let offset): partitions[number]?.reachedEnd(offset)
        case .failure(let error):
            settings.log(error.isFatal ? 3 : 4, "READER", error.description)
            if error.isFatal { failure = failure ?? error }
        }
    }

    private func handle(_ letter: Letter) {
        if case .closed = letter.report {
            closing[ObjectIdentifier(letter.worker)] = nil
            return
        }
        guard let partition = partitions[letter.worker.lane.partition], partition.worker === letter.worker else {
            return
        }
        switch letter.report {
        case .opened(let position, let end): partition.opened(at: position, end: end)
        case .done(let dueIn): partition.done(dueIn: dueIn, plan.tickInterval)
        case .closed: break
        }
    }

    private func assigned(_ numbers: [Int32]) {
        revoked(numbers.filter { partitions[$0] != nil })
        for number in numbers {
            let queue = queues[number] ?? DispatchQueue(label: "reader \(number)")
            queues[number] = queue
            let lane = Lane(partition: number) {}
            let worker = ReaderWorker(lane, queue, notes) { [mailbox] in mailbox.post(($0, $1)) }
            partitions[number] = ReaderState(worker)
            worker.open(consumer.topic, plan.from, lookup, settings, plan.make)
        }
        published.update { $0.rounds += 1 }
        publish()
    }

    /// Nothing to settle: the partition is closed behind whatever its executor is doing, and read anew elsewhere.
    private func revoked(_ numbers: [Int32]) {
        for number in numbers {
            guard let partition = partitions.removeValue(forKey: number) else { continue }
            partition.worker.lane.disown()
            closing[ObjectIdentifier(partition.worker)] = partition.worker
            partition.worker.close()
        }
        publish()
    }

    private func publish() {
        let now = partitions.mapValues(\.isCaughtUp)
        let standings = partitions.mapValues(\.standing)
        let workers = partitions.mapValues(\.worker.lane)
        published.update {
            $0.partitions = now
            $0.standings = standings
            $0.workers = workers
        }
    }
}
