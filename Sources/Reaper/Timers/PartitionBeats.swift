import Kafka
import Pipeline
import Synchronization

/// Keeps the segments of the topics rolling that nobody writes to regularly: a beat at least every three hours into
/// one partition of each topic the catalogue names for Reaper.
struct PartitionBeats {
    static let everyMs: Int64 = 3 * 3_600_000 - 10 * 60_000
    static let retryMs: Int64 = 60_000

    static let topics = Catalogue.all.filter { $0.beatsFrom == "reaper" }

    private let partition: Int32
    private let topology: Topology
    private var nextAt: [Int64]
    private let failed = Failures()

    private final class Failures: Sendable {
        let topics = Mutex<Set<Int>>([])
    }

    init(_ partition: Int32, _ topology: Topology) {
        self.partition = partition
        self.topology = topology
        nextAt = Self.topics.map { _ in .min }
    }

    mutating func send(now: Int64, _ outbox: Outbox) {
        let lost = failed.topics.withLock { lost in
            defer { lost = [] }
            return lost
        }
        for index in lost { nextAt[index] = now + Self.retryMs }
        for (index, topic) in Self.topics.enumerated() where now >= nextAt[index] {
            nextAt[index] = now + Self.everyMs
            outbox.send(Wire.beat(topic, topology, partition: partition)) { [failed] isAcknowledged in
                if !isAcknowledged { failed.topics.withLock { _ = $0.insert(index) } }
            }
        }
    }
}
