import CRdKafka
import Foundation
import Testing

@testable import Kafka

@Suite("On a real broker", .tags(.realBroker), .needsRealBroker, .serialized)
struct RealBrokerTests {
    @Test("missing topics are created, existing ones compared, every difference named")
    func administration() throws {
        let broker = try RealBroker()
        let name = broker.topic("t")
        let declared = TopicDeclaration(
            name: name, partitions: 2, replication: 1,
            configuration: [
                "cleanup.policy": "compact", "segment.ms": "21600000", "max.compaction.lag.ms": "21600000",
            ])
        #expect(try TopicAdmin.ensure([declared], broker.kafka, deadline: .seconds(20)).isEmpty)
        #expect(try TopicAdmin.ensure([declared], broker.kafka, deadline: .seconds(20)).isEmpty)
        let other = TopicDeclaration(
            name: name, partitions: 3,
            configuration: ["cleanup.policy": "delete", "retention.ms": "1000", "segment.ms": "21600000"])
        let error = #expect(throws: TopicAdminError.self) {
            try TopicAdmin.ensure([other], broker.kafka, deadline: .seconds(20))
        }
        #expect(
            error?.problems == [
                "topic \(name) has 2 partitions instead of 3",
                "topic \(name) has cleanup.policy=compact instead of delete",
                "topic \(name) has retention.ms=604800000 instead of 1000",
            ])
    }

    @Test("a committed batch is visible as a whole, an aborted one not at all")
    func isolation() async throws {
        let broker = try RealBroker()
        try broker.create([("state", 1)])
        try broker.create([("small", 1)], ["max.message.bytes": "1000"])
        let settlement = TransactionalSettlement(broker.settings(), .standalone(partition: 0))
        #expect(try settlement.open(while: { true }))
        func settle(_ key: String, _ size: Int) -> Verdict {
            var large = record(broker.topic("small"), key, "", partition: 0)
            large.value = [UInt8](repeating: 0, count: size)
            let staged = [
                StagedRecord(.state, record(broker.topic("state"), key, "1")), StagedRecord(.reply, large),
                StagedRecord(.state, record(broker.topic("state"), key, "2")),
            ]
            return settlement.settle(staged, offset: nil, nil, while: { true })
        }
        let first = settle("first", 10)
        guard case .settled = first else { return #expect(Bool(false), "not committed: \(first)") }
        let refused = settle("refused", 5_000)
        guard case .undone(let reason) = refused else {
            return #expect(Bool(false), "the refused batch was not undone: \(refused)")
        }
        #expect(reason.name == "MSG_SIZE_TOO_LARGE" && reason.blamesRecord)
        // librdkafka 2.0.2 leaves a gap in the sequence of the refused partition; one abort more and it is mended.
        var last = settle("last", 10)
        if case .undone(let error) = last {
            #expect(!error.blamesRecord)
            last = settle("last", 10)
        }
        guard case .settled = last else { return #expect(Bool(false), "not committed after an abort: \(last)") }
        let committed = try await readAll(broker.kafka, broker.topic("state"), count: 4)
        #expect(committed.map { $0.keyText + ($0.valueText ?? "") } == ["first1", "first2", "last1", "last2"])
        let all = try await readAll(broker.kafka, broker.topic("state"), count: 5, isolation: .readUncommitted)
        #expect(all.contains { $0.keyText == "refused" })
    }

    @Test("a successor with the same transactional id fences its predecessor")
    func fencing() throws {
        let broker = try RealBroker()
        try broker.create([("state", 1)])
        let staged = [StagedRecord(.state, record(broker.topic("state"), "k", "v"))]
        let zombie = TransactionalSettlement(broker.settings(), .standalone(partition: 0))
        #expect(try zombie.open(while: { true }))
        guard case .settled = zombie.settle(staged, offset: nil, nil, while: { true }) else {
            return #expect(Bool(false), "the first one could not commit")
        }
        let successor = TransactionalSettlement(broker.settings(), .standalone(partition: 0))
        #expect(try successor.open(while: { true }))
        guard case .fatal(let error) = zombie.settle(staged, offset: nil, nil, while: { true }) else {
            return #expect(Bool(false), "a zombie was not fenced")
        }
        #expect(error.isFatal)
        guard case .settled = successor.settle(staged, offset: nil, nil, while: { true }) else {
            return #expect(Bool(false), "the successor could not commit")
        }
    }

    @Test("after a crash in an open transaction a restart sees nothing of it, soon")
    func restart() async throws {
        let broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)])
        let producer = try Producer(broker.kafka)
        try producer.sendAll([record(broker.topic("input"), "a", "v", partition: 0)], deadline: .seconds(5))
        try await running(try broker.desk()) {
            #expect(await broker.events.wait { $0.contains("0 caughtUp") })
        }
        let orphan = try broker.openTransaction(
            broker.prefix + "0", [record(broker.topic("state"), "a", "666", partition: 0)])
        try producer.sendAll([record(broker.topic("input"), "a", "v", partition: 0)], deadline: .seconds(5))
        let again = Collected<String>()
        let start = ContinuousClock.now
        try await running(try broker.desk(nil, again)) {
            #expect(await again.wait { $0.contains("0 caughtUp") })
            #expect(start.duration(to: .now) < .seconds(9))
        }
        #expect(again.all == ["0 restore a=1", "0 restored", "0 decide 1", "0 caughtUp", "0 closed"])
        let states = try await readAll(broker.kafka, broker.topic("state"), count: 2)
        #expect(states.map(\.valueText) == ["1", "2"])
        withExtendedLifetime(orphan) {}
    }

    @Test("an input written in transactions is caught up with, though markers take its last offsets")
    func markers() async throws {
        let broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)])
        let writer = TransactionalSettlement(broker.settings(), .standalone(partition: 99))
        #expect(try writer.open(while: { true }))
        let staged = (0..<3).map { StagedRecord(.state, record(broker.topic("input"), "k\($0)", "v", partition: 0)) }
        guard case .settled = writer.settle(staged, offset: nil, nil, while: { true }) else {
            return #expect(Bool(false), "not committed")
        }
        for _ in 0..<2 {
            let events = Collected<String>()
            try await running(try broker.desk(nil, events)) {
                #expect(await events.wait { $0.contains("0 caughtUp") })
            }
        }
        #expect(try await readAll(broker.kafka, broker.topic("state"), count: 3).count == 3)
    }

    @Test("desks coming and going under load count every message exactly once", .timeLimit(.minutes(2)))
    func exactlyOnceUnderRebalances() async throws {
        let broker = try RealBroker()
        let partitions: Int32 = 4
        try broker.create([("input", partitions), ("state", partitions), ("replies", 1), ("dead", 1)])
        let producer = try Producer(broker.kafka)
        let feeder = Task {
            var rounds = 0
            while !Task.isCancelled {
                for (n, partition) in (0..<5).flatMap({ n in (0..<partitions).map { (n, $0) } }) {
                    _ = try await producer.send(record(broker.topic("input"), "k\(n)", "v", partition: partition))
                }
                rounds += 1
            }
            return rounds
        }
        try await running(try broker.desk()) {
            #expect(await broker.events.wait { $0.filter { $0.contains("decide") }.count > 50 })
            for _ in 0..<3 {
                let events = Collected<String>()
                try await running(try broker.desk(nil, events)) {
                    #expect(await events.wait { $0.filter { $0.contains("decide") }.count > 20 })
                }
            }
            feeder.cancel()
            let rounds = try await feeder.value
            let total = rounds * 5 * Int(partitions)
            let replies = try await readAll(broker.kafka, broker.topic("replies"), count: total)
            #expect(replies.count == total)
            let states = try await readAll(broker.kafka, broker.topic("state"), count: total)
            #expect(states.count == total)
            for partition in 0..<partitions {
                for key in (0..<5).map({ "k\($0)" }) {
                    let counts = states.filter { $0.partition == partition && $0.keyText == key }.map(\.valueText)
                    #expect(counts == (1...rounds).map { "\($0)" }, "\(partition) \(key)")
                }
            }
        }
    }

    @Test(
        "a message whose outputs the client or the broker refuses is buried, its neighbours are counted once",
        arguments: [5 << 20, 2 << 20])
    func buries(bytes: Int) async throws {
        let broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)], ["max.message.bytes": "1000000"])
        let producer = try Producer(broker.kafka)
        let input = broker.topic("input")
        try producer.sendAll(
            (0..<20).map { record(input, "k", $0 == 7 ? "poison" : "v", partition: 0) }, deadline: .seconds(5))
        var script = broker.script
        script.poisonBytes = bytes
        let desk = try Desk(broker.settings()) { [script] in TestLogic($0, script, broker.events) }
        try await running(desk) {
            #expect(await broker.events.wait { $0.contains("0 caughtUp") })
        }
        #expect(broker.events.all.filter { $0.contains("bury") } == ["0 bury 7 MSG_SIZE_TOO_LARGE"])
        let states = try await readAll(broker.kafka, broker.topic("state"), count: 19)
        #expect(states.map(\.valueText) == (1...19).map { "\($0)" })
        #expect(try await readAll(broker.kafka, broker.topic("dead"), count: 1).count == 1)
        #expect(desk.statistics().messages == 20)
    }

    @Test("a table is restored from an age on")
    func since() async throws {
        let broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)])
        let producer = try Producer(broker.kafka)
        let state = broker.topic("state")
        try producer.sendAll([record(state, "old", "1", partition: 0)], deadline: .seconds(5))
        try await Task.sleep(for: .milliseconds(1_500))
        try producer.sendAll([record(state, "new", "2", partition: 0)], deadline: .seconds(5))
        let desk = try broker.desk(broker.settings([TableSource(topic: state, from: .since(ageMs: 1_000))]))
        try await running(desk) {
            #expect(await broker.events.wait { $0.contains("0 caughtUp") })
        }
        #expect(broker.events.all.first == "0 restore new=2")
    }

    @Test("a note of what a daemon ended over is carried on by transactions until its messages are settled")
    func stumbles() async throws {
        let broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)])
        let producer = try Producer(broker.kafka)
        func send(_ keys: [String]) throws {
            try producer.sendAll(
                keys.map { record(broker.topic("input"), $0, "v", partition: 0) }, deadline: .seconds(10))
        }
        func committed() throws -> (offset: Int64, note: String) {
            let member = try Client(.consumer, broker.kafka, [("group.id", broker.settings().group)])
            let list = TopicPartitions([(broker.topic("input"), 0, -1001)])
            #expect(list.use { rd_kafka_committed(member.raw, $0, 10_000) } == RD_KAFKA_RESP_ERR_NO_ERROR)
            return (list.entries[0].offset, list.entries[0].metadata)
        }
        try send(["a", "b", "c"])
        let member = try Client(.consumer, broker.kafka, [("group.id", broker.settings().group)])
        let notes: [Int32: String] = [0: "crashed:1-1:2,stalled:2-9:1"]
        #expect(member.commit(broker.topic("input"), [0: 0], notes: notes, until: .after(.seconds(20))) == nil)
        try await running(try broker.desk()) {
            #expect(await broker.events.wait { $0.contains("0 caughtUp") })
        }
        #expect(broker.events.all.filter { $0.contains("bury") } == ["0 bury 1 crashed"])
        // The transactions' markers have offsets of their own in no input that a producer without one has written.
        var last = try committed()
        #expect(last.offset == 3 && last.note == "stalled:2-9:1", "\(last)")
        try send(["d", "e", "f", "g", "h", "i", "j"])
        try await running(try broker.desk()) {
            #expect(await broker.events.wait { $0.contains("0 decide 9") })
        }
        last = try committed()
        #expect(last.offset == 10 && last.note == "", "\(last)")
    }
}
