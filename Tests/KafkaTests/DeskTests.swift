import Foundation
import KafkaMock
import Testing

@testable import Kafka

/// A mock with the topics of these tests, and what a desk on it is told.
struct Bench {
    let mock: MockCluster
    let kafka: KafkaSettings
    let producer: Producer
    let events = Collected<String>()
    let log = Collected<String>()

    init(partitions: Int32 = 1, brokers: Int = 1) throws {
        mock = try MockCluster(brokers: brokers)
        for topic in ["input", "state"] { mock.createTopic(topic, partitions: partitions) }
        for topic in ["replies", "dead", "ticks"] { mock.createTopic(topic, partitions: 1) }
        let log = log
        kafka = KafkaSettings(
            brokers: mock.bootstrapServers,
            options: [("fetch.wait.max.ms", "5"), ("session.timeout.ms", "3000"), ("heartbeat.interval.ms", "300")],
            clientId: "test", logger: { log.append("\($0.facility) \($0.message)") })
        producer = try Producer(kafka)
    }

    func settings(_ delivery: DeliveryMode = .atLeastOnce, tables: [TableSource] = [TableSource(topic: "state")])
        -> DeskSettings
    {
        DeskSettings(
            kafka: kafka, input: "input", group: "g", delivery: delivery, transactionalIdPrefix: "g-", tables: tables,
            outputs: ["state", "replies"], tickInterval: .milliseconds(50))
    }

    func desk(_ script: TestLogic.Script = .init(), _ settings: DeskSettings? = nil) throws -> Desk {
        try Desk(settings ?? self.settings()) { [events] in TestLogic($0, script, events) }
    }

    func send(_ keys: [String], value: String = "v", partition: Int32 = 0) throws {
        try producer.sendAll(
            keys.map { record("input", $0, value, partition: partition) }, deadline: .seconds(10))
    }
}

/// Runs a desk while the body runs, then stops it; what `run` threw comes out.
func running(_ desk: Desk, _ body: () async throws -> Void) async throws {
    let run = Task { try await desk.run() }
    do { try await body() } catch {
        await desk.stop(deadline: .seconds(5))
        throw error
    }
    await desk.stop(deadline: .seconds(5))
    try await run.value
}

