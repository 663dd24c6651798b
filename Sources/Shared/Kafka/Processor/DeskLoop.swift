import Base
import CRdKafka
import Dispatch

/// The desk's one thread: polls, buffers, hands out batches and ticks, serves rebalances. It never blocks on a broker
/// except where librdkafka's callbacks demand it. Confined to that thread once started, the proof for
/// `@unchecked Sendable`; other threads reach it through the mailbox and read what it publishes.
final class DeskLoop: @unchecked Sendable {
    struct Published: Sendable {
        var rounds = 0
        /// Assigned partitions, true once restored.
        var lanes: [Int32: Bool] = [:]
        var statistics = DeskStatistics()
        /// Whose work the watchman may have to write down.
        var workers: [Int32: Lane] = [:]
        /// About once a second.
        var standings: [Int32: StallWatch.Standing] = [:]
    }

    typealias Letter = (worker: LaneWorker, report: LaneWorker.Report)

    let settings: DeskSettings
    let consumer: GroupConsumer
    let context: DeskContext
    let mailbox: Mailbox<Letter>
    let published = Monitor(Published())
    var lanes: [Int32: LaneState] = [:]
    /// Lanes whose closing is awaited.
    var closing: [ObjectIdentifier: LaneState] = [:]
    var failure: KafkaError?
    /// At-least-once: settled offsets to commit, and those of the one commit that is under way.
    var dirty: [Int32: Int64] = [:]
    var committing: [Int32: Int64] = [:]
    private var nextCommit = Deadline(nanoseconds: 0)
    private var queues: [Int32: DispatchQueue] = [:]
    private var nextLag = Deadline(nanoseconds: 0)
    private var isMember = true

    init(_ settings: DeskSettings, makeLogic: @escaping @Sendable (Lane) -> any DeskLogic) throws(KafkaError) {
        self.settings = settings
        consumer = try GroupConsumer(
            settings.kafka,
            .init(
                topic: settings.input, group: settings.group, instance: settings.instance,
                sessionTimeout: settings.sessionTimeout, heartbeatInterval: settings.heartbeatInterval))
        context = try DeskContext(settings, member: consumer.client, makeLogic: makeLogic)
        mailbox = Mailbox(consumer.waker)
        consumer.assigned = { [unowned self] in assigned($0) }
        consumer.revoked = { [unowned self] in revoked($0, lost: $1) }
        consumer.committed = { [unowned self] in committed($0) }
    }

    /// Runs until asked to stop or until something must end the daemon.
    func run() -> Result<Void, KafkaError> {
        do throws(KafkaError) {
            context.warm()
            try consumer.subscribe()
            while failure == nil && mailbox.stop == nil { turn() }
        } catch {
            failure = error
        }
        shutDown()
        return failure.map { .failure($0) } ?? .success(())
    }

    private func turn() {
        failure = failure ?? mailbox.failure
        mailbox.takeReports().forEach(handle)
        isMember = dispatch()
        var wait = isMember ? waitingTime() : 10
        commitSettled()
        // A bound, so that a flood does not keep settled lanes waiting for their next batch.
        for _ in 0..<1_000 {
            guard let event = consumer.poll(wait) else { break }
            handle(event)
            wait = 0
        }
        publishLag()
    }

    private func handle(_ event: PartitionConsumer.Event) {
        switch event {
        case .record(let record):
            guard let lane = lanes[record.partition] else { return }
            lane.accept(record)
            if lane.buffer.isOverfull && !lane.isPaused {
                consumer.pause(record.partition)
                lane.isPaused = true
            }
        case .end(_, let partition, let offset): lanes[partition]?.reachedEnd(offset)
        case .failure(let error):
            settings.kafka.log(error.isFatal ? 3 : 4, "DESK", error.description)
            if error.isFatal { failure = failure ?? error }
        }
    }

    /// Gives every idle lane what is due: a position, the word that it has caught up, a batch or a tick.
    /// - Returns: false when batches had to wait because the membership is lost.
    private func dispatch() -> Bool {
        var isMember = true
        // One snapshot for all batches that begin now; each keeps it to its end.
        var snapshot: GroupMetadata?
        func metadata() -> GroupMetadata? {
            if settings.delivery == .exactlyOnce && snapshot == nil && isMember {
                snapshot = consumer.groupMetadata()
                isMember = snapshot != nil
            }
            return snapshot
        }
        for (partition, lane) in lanes {
            if lane.isPaused, lane.pendingPosition == nil, lane.phase != .restoring, lane.buffer.isLow {
                lane.unpause()
            }
            if let position = lane.pendingPosition, consumer.resume(partition, at: position) { lane.positioned() }
            if lane.takeCaughtUp() {
                lane.phase = .busy
                lane.worker.caughtUp()
                continue
            }
            if lane.isTickDue {
                lane.ticked(settings.tickInterval)
                let committing = lane.owes ? metadata() : nil
                lane.phase = .busy
                lane.worker.tick(committing)
                continue
            }
            guard lane.phase == .idle, !lane.buffer.isEmpty else { continue }
            let membership = metadata()
            guard isMember, let next = lane.nextBatch(settings.batchLimit, settings.weigh) else { continue }
            lane.phase = .busy
            if let stumble = next.hopeless {
                lane.worker.putAside(next.batch, stumble, membership)
            } else {
                lane.worker.decide(next.batch, membership, buryOnRefusal: next.buryOnRefusal)
            }
        }
        return isMember
    }

