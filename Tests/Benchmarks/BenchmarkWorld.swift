import CRdKafka
import Foundation
import Kafka
import Pipeline
import Security
import Synchronization

/// A broker, a prefix of this run's own, keys, and the daemons started on them.
struct BenchmarkWorld {
    let broker: BenchmarkBroker
    let delivery: DeliveryMode
    let topology: Topology
    let kafka: KafkaSettings
    let keyring: Keyring
    let secret = "bench-client-secret"
    let token = String(repeating: "t", count: 32)
    let directory: URL
    private let others = OtherTopics()
    private let keys: (id: String, ring: String)
    /// Makes the link tokens that the daemons accept.
    var identity: IdentityKey { IdentityKey(Secret(Array(Data(base64Encoded: keys.id) ?? Data()))) }

    /// - Parameter delivery: nil: exactly-once where the broker has transactions.
    init(partitions: Int, delivery: DeliveryMode? = nil) throws {
        broker = try .current.get()
        self.delivery = broker.isMock ? .atLeastOnce : delivery ?? .exactlyOnce
        topology = Topology(
            prefix: "bench-\(UUID().uuidString.prefix(8).lowercased()).", partitions: Int32(partitions), replication: 1)
        kafka = KafkaSettings(brokers: broker.servers, options: broker.options, clientId: "bench")
        keys = (Data(randomBytes(32)).base64EncodedString(), "k1:" + Data(randomBytes(32)).base64EncodedString())
        keyring = try Keyring(parsing: keys.ring)
        directory = FileManager.default.temporaryDirectory.appending(path: topology.prefix + "logs")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        try broker.make(topology.declarations, kafka)
        say("broker: \(broker), \(self.delivery.rawValue), prefix \(topology.prefix), \(partitions) partitions")
    }

    /// Starts a daemon that stands beside this program.
    func daemon(_ name: String, _ more: [String: String] = [:]) throws -> DaemonUnderTest {
        let account = "AC" + String(repeating: "1", count: 32)
        let environment = [
            "OTP_KAFKA_BROKERS": broker.servers, "OTP_DELIVERY": delivery.rawValue,
            "OTP_KAFKA_OPTIONS": broker.options.map { "\($0)=\($1)" }.joined(separator: ","),
            "OTP_TOPIC_PREFIX": topology.prefix,
            "OTP_PARTITIONS": "\(topology.partitions)", "OTP_REPLICATION": "1", "OTP_ID_KEY": keys.id,
            "OTP_KEYRING": keys.ring, "OTP_SHOPIFY_CLIENT_SECRET": secret, "OTP_ADMIN_TOKEN": token,
            "OTP_TWILIO_ACCOUNT_SID": account, "OTP_TWILIO_AUTH_TOKEN": "a",
            "OTP_TWILIO_MESSAGING_SERVICE_SID": "MG1", "OTP_WEBHOOK_URL": "http://127.0.0.1:1",
            "OTP_PUBLIC_URL": "http://127.0.0.1:1", "OTP_SHOPIFY_URL": "http://127.0.0.1:1/{shop}",
        ]
        return try DaemonUnderTest(name, environment.merging(more) { $1 }, directory)
    }

    /// Deletes the run's topics and logs.
    func cleanUp() {
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            say("logs not removed: \(error)")
        }
        if !broker.isMock { deleteTopics() }
    }

    private func deleteTopics() {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", broker.servers, nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else { return }
        defer { rd_kafka_destroy(client) }
        let queue = rd_kafka_queue_new(client)
        defer { rd_kafka_queue_destroy(queue) }
        let names = topology.declarations.map(\.name) + others.names.withLock { $0 }
        var topics: [OpaquePointer?] = names.map { rd_kafka_DeleteTopic_new($0) }
        rd_kafka_DeleteTopics(client, &topics, topics.count, nil, queue)
        let event = rd_kafka_queue_poll(queue, 30_000)
        if rd_kafka_event_error(event) != RD_KAFKA_RESP_ERR_NO_ERROR { say("topics NOT deleted: \(topology.prefix)*") }
        rd_kafka_event_destroy(event)
        for topic in topics { rd_kafka_DeleteTopic_destroy(topic) }
    }

    /// A topic beside the catalogue's, for a peer; deleted with the others.
    func plainTopic(_ name: String) throws -> String {
        let topic = TopicDeclaration(
            name: topology.prefix + name, partitions: topology.partitions, replication: 1,
            configuration: ["cleanup.policy": "delete"])
        try broker.make([topic], kafka)
        others.names.withLock { $0.append(topic.name) }
        return topic.name
    }

    private final class OtherTopics: Sendable {
        let names = Mutex<[String]>([])
    }
}
