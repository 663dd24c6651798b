import Foundation
import Testing

@testable import Kafka

/// What wrote nothing costs no transaction, and is not left undone either. The mock keeps no offsets of transactions.
@Suite("Decisions that write nothing, exactly-once", .tags(.realBroker), .needsRealBroker, .serialized)
struct DeskOwingTests {
    private let broker: RealBroker
    private let producer: Producer

    init() throws {
        broker = try RealBroker()
        try broker.create([("input", 1), ("state", 1), ("replies", 1), ("dead", 1)])
        producer = try Producer(broker.kafka)
    }

    private func send(_ values: [String]) throws {
        try producer.sendAll(
            values.map { record(broker.topic("input"), "k", $0, partition: 0) }, deadline: .seconds(5))
    }

    private func desk(tick: Duration) throws -> Desk {
        var settings = broker.settings()
        settings.tickInterval = tick
        return try broker.desk(settings)
    }

    private func committed() throws -> Int64? {
        let settings = broker.settings()
        let member = try Client(.consumer, broker.kafka, [("group.id", settings.group)])
        let context = try DeskContext(settings, member: member) { TestLogic($0, .init(), Collected()) }
        return context.notes.read(.standalone(partition: 0))
    }

    @Test("are committed by the next tick")
    func byTick() async throws {
        try send(["silent", "silent", "silent"])
        try await running(try desk(tick: .milliseconds(50))) {
            #expect(await broker.events.wait { $0.contains("0 decide 2") })
            let limit = ContinuousClock.now.advanced(by: .seconds(20))
            while try committed() != 3, ContinuousClock.now < limit { try await Task.sleep(for: .milliseconds(20)) }
            #expect(try committed() == 3)
        }
        #expect(!broker.events.all.contains("0 rolledBack"))
    }

    @Test("are committed when the desk stops, and its successor goes on after them")
    func byStop() async throws {
        try send(["silent", "silent", "silent"])
        let first = try desk(tick: .seconds(3600))
        try await running(first) { #expect(await broker.events.wait { $0.contains("0 caughtUp") }) }
        #expect(first.statistics().messages == 3)
        #expect(try committed() == 3)
        try send(["loud"])
        let before = broker.events.all.count
        try await running(try desk(tick: .seconds(3600))) {
            #expect(await broker.events.wait { $0.count > before && $0.last == "0 caughtUp" })
        }
        #expect(broker.events.all[before...].filter { $0.contains("decide") } == ["0 decide 3"])
    }

    @Test("go with the next one that writes")
    func byNext() async throws {
        try send(["silent", "silent"])
        try await running(try desk(tick: .seconds(3600))) {
            #expect(await broker.events.wait { $0.contains("0 caughtUp") })
            #expect(try committed() == -1)
            try send(["loud"])
            let states = try await readAll(broker.kafka, broker.topic("state"), count: 1)
            #expect(states.map(\.valueText) == ["1"])
            #expect(try committed() == 3)
        }
    }
}
