import Kafka
import KafkaMock
import Model
import Pipeline
import Testing

@testable import Sandbox

@Suite("What went by on the topics")
struct TopicsTests {
    private static let id = VerificationID("0d1c8b5e-1111-8222-9333-444455556666")
    private static let order = "gid://shopify/Order/1001"

    private static func subject() -> Subject {
        Subject(
            platform: "shopify", shop: "demo.myshopify.com", order: order, orderName: "#1001", shopVersion: 1,
            phone: Sealed([1, 2]), phoneHash: "p", phoneMask: "+1*****0143", range: "r", customerHash: nil,
            locale: nil, keyId: "k", timerSeconds: 300, codeSeconds: 300, codeLength: 6)
    }

    /// A record as it comes from a topic.
    private static func incoming(_ record: OutgoingRecord, at time: Int64) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: time, timestamp: time, key: record.key,
            value: record.value, headers: record.headers)
    }

    private static func journey(_ topology: Topology) throws -> [OutgoingRecord] {
        let id = try #require(Self.id)
        let ask = AttemptMessage.Ask(correlation: "c-1", replyPartition: 0)
        return [
            AttemptMessage.opened(subject()).record(id, topology),
            RequestMessage.send(SendRequest(number: 1, generation: 1, subject: subject(), sendBy: 9))
                .record(id, range: "r", topology),
            AttemptMessage.guess(.init(ask: ask, fingerprints: [:])).record(id, topology),
            Wire.record(
                Catalogue.verdicts, topology, key: "c-1", type: "answer",
                value: Wire.encode(Answer(.mismatch, about: nil))),
            OutcomeRecord.make(
                .cancelled, id,
                OutcomeData(
                    verification: id, shop: "demo.myshopify.com", order: order, orderName: "#1001", by: "us", at: 5),
                topology),
        ]
    }

    @Test("makes an order's timeline, in whatever order the topics are read")
    func timeline() throws {
        let topology = Topology()
        let records = try Self.journey(topology).enumerated().map { Self.incoming($1, at: Int64($0)) }
        for order in [records, records.reversed()] {
            let book = TimelineBook(topology)
            for record in order { book.take(record) }
            let events = book.events(of: Self.order).events.sorted { $0.at < $1.at }
            #expect(
                events.map(\.kind) == ["opened", "requested", "guess", "verdict.mismatch", "outcome.cancelled"])
            #expect(events.last?.text == "outcome: cancelled (by us)")
            #expect(book.verifications(of: Self.order) == [try #require(Self.id).text])
            #expect(book.events(of: "gid://shopify/Order/2").events.isEmpty)
        }
    }

    @Test("a message nobody can read is left out of the timeline")
    func unreadable() {
        let book = TimelineBook(Topology())
        let bad = IncomingRecord(
            topic: "otp.attempts", partition: 0, offset: 0, timestamp: 0, key: [0xFF], value: [0x7B], headers: [])
        book.take(bad)
        #expect(book.events(of: Self.order).events.isEmpty)
    }

    @Test("stays in the feed up to its size, without beats, and is paged")
    func feed() {
        let feed = MessageFeed()
        let topology = Topology()
        feed.take(Self.incoming(Wire.beat(Catalogue.orders, topology, partition: 3), at: 1))
        for number in 1...MessageFeed.capacity + 5 {
            feed.take(
                IncomingRecord(
                    topic: "otp.orders", partition: 0, offset: Int64(number), timestamp: 0, key: [0xFF],
                    value: number % 2 == 0 ? [0xFF] : nil, headers: []))
        }
        let page = feed.page(after: 0)
        #expect(page.beats == 1)
        #expect(page.messages.count == MessageFeed.capacity)
        #expect(page.messages.first?.number == 6)
        #expect(page.messages.first?.key == "0xff")
        #expect(page.messages.first?.size == 1)
        #expect(page.messages.first?.value == nil)
        #expect(page.messages.last?.size == nil)
        #expect(feed.page(after: page.next).messages.isEmpty)
        #expect(feed.page(after: page.next - 2).messages.count == 2)
        #expect(feed.page(after: 0, limit: 3).next == 8)
    }

    @Test("reaches the watch through the mock broker, from every topic", .timeLimit(.minutes(1)))
    func watch() async throws {
        let topology = Topology(prefix: "watch.", partitions: 2)
        let cluster = try MockCluster()
        for topic in topology.declarations { cluster.createTopic(topic.name, partitions: topic.partitions) }
        let kafka = KafkaSettings(brokers: cluster.bootstrapServers, clientId: "sandbox-test")
        let feed = MessageFeed()
        let watch = try TopicWatch(kafka, topology) { feed.take($0) }
        watch.start()
        let producer = try Producer(kafka)
        for topic in Catalogue.all {
            _ = try await producer.send(
                Wire.record(topic, topology, key: "k", type: "test", value: Array("v".utf8)))
        }
        while feed.page(after: 0).messages.count < Catalogue.all.count { try await Task.sleep(for: .milliseconds(20)) }
        #expect(Set(feed.page(after: 0).messages.map(\.topic)) == Set(topology.declarations.map(\.name)))
        try await offPool {
            producer.close(deadline: .seconds(1))
            watch.stop()
            cluster.close()
        }
    }
}
