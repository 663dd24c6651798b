import Kafka
import Pipeline

/// Keeps the segments of quiet topics rolling, so that what they hold can be cleaned in time: a beat into this
/// partition of every topic that names Ingest in the catalogue, at the start and at least every three hours.
struct Beats {
    static let intervalMs: Int64 = 3 * 3_600_000 - 60_000
    static let topics = Catalogue.all.filter { $0.beatsFrom == "ingest" }

    private var last: Int64?
    private var proposed: Int64?

    mutating func due(now: Int64, partition: Int32, _ topology: Topology) -> [StagedRecord] {
        if let last, now - last < Self.intervalMs { return [] }
        proposed = now
        return Self.topics.map { StagedRecord(.effect, Wire.beat($0, topology, partition: partition)) }
    }

    mutating func commit() {
        last = proposed ?? last
        proposed = nil
    }

    mutating func rollback() { proposed = nil }
}