    private func waitingTime() -> Int32 {
        var wait: Int32 = 100
        for lane in lanes.values {
            if lane.pendingPosition != nil { wait = min(wait, 10) }
            if let due = lane.due { wait = min(wait, due.hasPassed ? 0 : due.milliseconds + 1) }
        }
        return wait
    }

    func handle(_ letter: Letter) {
        let (worker, report) = letter
        let key = ObjectIdentifier(worker)
        guard let lane = lanes[worker.lane.partition].flatMap({ $0.worker === worker ? $0 : nil }) ?? closing[key]
        else { return }
        switch report {
        case .opened(let position, let end, let rows):
            lane.opened(at: position, end: end)
            settings.kafka.log(
                6, "DESK", "restored \(worker.lane.partition) from \(rows) rows, on from \(position), end \(end)")
            count { $0.restoredRows += rows }
            publishLanes()
        case .settled(let next, let messages, let wroteTick, let owes, let buried):
            lane.settled(next: next, owes: owes)
            if let next, settings.delivery == .atLeastOnce { dirty[worker.lane.partition] = next }
            count {
                $0.messages += messages
                $0.batches += next == nil ? 0 : 1
                $0.ticks += wroteTick ? 1 : 0
                $0.buried += buried ? 1 : 0
            }
        case .undone(let batch, let reason):
            settings.kafka.log(4, "DESK", "partition \(worker.lane.partition) does a decision again: \(reason)")
            lane.undone(batch, blamesRecord: reason.blamesRecord)
            count { $0.rollbacks += 1 }
        case .told: lane.phase = .idle
        case .abandoned: lane.phase = .ended
        case .failed(let error):
            lane.phase = .ended
            failure = failure ?? error
        case .closed: closing[key] = nil
        }
    }

    private func assigned(_ partitions: [Int32]) {
        settings.kafka.log(6, "DESK", "assigned \(partitions)")
        close(partitions.compactMap { lanes[$0] })
        for partition in partitions {
            let queue =
                queues[partition]
                ?? DispatchQueue(
                    label: "lane \(partition)", qos: settings.givesWay ? .background : .unspecified)
            queues[partition] = queue
            let lane = Lane(partition: partition) { [weak waker = consumer.waker] in waker?.wake() }
            let worker = LaneWorker(lane, queue, context) { [mailbox] in mailbox.post(($0, $1)) }
            lanes[partition] = LaneState(worker, batchLimit: settings.batchLimit)
            worker.open()
        }
        count { $0.rebalances += 1 }
        published.update { $0.rounds += 1 }
        publishLanes()
    }

    /// Commits what was settled since the last commit, never with one outstanding.
    private func commitSettled() {
        guard !dirty.isEmpty, committing.isEmpty, nextCommit.hasPassed else { return }
        let notes = dirty.reduce(into: [:]) { $0[$1.key] = lanes[$1.key]?.worker.lane.note(at: $1.value) }
        if let error = consumer.commit(dirty, notes: notes) { return delayCommit(error) }
        committing = dirty
        dirty = [:]
    }

    private func committed(_ error: KafkaError?) {
        if let error {
            // Commits are refused during a rebalance; what is still ours is committed after it.
            for (partition, offset) in committing where lanes[partition] != nil {
                dirty[partition] = max(offset, dirty[partition] ?? 0)
            }
            delayCommit(error)
        }
        committing = [:]
    }

    private func delayCommit(_ error: KafkaError) {
        settings.kafka.log(5, "DESK", "offsets not committed: \(error)")
        nextCommit = .after(.milliseconds(200))
    }

    private func count(_ change: (inout DeskStatistics) -> Void) {
        published.update { change(&$0.statistics) }
    }

    func publishLanes() {
        let now = lanes.mapValues { $0.phase != .restoring }
        let standings = lanes.mapValues(\.standing)
        let workers = lanes.mapValues(\.worker.lane)
        published.update {
            $0.lanes = now
            $0.workers = workers
            $0.standings = standings
        }
    }

    private func publishLag() {
        guard nextLag.hasPassed else { return }
        nextLag = .after(.seconds(1))
        let lag = lanes.reduce(Int64(0)) { $0 + consumer.lag($1.key, from: $1.value.reached) }
        var standings = lanes.mapValues(\.standing)
        if !isMember { for number in standings.keys { standings[number]?.doing += ", no member of the group" } }
        published.update { [standings] in
            $0.statistics.lag = lag
            $0.standings = standings
        }
    }
}
