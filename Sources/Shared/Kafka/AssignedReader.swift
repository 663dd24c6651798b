/// A partition read from its start by whoever is assigned it. Confined to one serial executor.
public protocol AssignedPartition: AnyObject {
    func record(_ record: IncomingRecord)
    /// Once: the partition's end as of the assignment has been read.
    func caughtUp(now: Int64)
    func tick(now: Int64)
    /// Taken away, or the reader stops.
    func lost()
}

/// Partitions by a consumer group, always from `from`, committing nothing.
public final class AssignedReader: Sendable {
    private let settings: KafkaSettings

    public init(
        _ settings: KafkaSettings, topic: String, group: String, instance: String? = nil, from: TableStart,
        tickInterval: Duration = .milliseconds(200), sessionTimeout: Duration = .seconds(45),
        heartbeatInterval: Duration = .seconds(3),
        makePartition: @escaping @Sendable (Int32) -> any AssignedPartition
    ) throws(KafkaError) {
        self.settings = settings
    }

    public func run() async throws(KafkaError) {
        throw KafkaError(code: -172, message: "not there yet")
    }

    public func stop(deadline: Duration) async {}

    /// At least one assignment round is over and every assigned partition is caught up.
    public var isReady: Bool { false }
    public var assigned: [Int32] { [] }
}
