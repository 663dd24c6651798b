import Base
import Kafka
import KafkaMock
import Pipeline
import Testing

@testable import Sandbox

@Suite("The mock Kafka's faults", .timeLimit(.minutes(1)))
struct KafkaFaultTests {
    private let topology = Topology(partitions: 4)

    private func send(_ cluster: MockCluster, timeout: Int) throws -> KafkaError? {
        let settings = KafkaSettings(brokers: cluster.bootstrapServers, clientId: "faults")
        let producer = try Producer(settings, tuning: ProducerTuning(lingerMs: 0, messageTimeoutMs: timeout))
        defer { producer.close(deadline: .zero) }
        let record = OutgoingRecord(topic: "otp.attempts", partition: 0, key: [1], value: [2])
        do throws(KafkaError) {
            try producer.sendAll([record], deadline: .seconds(20))
            return nil
        } catch {
            return error
        }
    }

    @Test("are asked for over HTTP, take effect, and are over when cleared")
    func overHTTP() async throws {
        let cluster = try MockCluster(brokers: 2)
        defer { cluster.close() }
        cluster.createTopic("otp.attempts", partitions: 4)
        try await TestWorld.run(cluster: cluster) { (test: TestWorld) async throws in
            #expect(try send(cluster, timeout: 10_000) == nil)
            // MSG_SIZE_TOO_LARGE is for good, so that one answer shows.
            let refused: JSONTree = ["errors": [["api": "produce", "code": 10, "times": 1]]]
            #expect(try await test.api("POST", "/kafka/faults", refused).status == 204)
            #expect(try send(cluster, timeout: 10_000)?.name == "MSG_SIZE_TOO_LARGE")
            #expect(try send(cluster, timeout: 10_000) == nil)
            let moved: JSONTree = ["leader": ["topic": "attempts", "partition": 0, "broker": 2]]
            #expect(try await test.api("POST", "/kafka/faults", moved).status == 204)
            #expect(try send(cluster, timeout: 10_000) == nil)
            #expect(try await test.api("POST", "/kafka/faults", ["down": true]).status == 204)
            #expect(try send(cluster, timeout: 500)?.isRetriable == true)
            #expect(try await test.api("DELETE", "/kafka/faults").status == 204)
            #expect(try send(cluster, timeout: 10_000) == nil)
        }
    }

    @Test(
        "that make no sense are refused",
        arguments: [
            [:], ["errors": [["api": "produce", "code": 19, "times": 0]]], ["roundTripMs": -1],
            ["errors": [["api": "nonsense", "code": 19]]], ["errors": [["api": "produce"]]],
            ["leader": ["topic": "attempts", "partition": 12, "broker": 1]],
            ["leader": ["topic": "nothing", "partition": 0, "broker": 1]],
            ["coordinator": ["group": "sender", "broker": 2]],
        ] as [JSONTree])
    func refused(fault: JSONTree) async throws {
        let cluster = try MockCluster()
        defer { cluster.close() }
        try await TestWorld.run(cluster: cluster) { (test: TestWorld) async throws in
            #expect(try await test.api("POST", "/kafka/faults", fault).status == 400)
        }
    }

    @Test("need a mock Kafka")
    func without() async throws {
        try await TestWorld.run { (test: TestWorld) async throws in
            #expect(try await test.api("POST", "/kafka/faults", ["down": true]).status == 409)
        }
    }
}
