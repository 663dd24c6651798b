import Foundation
import Kafka
import KafkaMock

/// The Kafka that everything is measured on: `OTP_TEST_BROKERS`, or librdkafka's mock in this process.
struct BenchmarkBroker: CustomStringConvertible, Sendable {
    let servers: String
    private let mock: MockCluster?

    static let current = Result { try BenchmarkBroker() }

    private init() throws {
        if let servers = ProcessInfo.processInfo.environment["OTP_TEST_BROKERS"], !servers.isEmpty {
            self.servers = servers
            mock = nil
        } else {
            let mock = try MockCluster()
            self.mock = mock
            servers = mock.bootstrapServers
        }
    }

    var isMock: Bool { mock != nil }
    var description: String { isMock ? "librdkafka's mock (\(servers))" : "Apache Kafka (\(servers))" }

    /// The mock does not wake a waiting fetch, and a rebalance takes its session's time-out.
    var options: [(String, String)] {
        guard isMock else { return [] }
        return [("fetch.wait.max.ms", "5"), ("session.timeout.ms", "3000"), ("heartbeat.interval.ms", "300")]
    }

    func make(_ topics: [TopicDeclaration], _ settings: KafkaSettings) throws {
        if let mock {
            for topic in topics { mock.createTopic(topic.name, partitions: topic.partitions) }
        } else {
            _ = try TopicAdmin.ensure(topics, settings, deadline: .seconds(60))
        }
    }
}
