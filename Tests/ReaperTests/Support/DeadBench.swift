import Kafka
import KafkaMock
import Pipeline
import Security
import Synchronization
import Testing

@testable import Reaper
@testable import Runtime

/// A mock cluster with the catalogue's topics, and `otp-reaper dead …` run against it in this process.
struct DeadBench {
    static let keys = "k1:" + String(repeating: "A", count: 43) + "="
    static let otherKeys = "k2:" + String(repeating: "B", count: 42) + "A="

    let mock: MockCluster
    let kafka: KafkaSettings
    let producer: Producer
    let topology = Topology(partitions: 2)

    init() throws {
        mock = try MockCluster()
        for topic in Catalogue.all { mock.createTopic(topology.name(topic), partitions: topology.partitions) }
        kafka = KafkaSettings(brokers: mock.bootstrapServers, options: [("fetch.wait.max.ms", "5")], clientId: "test")
        producer = try Producer(kafka)
    }

    /// A message of `otp.attempts` as its reader met it.
    static func message(_ offset: Int64, key: String, value: [UInt8]?, partition: Int32 = 1) -> IncomingRecord {
        IncomingRecord(
            topic: "otp.attempts", partition: partition, offset: offset, timestamp: 5, key: Array(key.utf8),
            value: value, headers: [KafkaHeader("otp-type", "guess"), KafkaHeader(name: "raw", value: [0, 255])])
    }

    /// Buries messages; answers their places on `otp.dead`.
    func bury(_ messages: [IncomingRecord], reason: String = "no value") async throws -> [DeadPlace] {
        let keyring = try Keyring(parsing: Self.keys)
        var places: [DeadPlace] = []
        for message in messages {
            let letter = DeadLetter.record(message, reason: reason, daemon: "otp-verifier", keyring, topology)
            let delivery = try await producer.send(letter)
            places.append(DeadPlace(partition: delivery.partition, offset: delivery.offset))
        }
        return places
    }

    struct Answer {
        let code: ExitCode
        let output: String
        let errors: String
        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    func dead(_ arguments: String..., keys: String? = DeadBench.keys) async -> Answer {
        await Self.dead(arguments, mock.bootstrapServers, keys)
    }

    static func dead(_ arguments: [String], _ brokers: String, _ keys: String?) async -> Answer {
        var environment = ["OTP_KAFKA_BROKERS": brokers, "OTP_KAFKA_OPTIONS": "fetch.wait.max.ms=5"]
        environment["OTP_KEYRING"] = keys
        let (output, errors) = (Lines(), Lines())
        let (signals, _) = AsyncStream<String>.makeStream()
        let process = DaemonProcess(
            arguments: ["dead"] + arguments, environment: environment, output: { output.add($0) },
            error: { errors.add($0) }, signals: signals)
        let code = await Daemon.run(ReaperDescription.description, in: process) { _ in
            Issue.record("the daemon must not start")
            return []
        }
        return Answer(code: code, output: output.text, errors: errors.text)
    }

    /// All of a topic, as soon as it holds that many records.
    func all(_ topic: Topic, count: Int) async throws -> [IncomingRecord] {
        let seen = Mutex<[IncomingRecord]>([])
        let reader = try TopicReader(
            kafka, topic: topology.name(topic), from: .beginning,
            onRecord: { record in seen.withLock { $0.append(record) } })
        reader.start()
        defer { reader.stop() }
        let limit = ContinuousClock.now + .seconds(20)
        while seen.withLock({ $0.count }) < count || !reader.isCaughtUp, ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(10))
        }
        return seen.withLock { $0 }
    }
}