@Suite("Desk, on the mock cluster")
struct DeskTests {
    @Test("messages become states and replies, offsets are committed, a second desk goes on after them")
    func endToEnd() async throws {
        let bench = try Bench()
        try bench.send(["a", "b", "a"])
        let desk = try bench.desk()
        #expect(!desk.isReady)
        try await running(desk) {
            #expect(await bench.events.wait { $0.contains("0 caughtUp") })
            #expect(desk.isReady)
            #expect(desk.assigned == [0])
            try bench.send(["c"])
            #expect(await bench.events.wait { $0.contains("0 decide 3") })
        }
        #expect(bench.events.all.first == "0 restored")
        #expect(bench.events.all.last == "0 closed")
        #expect(desk.statistics().messages == 4)
        let states = try await readAll(bench.kafka, "state", count: 4)
        #expect(states.map { "\($0.keyText)\($0.valueText ?? "")" } == ["a1", "b1", "a2", "c1"])
        try bench.send(["a"])
        let before = bench.events.all.count
        try await running(try bench.desk()) {
            #expect(await bench.events.wait { $0.count > before && $0.last == "0 caughtUp" })
        }
        #expect(
            Array(bench.events.all[before...]) == [
                "0 restore a=1", "0 restore b=1", "0 restore a=2", "0 restore c=1", "0 restored", "0 decide 4",
                "0 caughtUp", "0 closed",
            ])
        let replies = try await readAll(bench.kafka, "replies", count: 5)
        #expect(replies.last?.valueText == "3")
    }

    @Test("both delivery modes do the same when all goes well", arguments: DeliveryMode.allCases)
    func modes(delivery: DeliveryMode) async throws {
        let bench = try Bench(partitions: 3)
        for partition in Int32(0)..<3 {
            try bench.send((0..<200).map { "k\($0 % 7)" }, partition: partition)
        }
        let desk = try bench.desk(.init(), bench.settings(delivery))
        try await running(desk) {
            #expect(await bench.events.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 3 })
        }
        #expect(desk.statistics().messages == 600)
        let states = try await readAll(bench.kafka, "state", count: 600)
        #expect(states.count == 600)
        var last: [String: Int] = [:]
        for row in states { last["\(row.partition)\(row.keyText)"] = row.valueText.flatMap(Int.init) }
        #expect(last.values.reduce(0, +) == 600)
    }

    @Test("tables are replayed with their tombstones before any message, empty ones too")
    func restores() async throws {
        let bench = try Bench(partitions: 2)
        try bench.producer.sendAll(
            [
                record("state", "a", "4", partition: 0), record("state", "b", "7", partition: 0),
                record("state", "a", nil, partition: 0),
            ], deadline: .seconds(5))
        try bench.send(["a", "b"])
        bench.mock.createTopic("empty", partitions: 2)
        let tables = [TableSource(topic: "state", from: .since(ageMs: 60_000)), TableSource(topic: "empty")]
        let desk = try bench.desk(.init(), bench.settings(tables: tables))
        try await running(desk) {
            #expect(await bench.events.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 2 })
        }
        let first = bench.events.all.filter { $0.hasPrefix("0 ") }.prefix(4)
        #expect(first == ["0 restore a=4", "0 restore b=7", "0 restore a=-", "0 restored"])
        #expect(desk.statistics().restoredRows == 3)
        let replies = try await readAll(bench.kafka, "replies", count: 2)
        #expect(replies.map(\.valueText) == ["1", "8"])
    }

    @Test("an applied offset beyond the input's end stops the desk")
    func recreatedInput() async throws {
        let bench = try Bench()
        var row = record("state", "a", "4", partition: 0)
        row.headers = [KafkaHeader("applied", "9")]
        try bench.producer.sendAll([row], deadline: .seconds(5))
        let desk = try bench.desk()
        let error = await #expect(throws: KafkaError.self) { try await desk.run() }
        #expect(error?.message.contains("applied offset 9") == true)
        #expect(!bench.events.all.contains("0 restored"))
    }

    @Test("ticks write without a message, and waking brings one soon")
    func ticks() async throws {
        let bench = try Bench()
        let lanes = Collected<Lane>()
        var settings = bench.settings()
        settings.tickInterval = .seconds(30)
        let script = TestLogic.Script(
            tickOutputs: { n in [StagedRecord(.effect, record("ticks", "t", "\(n)", partition: 0))] })
        let desk = try Desk(settings) { [events = bench.events] lane in
            lanes.append(lane)
            return TestLogic(lane, script, events)
        }
        try await running(desk) {
            #expect(await bench.events.wait { $0.contains("0 tick") })
            try #require(lanes.all.first).wake()
            #expect(await bench.events.wait(seconds: 5) { $0.filter { $0 == "0 tick" }.count == 2 })
            #expect(try #require(lanes.all.first).isOwned)
        }
        #expect(try !#require(lanes.all.first).isOwned)
        #expect(try await readAll(bench.kafka, "ticks", count: 2).map(\.valueText) == ["1", "2"])
        #expect(desk.statistics().ticks == 2)
    }

    @Test(
        "a message whose outputs are refused twice is buried, its neighbours are not", arguments: DeliveryMode.allCases)
    func buries(delivery: DeliveryMode) async throws {
        let bench = try Bench()
        try bench.send(["a", "b"])
        try bench.send(["bad"], value: "poison")
        try bench.send(["a"])
        let desk = try bench.desk(.init(), bench.settings(delivery))
        try await running(desk) {
            #expect(await bench.events.wait { $0.contains("0 caughtUp") })
        }
        let events = bench.events.all
        #expect(events.filter { $0.hasPrefix("0 bury") } == ["0 bury 2 MSG_SIZE_TOO_LARGE"])
        #expect(events.last { $0.hasPrefix("0 decide") } == "0 decide 3")
        #expect(try await readAll(bench.kafka, "dead", count: 1).map(\.keyText) == ["bad"])
        let states = try await readAll(bench.kafka, "state", count: 3)
        #expect(Set(states.map { "\($0.keyText)\($0.valueText ?? "")" }) == ["a1", "b1", "a2"])
        #expect(desk.statistics().buried == 1)
    }

    @Test("two desks share the partitions; when one leaves, the other takes over with the states")
    func rebalance() async throws {
        let bench = try Bench(partitions: 4)
        let other = Collected<String>()
        let first = try bench.desk()
        let second = try Desk(bench.settings()) { TestLogic($0, .init(), other) }
        try await running(first) {
            #expect(await bench.events.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 4 })
            try await running(second) {
                #expect(await other.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 2 })
                #expect(first.assigned.count == 2)
                #expect(Set(first.assigned + second.assigned) == [0, 1, 2, 3])
                for partition in Int32(0)..<4 { try bench.send(["k", "k"], partition: partition) }
                #expect(await other.wait { $0.filter { $0.contains("decide") }.count >= 4 })
                #expect(await bench.events.wait { $0.filter { $0.contains("decide") }.count >= 4 })
            }
            #expect(await bench.events.wait(seconds: 30) { $0.filter { $0.hasSuffix("caughtUp") }.count == 6 })
            for partition in Int32(0)..<4 { try bench.send(["k"], partition: partition) }
            let replies = try await readAll(bench.kafka, "replies", count: 12)
            #expect(replies.map(\.valueText).filter { $0 == "3" }.count == 4)
        }
    }

    @Test("refused and moved requests only delay")
    func errors() async throws {
        let bench = try Bench(partitions: 2, brokers: 2)
        bench.mock.setCoordinator(group: "g", broker: 1)
        let desk = try bench.desk()
        try await running(desk) {
            #expect(await bench.events.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 2 })
            bench.mock.pushErrors(.produce, [6, 7, 19])
            bench.mock.pushErrors(.offsetCommit, [15, 16, 27])
            bench.mock.setLeader("input", 0, broker: 2)
            bench.mock.setLeader("state", 0, broker: 1)
            try bench.send((0..<50).map { "k\($0)" })
            #expect(await bench.events.wait(seconds: 60) { $0.contains("0 decide 49") })
            bench.mock.setCoordinator(group: "g", broker: 2)
            try bench.send(["z"])
            #expect(await bench.events.wait(seconds: 60) { $0.contains("0 decide 50") })
        }
        #expect(try await readAll(bench.kafka, "state", count: 51).count == 51)
    }

    @Test("a slow logic pauses its partition and still sees every message once, in order")
    func slow() async throws {
        let bench = try Bench()
        var settings = bench.settings(tables: [])
        settings.batchLimit = 5
        let desk = try bench.desk(.init(decideDelay: 0.01), settings)
        try bench.send((0..<400).map { "k\($0)" })
        try await running(desk) {
            #expect(await bench.events.wait { $0.contains("0 caughtUp") })
        }
        let decided = bench.events.all.filter { $0.hasPrefix("0 decide") }
        #expect(decided == (0..<400).map { "0 decide \($0)" })
    }

    @Test("stopping lets the batch in flight end and commits it")
    func stops() async throws {
        let bench = try Bench()
        try bench.send(["a"])
        let desk = try bench.desk(.init(decideDelay: 0.5))
        let run = Task { try await desk.run() }
        #expect(await bench.events.wait { $0.contains("0 deciding") })
        await desk.stop(deadline: .seconds(5))
        try await run.value
        #expect(bench.events.all.suffix(2) == ["0 decide 0", "0 closed"])
        #expect(try await readAll(bench.kafka, "state", count: 1).count == 1)
    }

    @Test("stopping in the middle of joining ends the run and not the process")
    func stopsWhileJoining() async throws {
        let bench = try Bench()
        for milliseconds in [0, 100, 400, 900] {
            let desk = try bench.desk()
            let run = Task { try await desk.run() }
            try await Task.sleep(for: .milliseconds(milliseconds))
            await desk.stop(deadline: .milliseconds(300))
            try await run.value
        }
    }
}
