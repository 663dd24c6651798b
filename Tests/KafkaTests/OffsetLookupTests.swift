import KafkaMock
import Testing

@testable import Kafka

@Suite("Offsets looked up", .timeLimit(.minutes(1)))
struct OffsetLookupTests {
    @Test("a partition whose leader has moved is found at its new one")
    func movedLeader() throws {
        let cluster = try MockCluster(brokers: 2)
        defer { cluster.close() }
        cluster.createTopic("t", partitions: 1)
        let lookup = try OffsetLookup(KafkaSettings(brokers: cluster.bootstrapServers, clientId: "lookup"))
        let empty: [Int32: OffsetLookup.Range] = [0: .init(low: 0, high: 0)]
        for broker: Int32 in [1, 2, 1] {
            cluster.setLeader("t", 0, broker: broker)
            var answer: [Int32: OffsetLookup.Range]?
            for _ in 0..<3 where answer == nil {
                do throws(KafkaError) {
                    answer = try lookup.ranges("t", [0], until: .after(.seconds(5)))
                } catch {
                    #expect(error.name == "NOT_LEADER_FOR_PARTITION")
                }
            }
            #expect(answer == empty, "led by \(broker)")
        }
    }
}
