import Kafka

/// Where the catalogue's topics are in one installation: the prefix before their names and how many partitions each
/// has.
public struct Topology: Sendable, Equatable {
    public let prefix: String
    public let partitions: Int32
    public let replication: Int16

    public init(prefix: String = "otp.", partitions: Int32 = 12, replication: Int16 = -1) {
        self.prefix = prefix
        self.partitions = partitions
        self.replication = replication
    }

    public func name(_ topic: Topic) -> String { prefix + topic.name }

    /// The consumer group of a daemon, for example `otp.sender`.
    public func group(of daemon: String) -> String { prefix + daemon }

    /// The start of a daemon's transactional ids; the input partition's number follows.
    public func transactionalIdPrefix(of daemon: String) -> String { "\(prefix)\(daemon)-" }

    /// The partition of whatever is partitioned by `text`.
    public func partition(of text: String) -> Int32 {
        Partitioner.partition(of: Array(text.utf8), count: partitions)
    }

    public var declarations: [TopicDeclaration] {
        Catalogue.all.map {
            TopicDeclaration(
                name: name($0), partitions: partitions, replication: replication, configuration: $0.configuration,
                preferred: $0.preferred)
        }
    }
}
