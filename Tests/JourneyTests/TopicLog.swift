import Kafka
import Pipeline
import Synchronization

/// Everything that went by on all topics, as an independent reader sees it.
final class TopicLog: Sendable {
    private let records = Mutex<[IncomingRecord]>([])
    private let readers: Mutex<[TopicReader]>

    init(brokers: String) throws {
        let settings = KafkaSettings(
            brokers: brokers, options: [("fetch.wait.max.ms", "5")], clientId: "journey")
        readers = Mutex([])
        let topology = Topology(partitions: 4)
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
        all.filter { $0.topic == "otp.\(topic.name)" && !Wire.isBeat($0) }
    }

    func stop() {
        let readers = readers.withLock { readers in
            defer { readers = [] }
            return readers
        }
        for reader in readers { reader.stop() }
    }
}
