/// How a producer trades latency for throughput. Every producer is idempotent with `acks=all` and Java's partitioner.
public struct ProducerTuning: Sendable {
    public var lingerMs: Int
    /// After this an unacknowledged message fails with `_MSG_TIMED_OUT`.
    public var messageTimeoutMs: Int
    /// Bounds of the queue; beyond them sends are refused or wait.
    public var queuedMessages: Int
    public var queuedKilobytes: Int
    /// Largest message the client accepts; the broker's `max.message.bytes` of a topic decides after that.
    public var messageBytes: Int

    public init(
        lingerMs: Int, messageTimeoutMs: Int, queuedMessages: Int = 50_000, queuedKilobytes: Int = 65_536,
        messageBytes: Int = 4_259_840
    ) {
        self.lingerMs = lingerMs
        self.messageTimeoutMs = messageTimeoutMs
        self.queuedMessages = queuedMessages
        self.queuedKilobytes = queuedKilobytes
        self.messageBytes = messageBytes
    }

    /// A door: somebody waits for the answer, so no lingering, and a message that can't be delivered fails soon.
    public static let door = ProducerTuning(lingerMs: 0, messageTimeoutMs: 5_000)
    /// A desk in at-least-once: it repeats by itself, so it may wait longer for a broker.
    public static let desk = ProducerTuning(lingerMs: 0, messageTimeoutMs: 30_000)

    var properties: [(String, String)] {
        [
            ("enable.idempotence", "true"), ("acks", "all"), ("partitioner", "murmur2_random"),
            ("linger.ms", "\(lingerMs)"), ("message.timeout.ms", "\(messageTimeoutMs)"),
            ("queue.buffering.max.messages", "\(queuedMessages)"),
            ("queue.buffering.max.kbytes", "\(queuedKilobytes)"), ("message.max.bytes", "\(messageBytes)"),
            ("retry.backoff.ms", "20"),
        ]
    }
}
