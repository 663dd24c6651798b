import Base
import Foundation
import Kafka
import Model
import Pipeline
import TestWorld
import Testing

/// A message that ends its daemon ends it twice; whoever starts the daemon again sees it go on.
@Suite("A message that ends a daemon", .serialized, .world, .timeLimit(.minutes(10)))
struct StumbleTests {
    private let world = World.now

    @Test(
        "is put aside after the second time, and the next order of its partition is decided",
        arguments: PoisonPoint.allCases)
    func message(point: PoisonPoint) async throws {
        let shop = "stumble-\(point).myshopify.com"
        let marker = "stumble-marker-\(point)"
        let topic = world.topics.topology.name(Catalogue.webhooks)
        let environment = [
            point.rawValue: "\(topic):\(marker)", "OTP_STALL_SECONDS": "5", "SWIFT_BACKTRACE": "enable=no",
        ]
        try await register(shop)
        try await world.restart("otp-ingest", environment)
        let place = try await poison(shop, marker)
        for round in 1...2 {
            let end = try await world.eventually("the end", within: 40) { world["otp-ingest"].end }
            #expect(Self.ends(point).contains(end), "\(world["otp-ingest"].tail())")
            let log = try #require(try world.logs()["otp-ingest"])
            #expect(
                log.contains("webhooks[\(place.partition)]") && log.contains("time \(round)"), "\(log.suffix(2_000))")
            try world.begin("otp-ingest", environment)
        }
        let from = "\(topic)/\(place.partition)/\(place.offset)"
        let letter = try await world.eventually("a dead letter", within: 40) {
            world.topics.on(Catalogue.dead).first { $0.header("from") == from }
        }
        #expect(letter.header("reason") == (point == .hang ? "stalled" : "crashed"))
        let number = PoisonPoint.allCases.firstIndex(of: point) ?? 0
        try await expectOrderPasses(shop, phone: Traffic.phone(90_000 + 100 * number))
        #expect(world["otp-ingest"].isRunning)
    }

    @Test("a daemon that others end is nobody's message's fault", arguments: [SIGKILL, SIGSEGV, SIGABRT])
    func killed(number: Int32) async throws {
        let shop = "killed-\(number).myshopify.com"
        let marker = "killed-marker-\(number)"
        let topic = world.topics.topology.name(Catalogue.webhooks)
        let environment = [PoisonPoint.hang.rawValue: "\(topic):\(marker)", "SWIFT_BACKTRACE": "enable=no"]
        try await register(shop)
        try await world.restart("otp-ingest", environment)
        let place = try await poison(shop, marker)
        for _ in 1...3 {
            try await Task.sleep(for: .seconds(2))
            world["otp-ingest"].signal(number)
            let end = try await world.eventually("ended", within: 10) { world["otp-ingest"].end }
            #expect(end == .signalled(number))
            try await world.restart("otp-ingest", environment)
        }
        world["otp-ingest"].signal(SIGKILL)
        try await world.restart("otp-ingest")
        // Decided like any other message: it is none that can be read.
        let letter = try await world.eventually("a dead letter", within: 20) {
            world.topics.on(Catalogue.dead).first { $0.header("from") == "\(topic)/\(place.partition)/\(place.offset)" }
        }
        #expect(letter.header("reason") == "not a valid ShopKeyRequest")
        try await expectOrderPasses(shop, phone: Traffic.phone(91_000 + 100 * Int(number)))
    }

    @Test("a row that ends Reaper is passed over after the second time")
    func row() async throws {
        let topology = world.topics.topology
        let marker = "stumble-marker-row"
        let environment = [
            PoisonPoint.trap.rawValue: "\(topology.name(Catalogue.records)):\(marker)", "SWIFT_BACKTRACE": "enable=no",
        ]
        try await world.restart("otp-reaper", environment)
        let place = try await send(
            Wire.record(
                Catalogue.records, topology, key: VerificationID(UUID()).text, type: "verification",
                value: Array(marker.utf8)))
        for round in 1...2 {
            let end = try await world.eventually("ended \(round) times", within: 40) { world["otp-reaper"].end }
            #expect(Self.ends(.trap).contains(end), "\(world["otp-reaper"].tail())")
            try world.begin("otp-reaper", environment)
        }
        let words = "records[\(place.partition)] offset \(place.offset) is passed over"
        _ = try await world.eventually("a row passed over", within: 40) {
            try world.logs()["otp-reaper"]?.contains(words) == true ? true : nil
        }
        // The timer of an order in the same partition still ends.
        let shop = "stumble-row.myshopify.com"
        try await register(shop, timerSeconds: 5)
        let order = try await world.place(shop, phone: Traffic.phone(92_000))
        _ = try await world.eventually("a cancelled order", within: 40) {
            try await world.order(order)["cancelled"] as? Bool == true ? true : nil
        }
        #expect(world["otp-reaper"].isRunning)
    }

    private static func ends(_ point: PoisonPoint) -> [DaemonProcess.End] {
        switch point {
        // ud2 here, brk elsewhere.
        case .trap: [.signalled(SIGILL), .signalled(SIGTRAP)]
        case .abort: [.signalled(SIGABRT)]
        case .sink: [.signalled(SIGSEGV), .signalled(SIGBUS)]
        case .hang: [.exited(75)]
        }
    }

    /// A message that nobody can read, in the shop's partition.
    private func poison(_ shop: String, _ marker: String) async throws -> Delivery {
        try await send(
            Wire.record(
                Catalogue.webhooks, world.topics.topology, key: shop, type: "shop-key", value: Array(marker.utf8)))
    }

    /// A broker whose topics were made just now takes longer than a door waits: it is asked again, as a merchant would.
    private func register(_ shop: String, timerSeconds: Int = 900) async throws {
        do {
            try await world.register(shop, timerSeconds: timerSeconds)
        } catch {
            try await Task.sleep(for: .seconds(2))
            try await world.register(shop, timerSeconds: timerSeconds)
        }
    }

    private func send(_ record: OutgoingRecord) async throws -> Delivery {
        let producer = try Producer(KafkaSettings(brokers: world.broker.address, clientId: "poison"))
        defer { producer.close(deadline: .seconds(1)) }
        return try await producer.send(record)
    }

    private func expectOrderPasses(_ shop: String, phone: String) async throws {
        _ = try await world.place(shop, phone: phone)
        let text = try await world.text(to: phone)
        #expect(try await world.guess(text.code, text.token).json["status"] as? String == "verified")
    }
}
