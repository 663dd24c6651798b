import Base
import Foundation
import KafkaMock
import Testing

@testable import Kafka

@Suite("Producer, on the mock cluster")
struct ProducerTests {
    @Test("a record comes back as it was sent: key, value, headers, timestamp")
    func roundTrip() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 3)
        let producer = try Producer(settings(mock.bootstrapServers))
        let headers = [KafkaHeader("a", "1"), KafkaHeader(name: "b", value: [0, 255]), KafkaHeader("a", "2")]
        let sent = OutgoingRecord(topic: "t", partition: 2, key: [1, 2], value: [], headers: headers)
        let delivery = try await producer.send(sent)
        #expect(delivery == Delivery(partition: 2, offset: 0))
        let got = try await readAll(settings(mock.bootstrapServers), "t", count: 1)
        #expect(got.map(\.key) == [[1, 2]])
        #expect(got.map(\.value) == [[]])
        #expect(got.first?.headers == headers)
        #expect(got.first?.header("a") == "2")
        #expect(abs((got.first?.timestamp ?? 0) - Clock.system.now()) < 60_000)
        producer.close(deadline: .seconds(1))
    }

    @Test("a tombstone is no empty value")
    func tombstone() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        let producer = try Producer(settings(mock.bootstrapServers))
        try producer.sendAll([record("t", "k", nil), record("t", "k", "")], deadline: .seconds(5))
        let got = try await readAll(settings(mock.bootstrapServers), "t", count: 2)
        #expect(got.map(\.value) == [nil, []])
    }

    @Test("a keyed record goes where the partitioner says")
    func partitioning() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 12)
        let producer = try Producer(settings(mock.bootstrapServers))
        for key in ["shop-1.example", "a", "", "lange Schlüssel", "0123456"] {
            let delivery = try await producer.send(record("t", key, "v"))
            #expect(delivery.partition == Partitioner.partition(of: Array(key.utf8), count: 12), "\(key)")
        }
    }

    // org.apache.kafka.common.utils.UtilsTest.testMurmur2
    @Test(
        "murmur2 agrees with Java's",
        arguments: [
            ("21", -973_932_308), ("foobar", -790_332_482), ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ])
    func murmur2(text: String, expected: Int) {
        #expect(Int32(bitPattern: Partitioner.murmur2(Array(text.utf8))) == Int32(expected))
    }

    @Test("a full queue is an error for a caller that can't wait, and a wait for one that can")
    func backPressure() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        mock.setRoundTrip(1, milliseconds: 20)
        let tuning = ProducerTuning(lingerMs: 0, messageTimeoutMs: 10_000, queuedMessages: 5)
        let producer = try Producer(settings(mock.bootstrapServers), tuning: tuning)
        let results = Collected<Result<Delivery, KafkaError>>()
        for n in 0..<20 { producer.send(record("t", "k", "\(n)")) { results.append($0) } }
        #expect(await results.wait { $0.count == 20 })
        let refused = results.all.compactMap { if case .failure(let error) = $0 { error } else { nil } }
        #expect(refused.count == 15)
        #expect(refused.allSatisfy { $0.name == "_QUEUE_FULL" && $0.isRetriable })
        try producer.sendAll((0..<40).map { record("t", "k", "all \($0)") }, deadline: .seconds(20))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for n in 0..<20 { group.addTask { _ = try await producer.send(record("t", "k", "async \(n)")) } }
            try await group.waitForAll()
        }
        let got = try await readAll(settings(mock.bootstrapServers), "t", count: 65)
        #expect(got.count == 65)
    }

    @Test("after a fatal error the producer is rebuilt: pending messages may be sent again, later ones arrive")
    func rebuild() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        let producer = try Producer(settings(mock.bootstrapServers))
        _ = try await producer.send(record("t", "k", "before"))
        mock.setRoundTrip(1, milliseconds: 500)
        let pending = Collected<Result<Delivery, KafkaError>>()
        producer.send(record("t", "k", "pending")) { pending.append($0) }
        producer.failForTest(45)
        #expect(await pending.wait { $0.count == 1 })
        mock.setRoundTrip(1, milliseconds: 0)
        guard case .failure(let error) = pending.all.first else {
            Issue.record("a message survived its producer")
            return
        }
        #expect(error.isRetriable && !error.isFatal)
        var delivered: Delivery?
        while delivered == nil {
            do { delivered = try await producer.send(record("t", "k", "after")) } catch {
                #expect(error.isRetriable)
            }
        }
        producer.close(deadline: .seconds(1))
    }

    @Test("what is acknowledged is in the log, also where its request failed and a later one went through")
    func impliedAcknowledgement() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        var oneByOne = settings(mock.bootstrapServers)
        oneByOne.options.append(("batch.num.messages", "1"))
        let producer = try Producer(oneByOne)
        _ = try await producer.send(record("t", "k", "before"))
        mock.setRoundTrip(1, milliseconds: 50)
        mock.pushErrors(.produce, [6])  // NOT_LEADER_FOR_PARTITION for the first of three
        let acknowledged = Collected<String>()
        let reports = Collected<Bool>()
        for value in ["first", "second", "third"] {
            producer.send(record("t", "k", value)) { result in
                if case .success = result { acknowledged.append(value) }
                reports.append(true)
            }
        }
        #expect(await reports.wait { $0.count == 3 })
        producer.close(deadline: .seconds(1))
        let log = try await readAll(settings(mock.bootstrapServers), "t", count: 1 + acknowledged.all.count)
        #expect(acknowledged.all.contains("third"))
        #expect(Set(acknowledged.all).isSubset(of: log.compactMap(\.valueText)))
    }

    @Test("a message that is too large is refused for good")
    func tooLarge() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        let tuning = ProducerTuning(lingerMs: 0, messageTimeoutMs: 5_000, messageBytes: 2_000)
        let producer = try Producer(settings(mock.bootstrapServers), tuning: tuning)
        let large = OutgoingRecord(topic: "t", key: nil, value: [UInt8](repeating: 1, count: 3_000))
        let error = await #expect(throws: KafkaError.self) { _ = try await producer.send(large) }
        #expect(error?.name == "MSG_SIZE_TOO_LARGE")
        #expect(error?.isRetriable == false)
        #expect(error?.blamesRecord == true)
    }

    @Test("without a broker a message fails in time, and closing fails the rest")
    func noBroker() async throws {
        let mock = try MockCluster()
        mock.createTopic("t", partitions: 1)
        let producer = try Producer(
            settings(mock.bootstrapServers), tuning: ProducerTuning(lingerMs: 0, messageTimeoutMs: 700))
        mock.setBrokerDown(1)
        let error = await #expect(throws: KafkaError.self) { _ = try await producer.send(record("t", "k", "v")) }
        #expect(error?.name == "_MSG_TIMED_OUT")
        let rest = Collected<Result<Delivery, KafkaError>>()
        producer.send(record("t", "k", "v")) { rest.append($0) }
        producer.close(deadline: .milliseconds(50))
        #expect(await rest.wait { $0.count == 1 })
    }
}
