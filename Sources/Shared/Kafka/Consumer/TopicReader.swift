import Base
import CRdKafka
import Synchronization

/// Reads whole topics, or some of their partitions, without a group: global tables, replies, views. Callbacks come from
/// its one thread, in log order per partition; a slow callback slows the reading. Broker trouble is logged and waited
/// out; the reader never gives up by itself.
public final class TopicReader: Sendable {
    public enum Start: Sendable, Equatable {
        case beginning
        case end
        case since(ageMs: Int64)
    }

    private struct State {
        var isStarted = false
        var isStopping = false
        var isFinished = false
        /// Partitions whose end, as it was at the start, has not been read yet; nil while that is unknown.
        var behind: [Int32: Int64]?
        /// Until it is known where to begin; a client of its own is too much to keep.
        var lookup: OffsetLookup?
        var waker: ConsumerWaker?
    }

    /// What its thread hands out just now.
    private enum Work {
        case row(partition: Int32, offset: Int64)
        case end(partition: Int32)
    }

    private let settings: KafkaSettings
    private let topic: String
    private let work = Mutex<Work?>(nil)
    private let partitions: [Int32]?
    private let from: Start
    private let isolation: Isolation
    private let givesWay: Bool
    private let onRecord: @Sendable (IncomingRecord) -> Void
    private let onCaughtUp: @Sendable (Int32) -> Void
    private let state: Monitor<State>

    /// - Parameters:
    ///   - partitions: nil for all of the topic.
    ///   - givesWay: for work in the background: it leaves the processor to the rest of its daemon where both want it.
    ///   - onCaughtUp: once per partition, when its end as of the start has been read.
    public init(
        _ settings: KafkaSettings, topic: String, partitions: [Int32]? = nil, from: Start,
        isolation: Isolation = .readCommitted, givesWay: Bool = false,
        onRecord: @escaping @Sendable (IncomingRecord) -> Void,
        onCaughtUp: @escaping @Sendable (Int32) -> Void = { _ in }
    ) throws(KafkaError) {
        self.settings = settings
        self.topic = topic
        self.partitions = partitions
        self.from = from
        self.isolation = isolation
        self.givesWay = givesWay
        self.onRecord = onRecord
        self.onCaughtUp = onCaughtUp
        state = Monitor(State(lookup: try OffsetLookup(settings)))
    }

    public func start() {
        let first = state.update { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        if first { OwnedThread.start("topic reader", givesWay: givesWay) { self.run() } }
    }

    /// No callback begins after this has returned. Waits for one that is running, at most so long; not to be
    /// called from a callback.
    public func stop(within limit: Duration = .seconds(2)) {
        let (isStarted, waker) = state.update { state in
            state.isStopping = true
            return (state.isStarted, state.waker)
        }
        guard isStarted else { return }
        waker?.wake()
        _ = state.wait(until: .after(limit)) { $0.isFinished ? true : nil }
    }

    public var isCaughtUp: Bool { state.read { $0.behind?.isEmpty ?? false } }

    private var isStopping: Bool { state.read(\.isStopping) }

    private func run() {
        let place = FaultWatch.add { [weak self] signal in self?.crashed(signal) }
        defer {
            FaultWatch.remove(place)
            state.update { $0.isFinished = true }
        }
        FaultWatch.work(under: place) { readUntilStopped() }
    }

    /// Nobody owns these rows, and no offset of ours could keep a note: the log has it.
    func crashed(_ signal: Int32) {
        let name = "ended by signal \(signal)"
        let text =
            switch work.withLock({ $0 }) {
            case .row(let partition, let offset):
                "\(topic)[\(partition)] offset \(offset), while reading the table: \(name)"
            case .end(let partition):
                "\(topic)[\(partition)], by no row of it, while being told that it has caught up: \(name)"
            case nil: "\(topic), by no row of it, while waiting for rows: \(name)"
            }
        settings.log(2, "CRASH", text)
    }

    private func readUntilStopped() {
        while !isStopping {
            do throws(KafkaError) {
                let (consumer, ends) = try begin()
                begun(consumer, ends)
                for (partition, end) in ends where end < 0 { passed(partition, 0) }
                return read(consumer)
            } catch {
                settings.log(4, "READER", "\(topic): \(error), asking again")
                _ = state.wait(until: .after(.milliseconds(500))) { $0.isStopping ? true : nil }
            }
        }
    }

    /// Finds out where to start and where the end is now (−1: nothing to read), and assigns.
    private func begin() throws(KafkaError) -> (PartitionConsumer, [Int32: Int64]) {
        let limit = Deadline.after(.seconds(5))
        guard let lookup = state.read(\.lookup) else { throw KafkaError(RD_KAFKA_RESP_ERR__STATE, "begun already") }
        var wanted = partitions ?? []
        if partitions == nil { wanted = Array(0..<(try lookup.partitionCount(topic, until: limit))) }
        let ranges = try lookup.ranges(topic, wanted, until: limit)
        let starts: [Int32: Int64]
        switch from {
        case .beginning: starts = try lookup.start(topic, ranges, .beginning, until: limit)
        case .end: starts = ranges.mapValues(\.high)
        case .since(let age): starts = try lookup.start(topic, ranges, .since(ageMs: age), until: limit)
        }
        let consumer = try PartitionConsumer(settings, isolation)
        try consumer.assign(topic, starts)
        let ends = ranges.map { ($0.key, (starts[$0.key] ?? 0) >= $0.value.high ? -1 : $0.value.high) }
        return (consumer, Dictionary(uniqueKeysWithValues: ends))
    }

    private func begun(_ consumer: PartitionConsumer, _ ends: [Int32: Int64]) {
        let lookup = state.update { state in
            (state.behind, state.waker) = (ends, consumer.waker)
            defer { state.lookup = nil }
            return state.lookup
        }
        // Its end waits for its threads; nothing is to be read later for that.
        OwnedThread.start("look-up's end") { withExtendedLifetime(lookup) {} }
    }

    private func read(_ consumer: PartitionConsumer) {
        while !isStopping {
            switch consumer.poll(1_000) {
            case .record(let record):
                if isStopping { return }
                work.withLock { $0 = .row(partition: record.partition, offset: record.offset) }
                onRecord(record)
                work.withLock { $0 = nil }
                passed(record.partition, record.offset + 1)
            case .end(_, let partition, let offset): passed(partition, offset)
            case .failure(let error): settings.log(4, "READER", "\(topic): \(error)")
            case nil: continue
            }
        }
    }

    private func passed(_ partition: Int32, _ position: Int64) {
        guard let end = state.read({ $0.behind?[partition] }), position >= end else { return }
        state.update { $0.behind?[partition] = nil }
        work.withLock { $0 = .end(partition: partition) }
        onCaughtUp(partition)
        work.withLock { $0 = nil }
    }
}
