import KafkaMock
import Testing

@testable import Kafka

@Suite("TopicAdmin")
struct TopicAdminTests {
    @Test("a mock can't be asked, which is a warning; a wrong number of partitions is an error all the same")
    func mock() throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 2)
        let right = TopicDeclaration(name: "t", partitions: 2, configuration: ["cleanup.policy": "compact"])
        let warnings = try TopicAdmin.ensure([right], settings(mock.bootstrapServers), deadline: .seconds(5))
        #expect(warnings.count == 1)
        let wrong = [TopicDeclaration(name: "t", partitions: 3), TopicDeclaration(name: "absent", partitions: 1)]
        let error = #expect(throws: TopicAdminError.self) {
            try TopicAdmin.ensure(wrong, settings(mock.bootstrapServers), deadline: .seconds(5))
        }
        #expect(error?.problems == ["topic t has 2 partitions instead of 3", "topic absent is missing"])
    }

    @Test("a mock makes many topics in the time of one")
    func many() throws {
        let mock = try MockCluster()
        let names = (0..<15).map { "t\($0)" }
        let took = ContinuousClock().measure { mock.createTopics(names.map { ($0, 4) }) }
        let declared = names.map { TopicDeclaration(name: $0, partitions: 4) }
        _ = try TopicAdmin.ensure(declared, settings(mock.bootstrapServers), deadline: .seconds(5))
        #expect(took < .milliseconds(1_500), "\(took)")
    }

    @Test("every difference is named, and the order of a list is none")
    func differences() {
        let declared = TopicDeclaration(
            name: "t", partitions: 1,
            configuration: ["cleanup.policy": "compact,delete", "retention.ms": "1", "segment.ms": "5"])
        let actual = ["cleanup.policy": "delete, compact", "retention.ms": "2"]
        #expect(
            TopicAdmin.differences(declared, actual) == [
                "topic t has retention.ms=2 instead of 1", "topic t has segment.ms=(unknown) instead of 5",
            ])
    }
}
