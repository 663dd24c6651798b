import CRdKafka
import Dispatch
import Foundation
import KafkaMock
import Synchronization
import Testing

@testable import Kafka

/// Desks that end over a message, one after the other, as a daemon that is started again.
@Suite("A message that a desk can't get past, on the mock cluster")
struct DeskStumbleTests {
    private let bench: Bench
    private let gate = DispatchSemaphore(value: 0)

    init() throws { bench = try Bench() }

    private func settings(_ delivery: DeliveryMode) -> DeskSettings {
        var settings = bench.settings(delivery)
        settings.stallTimeout = .seconds(1)
        return settings
    }

    /// A desk whose logic never comes back from a message "hang".
    private func desk(_ delivery: DeliveryMode) throws -> Desk {
        let (events, gate) = (bench.events, gate)
        return try Desk(settings(delivery)) { HangingOn("hang", TestLogic($0, .init(), events), gate) }
    }

    private func committed() throws -> (offset: Int64, note: String) {
        let member = try Client(.consumer, bench.kafka, [("group.id", "g")])
        let list = TopicPartitions([("input", 0, -1001)])
        #expect(list.use { rd_kafka_committed(member.raw, $0, 5_000) } == RD_KAFKA_RESP_ERR_NO_ERROR)
        return (list.entries[0].offset, list.entries[0].metadata)
    }

    @Test("is put aside after it has ended the second one, and the partition goes on", arguments: DeliveryMode.allCases)
    func stalls(delivery: DeliveryMode) async throws {
        defer { for _ in 0..<8 { gate.signal() } }
        try bench.send(["a", "b"])
        try bench.send(["c"], value: "hang")
        try bench.send(["d"])
        for round in 1...2 {
            let desk = try desk(delivery)
            let error = await #expect(throws: KafkaError.self) { try await desk.run() }
            #expect(error?.message.contains("stands still") == true)
            // The first time nobody knows which of the batch it was; those before it are decided alone, and stay so.
            let noted = try committed()
            let stumble = try #require(StumbleBook(noted.note).stumbles.first)
            #expect(stumble.kind == .stalled && stumble.times == round && stumble.offsets.contains(2))
            #expect(noted.offset == stumble.offsets.lowerBound)
            if round == 2 { #expect(stumble.isHopeless) }
        }
        try await running(try desk(delivery)) {
            #expect(await bench.events.wait { $0.contains("0 bury 2 stalled") && $0.contains("0 decide 3") })
            try bench.send(["e"])
            #expect(await bench.events.wait { $0.contains("0 decide 4") })
        }
        let dead = try await readAll(bench.kafka, "dead", count: 1)
        #expect(dead.map(\.valueText) == ["stalled"])
        // The mock keeps nothing of the offsets in a transaction.
        if delivery == .atLeastOnce {
            let last = try committed()
            #expect(last.offset == 5 && last.note == "", "\(last)")
        }
        #expect(bench.log.all.contains { $0.hasPrefix("STALL input[0] offset 2, time 2") })
        let states = try await readAll(bench.kafka, "state", count: 4)
        #expect(states.map(\.keyText) == ["a", "b", "d", "e"])
    }

    @Test("a note is carried on by every commit until its messages are settled")
    func carried() async throws {
        try bench.send(["a", "b", "c", "d"])
        let member = try Client(.consumer, bench.kafka, [("group.id", "g")])
        let note = "crashed:1-8:1"
        #expect(member.commit("input", [0: 1], notes: [0: note], until: .after(.seconds(5))) == nil)
        try await running(try bench.desk()) {
            #expect(await bench.events.wait { $0.contains("0 caughtUp") })
        }
        let last = try committed()
        #expect(last.offset == 4 && last.note == note, "\(last)")
    }

    enum Crash: CaseIterable { case deciding, settling, takenAway }

    @Test(
        "a crash is noted while its lane decides, not while it settles, nor for a lane that is gone",
        arguments: Crash.allCases)
    func crash(_ crash: Crash) throws {
        let member = try Client(.consumer, bench.kafka, [("group.id", "g")])
        #expect(member.commit("input", [0: 9], notes: [:], until: .after(.seconds(5))) == nil)
        let notes = StumbleNotes(bench.kafka, member, topic: "input")
        let lane = Lane.standalone(partition: 0)
        lane.works(on: .init(offsets: 3...5))
        switch crash {
        case .deciding: break
        case .settling: lane.settles()
        case .takenAway: lane.disown()
        }
        notes.crashed(lane, signal: 11)
        let last = try committed()
        #expect(last == (crash == .deciding ? (3, "crashed:3-5:1") : (9, "")), "\(last)")
        #expect(bench.log.all.contains { $0.hasPrefix("CRASH") && $0.hasSuffix("ended by signal 11") })
    }

    @Test(
        "what lies below the committed offset is forgotten, but not where offsets mean nothing",
        arguments: [false, true])
    func read(keepsAll: Bool) throws {
        let member = try Client(.consumer, bench.kafka, [("group.id", "g")])
        let note = "crashed:1-3:1,crashed:5-5:2"
        #expect(member.commit("input", [0: 4], notes: [0: note], until: .after(.seconds(5))) == nil)
        let lane = Lane.standalone(partition: 0)
        #expect(StumbleNotes(bench.kafka, member, topic: "input", keepsAll: keepsAll).read(lane) == 4)
        #expect(lane.note(at: 0) == (keepsAll ? note : "crashed:5-5:2"))
    }

    @Test("a row that has ended two readers is passed over by the next")
    func row() async throws {
        try bench.producer.sendAll(
            ["a", "b", "c"].map { record("state", $0, "v", partition: 0) }, deadline: .seconds(10))
        let member = try Client(.consumer, bench.kafka, [("group.id", "readers")])
        _ = member.commit("state", [0: 1], notes: [0: "crashed:1-1:2"], until: .after(.seconds(5)))
        let seen = Collected<String>()
        let reader = try AssignedReader(bench.kafka, topic: "state", group: "readers", from: .beginning) {
            Listener($0, seen)
        }
        let run = Task { try await reader.run() }
        #expect(await seen.wait { $0.contains { $0.hasSuffix("caughtUp") } })
        await reader.stop(deadline: .seconds(5))
        try await run.value
        #expect(seen.all.contains { $0.contains("a") } && !seen.all.contains { $0.hasSuffix(" b=v") })
        #expect(bench.log.all.contains { $0.hasPrefix("STUMBLE state[0] offset 1 is passed over") })
    }
}

/// A logic that is stuck in the decision about one value, until it is let go.
private final class HangingOn: DeskLogic {
    private let value: String
    private let inner: TestLogic
    private let gate: DispatchSemaphore

    init(_ value: String, _ inner: TestLogic, _ gate: DispatchSemaphore) {
        self.value = value
        self.inner = inner
        self.gate = gate
    }

    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        if batch.contains(where: { $0.valueText == value }) { gate.wait() }
        return inner.decide(batch)
    }

    func restore(_ row: IncomingRecord) { inner.restore(row) }
    func restored(now: Int64) { inner.restored(now: now) }
    func appliedOffset() -> Int64? { inner.appliedOffset() }
    func tick(now: Int64) -> [StagedRecord] { inner.tick(now: now) }
    func caughtUp(now: Int64) { inner.caughtUp(now: now) }
    func committed() { inner.committed() }
    func rolledBack() { inner.rolledBack() }
    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] { inner.bury(message, reason: reason) }
    func closed() { inner.closed() }
}
