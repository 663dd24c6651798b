import Base
import CRdKafka

/// A partition read from its start by whoever is assigned it. Confined to one serial executor; `lost` is the last call.
public protocol AssignedPartition: AnyObject {
    func record(_ record: IncomingRecord)
    /// Once: the partition's end as of the assignment has been read.
    func caughtUp(now: Int64)
    /// Not more often than the tick interval, also while reading: as soon as `due` asks for one.
    func tick(now: Int64)
    /// When there is something for a tick to do, in milliseconds since 1970: asked after whatever the partition has
    /// done. Nil, or far away: a tick comes once a second all the same.
    func due(now: Int64) -> Int64?
    /// Taken away, or the reader stops.
    func lost()
}

extension AssignedPartition {
    public func due(now: Int64) -> Int64? { now }
}

/// Partitions by a consumer group, always from `from`. What it commits says nothing of how far it has read: it keeps
/// the note of a row that a daemon has ended over, which is passed over from the third time on. A partition that moves
/// is read anew by its next owner; broker trouble is waited out; what can't be repaired ends `run`.
public final class AssignedReader: Sendable {
    private let loop: ReaderLoop
    private let watchman: Watchman
    private let completion = Completion<KafkaError>()

    /// - Parameters:
    ///   - instance: a stable name makes the membership static.
    ///   - stallTimeout: a partition that stands still for that long makes the reader unready; for twice as long ends
    ///     it.
    ///   - makePartition: called on the partition's own executor for every assignment.
    public init(
        _ settings: KafkaSettings, topic: String, group: String, instance: String? = nil, from: TableStart,
        tickInterval: Duration = .milliseconds(200), sessionTimeout: Duration = .seconds(10),
        heartbeatInterval: Duration = .seconds(3), stallTimeout: Duration = .seconds(60),
        makePartition: @escaping @Sendable (Int32) -> any AssignedPartition
    ) throws(KafkaError) {
        let loop = try ReaderLoop(
            settings,
            .init(
                topic: topic, group: group, instance: instance, sessionTimeout: sessionTimeout,
                heartbeatInterval: heartbeatInterval),
            .init(from: from, tickInterval: tickInterval, make: makePartition))
        self.loop = loop
        watchman = try Watchman(
            settings,
            .init(
                topic: topic, patience: stallTimeout,
                standings: { [published = loop.published] in published.read(\.standings) },
                note: { [published = loop.published, notes = loop.notes] partitions in
                    let workers = published.read(\.workers)
                    partitions.compactMap { workers[$0] }.forEach(notes.stalled)
                }))
    }

    /// Runs until `stop`; once only. Throws when the group's client has failed for good, or a partition stands
    /// still for twice `stallTimeout`.
    public func run() async throws(KafkaError) {
        guard completion.start() else { throw KafkaError(RD_KAFKA_RESP_ERR__STATE, "a reader runs once") }
        watchman.start(
            giveUp: { [mailbox = loop.mailbox] in mailbox.fail($0) },
            abandon: { [completion] in completion.finish(.failure($0)) })
        OwnedThread.start("assigned reader") { [loop, completion, watchman] in
            completion.finish(loop.run())
            watchman.stop()
        }
        try await completion.wait().get()
    }

    /// Tells all partitions that they are lost, leaves the group; returns when `run` has ended.
    public func stop(deadline: Duration) async {
        loop.mailbox.askToStop(by: .after(deadline))
        if completion.isStarted { _ = await completion.wait() }
    }

    public var isReady: Bool { trouble == nil }

    /// Nil when ready: Kafka answers, at least one assignment round is over, every assigned partition is caught up
    /// (having none is ready too) and none stands still.
    public var trouble: String? {
        let isRead = loop.published.read { $0.rounds > 0 && $0.partitions.values.allSatisfy { $0 } }
        return watchman.trouble ?? (isRead ? nil : "no partitions yet, or still reading them")
    }

    /// Partitions that have something to read and stand still for longer than `stallTimeout`.
    public var stalled: Int { watchman.stalled }

    /// Seconds since a broker last answered; about one when all is well.
    public var silentSeconds: Double { watchman.silentSeconds }

    /// Rows of the assigned partitions that were not handed out, as they have ended daemons.
    public var passedOver: Int { loop.published.read(\.workers).values.reduce(0) { $0 + $1.passedOver } }

    /// Whether this is one of those, or would be.
    public func isPassedOver(_ row: IncomingRecord) -> Bool {
        guard let lane = loop.published.read({ $0.workers[row.partition] }) else { return false }
        return lane.stumbles.withLock { $0.hopeless(row.offset) != nil }
    }

    public var assigned: [Int32] { loop.published.read { $0.partitions.keys.sorted() } }
}
