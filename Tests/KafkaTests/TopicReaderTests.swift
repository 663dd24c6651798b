import Foundation
import Glibc
import Kafka
import KafkaMock
import Testing

@Suite("TopicReader and MockCluster")
struct TopicReaderTests {
    @Test("an empty topic is caught up at once, partition by partition")
    func empty() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 3)
        let caughtUp = Collected<Int32>()
        let reader = try TopicReader(
            settings(mock.bootstrapServers), topic: "t", from: .beginning, onRecord: { _ in },
            onCaughtUp: { caughtUp.append($0) })
        #expect(!reader.isCaughtUp)
        reader.start()
        #expect(await caughtUp.wait { $0.count == 3 })
        #expect(reader.isCaughtUp)
        #expect(caughtUp.all.sorted() == [0, 1, 2])
        reader.stop()
    }

    @Test("what was there at the start is read before caught up is said, what comes later goes on")
    func catchesUp() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 2)
        let producer = try Producer(settings(mock.bootstrapServers))
        try producer.sendAll((0..<10).map { record("t", "k\($0)", "v", partition: $0 % 2) }, deadline: .seconds(5))
        let events = Collected<String>()
        let reader = try TopicReader(
            settings(mock.bootstrapServers), topic: "t", partitions: [1], from: .beginning,
            onRecord: { events.append("\($0.partition)/\($0.offset)") }, onCaughtUp: { events.append("end \($0)") })
        reader.start()
        #expect(await events.wait { $0.contains("end 1") })
        #expect(events.all == ["1/0", "1/1", "1/2", "1/3", "1/4", "end 1"])
        try producer.sendAll([record("t", "later", "v", partition: 1)], deadline: .seconds(5))
        #expect(await events.wait { $0.last == "1/5" })
        reader.stop()
    }

    @Test("from the end only what comes later is read")
    func fromEnd() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        let producer = try Producer(settings(mock.bootstrapServers))
        try producer.sendAll([record("t", "old", "v")], deadline: .seconds(5))
        let seen = Collected<String>()
        let caughtUp = Collected<Int32>()
        let reader = try TopicReader(
            settings(mock.bootstrapServers), topic: "t", from: .end, onRecord: { seen.append($0.keyText) },
            onCaughtUp: { caughtUp.append($0) })
        reader.start()
        #expect(await caughtUp.wait { $0 == [0] })
        try producer.sendAll([record("t", "new", "v")], deadline: .seconds(5))
        #expect(await seen.wait { !$0.isEmpty })
        #expect(seen.all == ["new"])
        reader.stop()
    }

    @Test("a leader that moves or refuses does not end the reading")
    func errors() async throws {
        let mock = try MockCluster(brokers: 2)
        mock.createTopic("t", partitions: 1)
        mock.pushErrors(.fetch, [6, 6, 3])
        let producer = try Producer(settings(mock.bootstrapServers))
        mock.pushErrors(.produce, [6, 7])
        try producer.sendAll([record("t", "a", "v")], deadline: .seconds(10))
        let seen = Collected<String>()
        let reader = try TopicReader(
            settings(mock.bootstrapServers), topic: "t", from: .beginning, onRecord: { seen.append($0.keyText) })
        reader.start()
        #expect(await seen.wait { $0 == ["a"] })
        reader.stop()
    }

    @Test("the mock listens on the port it was given, and says so when it is taken")
    func fixedPort() async throws {
        let port = try freePort()
        let mock = try MockCluster(port: port)
        #expect(mock.bootstrapServers == "127.0.0.1:\(port)")
        let error = #expect(throws: MockClusterError.self) { _ = try MockCluster(port: port) }
        #expect(error?.message.contains("in use") == true)
        mock.createTopic("t", partitions: 1)
        let producer = try Producer(settings(mock.bootstrapServers))
        _ = try await producer.send(record("t", "k", "v"))
        mock.close()
    }

    private func freePort() throws -> UInt16 {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(fd) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        return try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                try #require(bind(fd, raw, size) == 0 && getsockname(fd, raw, &size) == 0)
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
