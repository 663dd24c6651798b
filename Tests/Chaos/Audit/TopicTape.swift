import Kafka
import Pipeline
import Synchronization
import TestWorld

/// Everything that went by on all topics, read by consumers of its own, committed messages only.
final class TopicTape: Sendable {
    private final class Records: Sendable {
        let all = Mutex<[IncomingRecord]>([])
    }

    private let records: Records
    private let readers: [TopicReader]
    let topology: Topology

    init(_ broker: Broker) throws {
        topology = Topology(prefix: broker.prefix, partitions: ChaosPlan.partitions)
        let settings = KafkaSettings(
            brokers: broker.address, options: [("fetch.wait.max.ms", "50")], clientId: "chaos-audit")
        let records = Records()
        var readers: [TopicReader] = []
        for topic in Catalogue.all {
            readers.append(
                try TopicReader(
                    settings, topic: topology.name(topic), partitions: nil, from: .beginning,
                    onRecord: { record in records.all.withLock { $0.append(record) } }, onCaughtUp: { _ in }))
        }
        self.records = records
        self.readers = readers
        for reader in readers { reader.start() }
    }

    var all: [IncomingRecord] { records.all.withLock { $0 } }

    func stop() {
        for reader in readers { reader.stop() }
    }
}
