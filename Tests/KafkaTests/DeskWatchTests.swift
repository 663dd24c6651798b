import Dispatch
import KafkaMock
import Testing

@testable import Kafka

/// A logic whose first decision hangs until it is let go.
private final class HangingLogic: DeskLogic {
    private let events: Collected<String>
    private let gate: DispatchSemaphore

    init(_ events: Collected<String>, _ gate: DispatchSemaphore) {
        self.events = events
        self.gate = gate
    }

    func restore(_ row: IncomingRecord) {}
    func restored(now: Int64) {}
    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        events.append("deciding")
        gate.wait()
        return []
    }
    func tick(now: Int64) -> [StagedRecord] { [] }
    func caughtUp(now: Int64) {}
    func committed() {}
    func rolledBack() {}
    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] { [] }
    func closed() {}
}

/// Asks again and again until it is so; false after the time-out.
private func eventually(_ seconds: Double = 20, _ condition: @Sendable () -> Bool) async -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end, !condition() {
        do { try await Task.sleep(for: .milliseconds(20)) } catch { break }
    }
    return condition()
}

@Suite("What a desk says of itself, on the mock cluster")
struct DeskWatchTests {
    @Test("a broker that is gone makes desk and reader unready, and ready again when it is back")
    func brokerAway() async throws {
        let bench = try Bench()
        let desk = try bench.desk()
        let idle = try Desk(bench.settings()) { TestLogic($0, .init(), Collected()) }
        let reader = try AssignedReader(bench.kafka, topic: "state", group: "readers", from: .beginning) {
            Listener($0, Collected())
        }
        let reading = Task { try await reader.run() }
        try await running(desk) {
            #expect(await bench.events.wait { $0.contains("0 caughtUp") })
            try await running(idle) {
                // One of the two has the only partition, and the other none: both are well.
                #expect(await eventually { desk.isReady && idle.isReady && reader.isReady })
                bench.mock.setBrokerDown(1)
                #expect(await eventually { !desk.isReady && !idle.isReady && !reader.isReady })
                #expect([desk.trouble, idle.trouble, reader.trouble].allSatisfy { $0 == "Kafka does not answer" })
                #expect(desk.stalled == 0)
                bench.mock.setBrokerUp(1)
                #expect(await eventually(30) { desk.isReady && idle.isReady && reader.isReady })
            }
        }
        await reader.stop(deadline: .seconds(5))
        try await reading.value
    }

    @Test("a lane that hangs makes the desk unready, then ends it")
    func hangs() async throws {
        let bench = try Bench()
        try bench.send(["a"])
        var settings = bench.settings(tables: [])
        settings.stallTimeout = .seconds(2)
        let gate = DispatchSemaphore(value: 0)
        let desk = try Desk(settings) { [events = bench.events] _ in HangingLogic(events, gate) }
        defer { gate.signal() }
        let run = Task { try await desk.run() }
        #expect(await bench.events.wait { $0.contains("deciding") })
        #expect(desk.stalled == 0)
        #expect(await eventually { desk.stalled == 1 })
        #expect(desk.trouble?.hasPrefix("partition 0 stands still at 0 of 1 for ") == true)
        #expect(desk.trouble?.hasSuffix(": deciding") == true)
        let error = await #expect(throws: KafkaError.self) { try await run.value }
        #expect(error?.message.hasPrefix("partition 0 stands still at 0 of 1 for 4 s") == true)
        #expect(bench.log.all.contains { $0.hasPrefix("STALL partition 0") })
    }

    @Test("a refused look-up of committed offsets delays an assigned partition and does not leave it unworked")
    func offsetFetchRefused() async throws {
        let bench = try Bench()
        try bench.send(["a"])
        // GROUP_AUTHORIZATION_FAILED: nothing that librdkafka repeats by itself.
        bench.mock.pushErrors(.offsetFetch, [30])
        try await running(try bench.desk()) {
            #expect(await bench.events.wait { $0.contains("0 decide 0") })
        }
    }
}
