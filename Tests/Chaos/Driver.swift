import Model
import Foundation
import Kafka
import Pipeline
import TestWorld

/// Places orders, tells Ingest of them as a platform does, and plays their shoppers and merchants. Bounded in rate and
/// number; every accepted webhook and every verdict goes to the journal.
struct Driver: Sendable {
    let plan: ChaosPlan
    let world: ChaosWorld

    /// Two shops a partition: one whose shoppers have time, one whose timer ends soon.
    static let quickTimerSeconds = 10
    static let patientTimerSeconds = 45
    /// How long a sender of webhooks or a shopper keeps trying.
    static let patience: Duration = .seconds(60)

    private var fleet: Fleet { world.fleet }
    private var journal: ChaosJournal { world.fleet.journal }

    /// Names such that every partition has one of each kind.
    static var shops: [(name: String, isQuick: Bool)] {
        let topology = Topology(partitions: ChaosPlan.partitions)
        return [false, true].flatMap { isQuick in
            (0..<ChaosPlan.partitions).map { partition in
                let names = (0...).lazy.map { "chaos-\(isQuick ? "quick" : "patient")-\($0).myshopify.com" }
                // Every partition is hit within a few tries.
                let name = names.first { topology.partition(of: $0) == partition } ?? ""
                return (name, isQuick)
            }
        }
    }

    func prepare() async throws {
        for shop in Self.shops {
            try await world.register(
                shop.name, timerSeconds: shop.isQuick ? Self.quickTimerSeconds : Self.patientTimerSeconds)
        }
    }

    /// Until the time is over and every shopper has done what they came for.
    func run() async throws {
        var chance = plan.chance("driver")
        let end = ContinuousClock.now + .seconds(plan.seconds)
        try await withThrowingDiscardingTaskGroup { group in
            for number in 0..<plan.mostOrders {
                guard ContinuousClock.now < end else { break }
                let own = plan.chance("order \(number)")
                group.addTask { try await play(number, own) }
                let wait = Double.random(in: 0.2...1.8, using: &chance) / plan.ordersPerSecond
                try await Task.sleep(for: .seconds(wait))
            }
        }
    }

    /// One of a hundred area codes and one of a hundred fictitious lines: many ranges, every order its own phone.
    static func phone(_ number: Int) -> String {
        String(format: "+1%03d5550%03d", areas[number % areas.count], 100 + number / areas.count)
    }

    private static let areas = Array(
        (201...999).filter { PhoneNumber(e164: "+1\($0)5550100")?.type == .fixedLineOrMobile }.prefix(100))

    private func play(_ number: Int, _ chance: Chance) async throws {
        var chance = chance
        let story = Story.any(&chance)
        let shop = chance.pick(Self.shops.filter { $0.isQuick == story.isQuick }).name
        let phone = story == .noPhone ? nil : Self.phone(number)
        let (id, gid, body) = try await world.place(shop, phone: phone)
        let order = ChaosJournal.PlacedOrder(id: id, gid: gid, shop: shop, phone: phone, story: story)
        journal.write(.placed(order))
        if chance.happens(0.03) { await tellNonsense(shop, &chance) }
        if chance.happens(0.1) { await tell("orders/updated", order, body, &chance) }
        if story == .cancelledFirst { try await cancel(order, &chance) }
        let delivery = UUID().uuidString
        guard await tell("orders/create", order, body, &chance, delivery) else { return }
        if chance.happens(0.3) { await tell("orders/create", order, body, &chance, delivery) }
        if chance.happens(0.15) { await tell("orders/create", order, body, &chance) }
        var shopper = Shopper(order: order, world: world, chance: chance)
        switch story {
        case .merchantCancels:
            try await Task.sleep(for: .seconds(Double.random(in: 0...6, using: &chance)))
            try await cancel(order, &chance)
        case .right, .wrongThenRight, .fiveWrong, .late, .resend:
            try await shopper.play()
        case .never, .cancelledFirst, .noPhone:
            break
        }
    }

    private func cancel(_ order: ChaosJournal.PlacedOrder, _ chance: inout Chance) async throws {
        journal.write(.merchantCancelled(order: order.gid))
        // The stand-in tells Ingest once; a platform would insist.
        let (status, _) = try await world.sandbox("POST", "/orders/\(order.id)/cancel", [:])
        guard status == 200 else { return }
        await tell("orders/cancelled", order, try await world.payload(order.id), &chance)
    }

    private func tellNonsense(_ shop: String, _ chance: inout Chance) async {
        let delivery = "nonsense-\(UUID().uuidString)"
        _ = await insist("orders/create", shop, Array("{\"no\":\"order\"}".utf8), delivery, nil, &chance)
    }

    @discardableResult
    private func tell(
        _ topic: String, _ order: ChaosJournal.PlacedOrder, _ body: [UInt8], _ chance: inout Chance,
        _ delivery: String = UUID().uuidString
    ) async -> Bool {
        await insist(topic, order.shop, body, delivery, order.gid, &chance)
    }

    /// As a platform does: again after anything but a 200, at any instance.
    private func insist(
        _ topic: String, _ shop: String, _ body: [UInt8], _ delivery: String, _ gid: String?, _ chance: inout Chance
    ) async -> Bool {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            let door = chance.pick(await fleet.doors(of: "otp-ingest"))
            switch await world.post(topic, shop, body, delivery: delivery, to: door) {
            case true:
                journal.write(.accepted(delivery: delivery, topic: topic, order: gid))
                return true
            case false: break
            case nil: journal.write(.fell(daemon: "otp-ingest", how: "a good webhook was refused for good"))
            }
            try? await Task.sleep(for: .seconds(Double.random(in: 0.2...1, using: &chance)))
        }
        journal.write(.refused(delivery: delivery, topic: topic, order: gid))
        return false
    }
}
