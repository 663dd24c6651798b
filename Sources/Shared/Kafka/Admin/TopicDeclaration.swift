/// A topic as it must be. `replication` −1 leaves it to the broker; `configuration` holds broker property names and
/// values as a broker prints them; `preferred` those that are set where the broker knows them, and only warned about.
public struct TopicDeclaration: Sendable, Equatable {
    public let name: String
    public let partitions: Int32
    public let replication: Int16
    public let configuration: [String: String]
    public let preferred: [String: String]

    public init(
        name: String, partitions: Int32, replication: Int16 = -1, configuration: [String: String] = [:],
        preferred: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replication = replication
        self.configuration = configuration
        self.preferred = preferred
    }
}

/// Why the topics are not as declared: every difference of every topic in one sentence each.
public struct TopicAdminError: Error, Sendable, Equatable, CustomStringConvertible {
    public let problems: [String]
    /// True when the cluster could not be asked or would not create: trying again later may help.
    public let isRetriable: Bool

    public init(problems: [String], isRetriable: Bool) {
        self.problems = problems
        self.isRetriable = isRetriable
    }

    public var description: String { problems.joined(separator: "; ") }
}

/// Something that could not be checked but stops nobody.
public struct TopicWarning: Sendable, Equatable, CustomStringConvertible {
    public let message: String

    public init(message: String) { self.message = message }

    public var description: String { message }
}
