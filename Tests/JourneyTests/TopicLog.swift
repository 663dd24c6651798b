import Kafka
import Pipeline
import Synchronization
import TestWorld

/// Everything that went by on all topics, as an independent reader sees it.
final class TopicLog: Sendable {
    private let records = Mutex<[IncomingRecord]>([])
    private let readers: Mutex<[TopicReader]>

    let topology: Topology

    init(_ broker: Broker) throws {
        let settings = KafkaSettings(
            brokers: broker.address, options: [("fetch.wait.max.ms", "5")], clientId: "journey")
        readers = Mutex([])
        topology = Topology(prefix: broker.prefix, partitions: 4)
        for topic in Catalogue.all {
            let reader = try TopicReader(
                settings, topic: topology.name(topic), partitions: nil, from: .beginning,
                onRecord: { record in self.records.withLock { $0.append(record) } }, onCaughtUp: { _ in })
            reader.start()
            readers.withLock { $0.append(reader) }
        }
    }

    var all: [IncomingRecord] { records.withLock { $0 } }

    func on(_ topic: Topic) -> [IncomingRecord] {
        all.filter { $0.topic == topology.name(topic) && !Wire.isBeat($0) }
    }

    func stop() {
        let readers = readers.withLock { readers in
            defer { readers = [] }
            return readers
        }
        for reader in readers { reader.stop() }
    }
}
