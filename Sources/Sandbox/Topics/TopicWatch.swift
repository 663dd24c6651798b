import Kafka
import Pipeline

/// Reads every topic of the catalogue from its beginning, for the feed and the timelines. One reader a topic; a topic
/// whose reader can't be made stops the sandbox.
final class TopicWatch: Sendable {
    private let readers: [TopicReader]

    init(
        _ kafka: KafkaSettings, _ topology: Topology, onRecord: @escaping @Sendable (IncomingRecord) -> Void
    ) throws(KafkaError) {
        var readers: [TopicReader] = []
        for topic in Catalogue.all {
            readers.append(
                try TopicReader(
                    kafka, topic: topology.name(topic), from: .beginning, isolation: .readUncommitted,
                    onRecord: onRecord))
        }
        self.readers = readers
    }

    func start() {
        for reader in readers { reader.start() }
    }

    func stop() {
        for reader in readers { reader.stop() }
    }

    var isCaughtUp: Bool { readers.allSatisfy(\.isCaughtUp) }
}
