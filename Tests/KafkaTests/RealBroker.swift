import Foundation
import CRdKafka
import Testing

@testable import Kafka

extension Tag {
    @Tag static var realBroker: Self
}

extension Trait where Self == ConditionTrait {
    /// Transactions, isolation and fencing only pretend on the mock.
    static var needsRealBroker: Self { .enabled(if: RealBroker.servers != nil, "skipped: needs a real broker") }
}

/// Topics of our own on the broker that OTP_TEST_BROKERS names.
struct RealBroker {
    static let servers = ProcessInfo.processInfo.environment["OTP_TEST_BROKERS"].flatMap { $0.isEmpty ? nil : $0 }

    let prefix = "kafka-tests-\(UUID().uuidString.prefix(8))-"
    let kafka: KafkaSettings
    let log = Collected<String>()
    let events = Collected<String>()

    init() throws {
        let log = log
        kafka = KafkaSettings(
            brokers: try #require(RealBroker.servers), options: [("session.timeout.ms", "6000")], clientId: "test",
            logger: { log.append("\($0.facility) \($0.message)") })
    }

    func topic(_ name: String) -> String { prefix + name }

    func create(_ topics: [(name: String, partitions: Int32)], _ configuration: [String: String] = [:]) throws {
        _ = try TopicAdmin.ensure(
            topics.map {
                TopicDeclaration(
                    name: topic($0.name), partitions: $0.partitions, replication: 1, configuration: configuration)
            }, kafka, deadline: .seconds(20))
    }

    func settings(_ tables: [TableSource]? = nil, _ delivery: DeliveryMode = .exactlyOnce) -> DeskSettings {
        DeskSettings(
            kafka: kafka, input: topic("input"), group: prefix + "g", delivery: delivery,
            transactionalIdPrefix: prefix, tables: tables ?? [TableSource(topic: topic("state"))],
            outputs: [topic("state"), topic("replies")], heartbeatInterval: .milliseconds(500))
    }

    var script: TestLogic.Script {
        TestLogic.Script(state: topic("state"), replies: topic("replies"), dead: topic("dead"))
    }

    func desk(_ settings: DeskSettings? = nil, _ events: Collected<String>? = nil) throws -> Desk {
        let (script, events) = (script, events ?? self.events)
        return try Desk(settings ?? self.settings()) { TestLogic($0, script, events) }
    }

    /// A producer in an open transaction, as a crash leaves it.
    func openTransaction(_ id: String, _ records: [OutgoingRecord]) throws -> Client {
        let events = ClientEvents()
        events.delivered = { _, _, _ in }
        let client = try Client(
            .producer, kafka, [("transactional.id", id), ("transaction.timeout.ms", "10000")], events: events)
        #expect(KafkaError(taking: rd_kafka_init_transactions(client.raw, 10_000)) == nil)
        #expect(KafkaError(taking: rd_kafka_begin_transaction(client.raw)) == nil)
        for record in records { #expect(client.produce(record, id: 0) == nil) }
        #expect(rd_kafka_flush(client.raw, 5_000) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return client
    }
}
