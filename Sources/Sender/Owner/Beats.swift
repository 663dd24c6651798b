import Kafka
import Pipeline

/// Keeps the segments of Sender's topics rolling: quiet partitions must get rid of people's data in time as well.
struct Beats {
    /// Each of them at least every 3 h.
    static let everyMs: Int64 = 3 * 3_600_000 - 60_000

    private static let topics: [(topic: Topic, stage: Stage)] =
        Catalogue.all.filter { $0.beatsFrom == "sender" }.map { ($0, $0 == Catalogue.requests ? .effect : .state) }

    private var last: Int64?
    private var proposed: Int64?

    /// Those that are due; due again until `commit`.
    mutating func due(now: Int64, partition: Int32, _ topology: Topology) -> [StagedRecord] {
        if let last, now - last < Self.everyMs { return [] }
        proposed = now
        return Self.topics.map { StagedRecord($0.stage, Wire.beat($0.topic, topology, partition: partition)) }
    }

    mutating func commit() {
        last = proposed ?? last
        proposed = nil
    }

    mutating func rollback() {
        proposed = nil
    }
}
