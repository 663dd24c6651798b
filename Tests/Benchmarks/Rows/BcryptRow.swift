import Foundation

/// How much of all cores goes into hashing codes while all of Sender works: orders wait in its input, then it is
/// started, hashes, sends texts to a stand-in at its usual pace and reports. Hashes a second × time of one hash ÷
/// cores, between the fifth and the ninety-fifth hundredth of them.
struct BcryptRow {
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() async throws -> [RowResult] {
        var results: [RowResult] = []
        for (cost, goal) in [(10, Goal.atLeast(0.95, 0.98)), (4, .atLeast(0.8, 0.9))] {
            let texts = try StandInTexts()
            var shares: [Double] = []
            var paces: [Double] = []
            var mode = ""
            let hash = try HashTime.milliseconds(cost: cost)
            for round in 1...plan.rounds {
                // What it could not send in time is not left to the next round.
                let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
                defer { world.cleanUp() }
                mode = world.delivery.rawValue
                let count = cost == 10 ? (plan.isQuick ? 200 : 600) : (plan.isQuick ? 4_000 : 15_000)
                try fill(world, count)
                let pace = try measure(world, texts, cost, count)
                paces.append(pace)
                shares.append(pace * hash / 1000 / Double(ProcessInfo.processInfo.activeProcessorCount))
                say(String(format: "  cost %d: %.1f hashes/s, %.3f of the cores", cost, pace, shares[round - 1]))
            }
            await texts.stop()
            results.append(
                RowResult(
                    "bcrypt efficiency, cost \(cost)", goal, shares,
                    behind: "\(Goal.number(paces.median)) hashes/s × \(Goal.number(hash)) ms ÷ "
                        + "\(ProcessInfo.processInfo.activeProcessorCount) cores; 100 texts a second leave beside; "
                        + "\(mode), cost \(cost)"))
        }
        return results
    }

    /// Puts requests into Sender's input, by way of Ingest; Sender is not there yet.
    private func fill(_ world: BenchmarkWorld, _ count: Int) throws {
        let ingest = try world.daemon("otp-ingest", ["OTP_INSTANCE": "bench"])
        defer { ingest.stop() }
        try ingest.ready(within: 60)
        let orders = SignedOrders(secret: world.secret)
        try orders.register(ingest, token: world.token, settings: FreshOrders.settings)
        let requests = FreshOrders(orders: orders).requests(count)
        let answers = try OpenLoop(port: ingest.port, threads: 32).run(requests, rate: 0)
        guard answers.allSatisfy({ $0.status == 200 }) else { throw BenchmarkError("webhooks were refused") }
        try ingest.caughtUp()
    }

    private func measure(_ world: BenchmarkWorld, _ texts: StandInTexts, _ cost: Int, _ count: Int) throws -> Double {
        let sender = try world.daemon(
            "otp-sender",
            [
                "OTP_INSTANCE": "bench", "OTP_BCRYPT_COST": "\(cost)", "OTP_TWILIO_URL": texts.url,
                "OTP_LIMITS": "rangeVerifiedPercent=0",
            ])
        defer { sender.stop() }
        return try Progress.pace(to: Double(count), within: 300) {
            (try? sender.metric("otp_sender_hashes_total")) ?? 0
        }
    }
}

/// How fast a counter rises.
enum Progress {
    /// A second, between the fifth and the ninety-fifth hundredth of `goal`.
    static func pace(to goal: Double, within seconds: Double, _ counter: () throws -> Double) throws -> Double {
        let limit = Wall.now() + seconds * 1000
        var first: (at: Double, count: Double)?
        while true {
            let (now, count) = (Wall.now(), try counter())
            if first == nil, count >= 0.05 * goal { first = (now, count) }
            if count >= 0.95 * goal, let first, now > first.at {
                return (count - first.count) / (now - first.at) * 1000
            }
            guard now < limit else { throw BenchmarkError("\(count) of \(goal) after \(seconds) s") }
            usleep(20_000)
        }
    }
}
