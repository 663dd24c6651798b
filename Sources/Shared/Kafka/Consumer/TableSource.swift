/// Where the reading of a table begins: everything, or what is younger than an age (−1 from the broker, "no such
/// record", means from the beginning).
public enum TableStart: Sendable, Equatable {
    case beginning
    case since(ageMs: Int64)
}

/// A topic that a desk's logic is restored from, co-partitioned with the desk's input.
public struct TableSource: Sendable, Equatable {
    public let topic: String
    public let from: TableStart

    public init(topic: String, from: TableStart = .beginning) {
        self.topic = topic
        self.from = from
    }
}
