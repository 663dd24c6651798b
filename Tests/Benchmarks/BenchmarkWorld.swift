import CRdKafka
import Foundation
import Kafka
import Pipeline
import Security

/// A broker, a prefix of this run's own, keys, and the daemons started on them.
struct BenchmarkWorld {
    static let broker =
        ProcessInfo.processInfo.environment["OTP_TEST_BROKERS"].flatMap { $0.isEmpty ? nil : $0 } ?? "127.0.0.1:9092"

    let topology: Topology
    let kafka: KafkaSettings
    let keyring: Keyring
    let secret = "bench-client-secret"
    let token = String(repeating: "t", count: 32)
    let directory: URL
    private let keys: (id: String, ring: String)
    /// Makes the link tokens that the daemons accept.
    var identity: IdentityKey { IdentityKey(Secret(Array(Data(base64Encoded: keys.id) ?? Data()))) }

    init(partitions: Int) throws {
        topology = Topology(
            prefix: "bench-\(UUID().uuidString.prefix(8).lowercased()).", partitions: Int32(partitions), replication: 1)
        kafka = KafkaSettings(brokers: Self.broker, clientId: "bench")
        keys = (Data(randomBytes(32)).base64EncodedString(), "k1:" + Data(randomBytes(32)).base64EncodedString())
        keyring = try Keyring(parsing: keys.ring)
        directory = FileManager.default.temporaryDirectory.appending(path: topology.prefix + "logs")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        _ = try TopicAdmin.ensure(topology.declarations, kafka, deadline: .seconds(60))
        say("broker: \(Self.broker), prefix \(topology.prefix), \(partitions) partitions")
    }

    /// Starts a daemon that stands beside this program.
    func daemon(_ name: String, _ more: [String: String] = [:]) throws -> DaemonUnderTest {
        let account = "AC" + String(repeating: "1", count: 32)
        let environment = [
            "OTP_KAFKA_BROKERS": Self.broker, "OTP_TOPIC_PREFIX": topology.prefix,
            "OTP_PARTITIONS": "\(topology.partitions)", "OTP_REPLICATION": "1", "OTP_ID_KEY": keys.id,
            "OTP_KEYRING": keys.ring, "OTP_SHOPIFY_CLIENT_SECRET": secret, "OTP_ADMIN_TOKEN": token,
            "OTP_TWILIO_ACCOUNT_SID": account, "OTP_TWILIO_AUTH_TOKEN": "a",
            "OTP_TWILIO_MESSAGING_SERVICE_SID": "MG1", "OTP_WEBHOOK_URL": "http://127.0.0.1:1",
            "OTP_PUBLIC_URL": "http://127.0.0.1:1",
        ]
        return try DaemonUnderTest(name, environment.merging(more) { $1 }, directory)
    }

    /// Deletes the run's topics and logs.
    func cleanUp() {
        let configuration = rd_kafka_conf_new()
        rd_kafka_conf_set(configuration, "bootstrap.servers", Self.broker, nil, 0)
        guard let client = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, nil, 0) else { return }
        defer { rd_kafka_destroy(client) }
        let queue = rd_kafka_queue_new(client)
        defer { rd_kafka_queue_destroy(queue) }
        var topics: [OpaquePointer?] = topology.declarations.map { rd_kafka_DeleteTopic_new($0.name) }
        rd_kafka_DeleteTopics(client, &topics, topics.count, nil, queue)
        let event = rd_kafka_queue_poll(queue, 30_000)
        say(rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR ? "topics deleted" : "topics NOT deleted")
        rd_kafka_event_destroy(event)
        for topic in topics { rd_kafka_DeleteTopic_destroy(topic) }
        do {
            try FileManager.default.removeItem(at: directory)
        } catch {
            say("logs not removed: \(error)")
        }
    }
}
