import Foundation
import Kafka
import KafkaMock
import Testing

/// Collects what it is told.
final class Listener: AssignedPartition {
    private let partition: Int32
    private let events: Collected<String>

    init(_ partition: Int32, _ events: Collected<String>) {
        self.partition = partition
        self.events = events
    }

    func record(_ record: IncomingRecord) { events.append("\(partition) \(record.keyText)") }
    func caughtUp(now: Int64) { events.append("\(partition) caughtUp") }
    func tick(now: Int64) { events.append("\(partition) tick") }
    func lost() { events.append("\(partition) lost") }
}

@Suite("AssignedReader, on the mock cluster")
struct AssignedReaderTests {
    private func reader(_ bench: Bench, _ events: Collected<String>) throws -> AssignedReader {
        try AssignedReader(
            bench.kafka, topic: "state", group: "readers", from: .since(ageMs: 1_000), tickInterval: .milliseconds(20)
        ) { Listener($0, events) }
    }

    private func running(_ reader: AssignedReader, _ body: () async throws -> Void) async throws {
        let run = Task { try await reader.run() }
        try await body()
        await reader.stop(deadline: .seconds(5))
        try await run.value
    }

    @Test("every owner reads from the start, an empty partition is caught up at once, ticks go on")
    func fromTheStart() async throws {
        let bench = try Bench(partitions: 2)
        try bench.producer.sendAll(
            ["a", "b"].map { record("state", $0, "v", partition: 0) }, deadline: .seconds(5))
        for _ in 0..<2 {
            let events = Collected<String>()
            let reader = try reader(bench, events)
            #expect(!reader.isReady)
            try await running(reader) {
                #expect(await events.wait { $0.contains("0 caughtUp") && $0.contains("1 caughtUp") })
                #expect(reader.assigned == [0, 1])
                try bench.producer.sendAll([record("state", "c", nil, partition: 1)], deadline: .seconds(5))
                #expect(await events.wait { $0.contains("1 c") && $0.contains("1 tick") })
                #expect(reader.isReady)
            }
            let zero = events.all.filter { $0.hasPrefix("0 ") && $0 != "0 tick" }
            #expect(zero == ["0 a", "0 b", "0 caughtUp", "0 lost"])
            #expect(events.all.last { $0.hasPrefix("1 ") } == "1 lost")
        }
    }

    @Test("a partition that moves is lost here and read from the start there")
    func moves() async throws {
        let bench = try Bench(partitions: 2)
        try bench.producer.sendAll(
            (0..<2).map { record("state", "k\($0)", "v", partition: Int32($0)) }, deadline: .seconds(5))
        let first = Collected<String>()
        let second = Collected<String>()
        try await running(try reader(bench, first)) {
            #expect(await first.wait { $0.contains("0 caughtUp") && $0.contains("1 caughtUp") })
            try await running(try reader(bench, second)) {
                #expect(await second.wait { $0.contains { $0.hasSuffix("caughtUp") } })
                #expect(await first.wait { $0.contains { $0.hasSuffix("lost") } })
            }
            #expect(second.all.contains { $0.hasPrefix("0 k") || $0.hasPrefix("1 k") })
            #expect(await first.wait { $0.filter { $0.hasSuffix("caughtUp") }.count == 3 })
        }
    }
}
