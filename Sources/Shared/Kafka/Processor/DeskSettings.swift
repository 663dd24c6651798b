/// What a desk is told: whose input, under which group, how to settle it, from which tables to restore.
public struct DeskSettings: Sendable {
    public var kafka: KafkaSettings
    public var input: String
    public var group: String
    /// A stable name makes the membership static; nil: a stopping member leaves its group.
    public var instance: String?
    public var delivery: DeliveryMode
    /// The transactional id is this and the partition's number.
    public var transactionalIdPrefix: String
    public var tables: [TableSource]
    /// Topics the logic writes to: their metadata is fetched before the first message needs it.
    public var outputs: [String]
    public var batchLimit: Int
    /// What a message counts toward the limit; more for those that cost more to decide.
    public var weigh: @Sendable (IncomingRecord) -> Int = { _ in 1 }
    /// Whether the desk leaves the processor to the rest of its daemon where both want it: what a door promised at once
    /// comes first, what it accepted is decided a little later.
    public var givesWay = false
    public var tickInterval: Duration
    public var sessionTimeout: Duration
    public var heartbeatInterval: Duration
    /// How long a partition that is taken away may take to settle its last batch.
    public var revokeDeadline: Duration
    public var transactionTimeout: Duration
    /// A partition with work that stands still for that long makes the desk unready; for twice as long ends it.
    public var stallTimeout: Duration

    public init(
        kafka: KafkaSettings, input: String, group: String, instance: String? = nil, delivery: DeliveryMode,
        transactionalIdPrefix: String, tables: [TableSource] = [], outputs: [String] = [], batchLimit: Int = 500,
        tickInterval: Duration = .milliseconds(200), sessionTimeout: Duration = .seconds(10),
        heartbeatInterval: Duration = .seconds(3), revokeDeadline: Duration = .seconds(8),
        transactionTimeout: Duration = .seconds(10), stallTimeout: Duration = .seconds(60)
    ) {
        self.kafka = kafka
        self.input = input
        self.group = group
        self.instance = instance
        self.delivery = delivery
        self.transactionalIdPrefix = transactionalIdPrefix
        self.tables = tables
        self.outputs = outputs
        self.batchLimit = batchLimit
        self.tickInterval = tickInterval
        self.sessionTimeout = sessionTimeout
        self.heartbeatInterval = heartbeatInterval
        self.revokeDeadline = revokeDeadline
        self.transactionTimeout = transactionTimeout
        self.stallTimeout = stallTimeout
    }
}

/// Counts since the desk was made.
public struct DeskStatistics: Sendable, Equatable {
    /// Messages decided and settled.
    public var messages = 0
    public var batches = 0
    /// Ticks that wrote something.
    public var ticks = 0
    /// Batches or ticks undone and done again.
    public var rollbacks = 0
    public var buried = 0
    /// Rows read from tables.
    public var restoredRows = 0
    /// Rebalance callbacks served.
    public var rebalances = 0
    /// Messages between what is settled and the end of the input, over the assigned partitions.
    public var lag: Int64 = 0

    public init() {}
}
