import Base
import CRdKafka

/// Owns consumer, lanes, restores and commits of one input topic. One thread polls; every assigned partition has a
/// lane with its own logic, at most one decision in flight each.
///
/// Promises: a logic sees its tables before any message, each message's outputs are durable before its offset (in one
/// transaction, or acknowledged before it, by `DeliveryMode`), and nothing of a partition is written after it was given
/// away. Broker trouble is waited out; what can't be repaired ends `run`.
public final class Desk: Sendable {
    private let loop: DeskLoop
    private let watchman: Watchman
    private let completion = Completion<KafkaError>()

    /// Connects nothing yet. Throws when librdkafka refuses a setting.
    /// - Parameter makeLogic: called on the lane's own executor for every assignment.
    public init(_ settings: DeskSettings, makeLogic: @escaping @Sendable (Lane) -> any DeskLogic) throws(KafkaError) {
        let loop = try OwnedThread.value("desk maker", givesWay: settings.givesWay) { () throws(KafkaError) in
            try DeskLoop(settings, makeLogic: makeLogic)
        }
        self.loop = loop
        watchman = try Watchman(
            settings.kafka,
            .init(
                topic: settings.input, patience: settings.stallTimeout,
                standings: { [published = loop.published] in published.read(\.standings) },
                note: { [published = loop.published, notes = loop.context.notes] partitions in
                    let workers = published.read(\.workers)
                    partitions.compactMap { workers[$0] }.forEach(notes.stalled)
                }))
    }

    /// Runs until `stop()`; once only. Throws on what must end the daemon: a fenced or fatal client, an applied offset
    /// beyond the input's end, a partition that stands still for twice `stallTimeout`.
    public func run() async throws(KafkaError) {
        guard completion.start() else { throw KafkaError(RD_KAFKA_RESP_ERR__STATE, "a desk runs once") }
        watchman.start(
            giveUp: { [mailbox = loop.mailbox] in mailbox.fail($0) },
            abandon: { [completion] in completion.finish(.failure($0)) })
        OwnedThread.start("desk", givesWay: loop.settings.givesWay) { [loop, completion, watchman] in
            completion.finish(loop.run())
            watchman.stop()
        }
        try await completion.wait().get()
    }

    /// Stops intake, lets lanes finish what is in flight, commits, leaves the group; returns when `run` has ended, at
    /// most about a second after the deadline.
    public func stop(deadline: Duration) async {
        loop.mailbox.askToStop(by: .after(deadline))
        if completion.isStarted { _ = await completion.wait() }
    }

    public var isReady: Bool { trouble == nil }

    /// Nil when ready: Kafka answers, at least one assignment round is over, every assigned partition is restored
    /// (having none is ready too) and none stands still.
    public var trouble: String? {
        let isRestored = loop.published.read { $0.rounds > 0 && $0.lanes.values.allSatisfy { $0 } }
        return watchman.trouble ?? (isRestored ? nil : "no partitions yet, or still restoring them")
    }

    /// Partitions that have work and stand still for longer than `stallTimeout`.
    public var stalled: Int { watchman.stalled }

    /// Seconds since a broker last answered; about one when all is well.
    public var silentSeconds: Double { watchman.silentSeconds }

    /// Partitions that are ours now, restored or not.
    public var assigned: [Int32] { loop.published.read { $0.lanes.keys.sorted() } }

    public func statistics() -> DeskStatistics { loop.published.read(\.statistics) }
}
