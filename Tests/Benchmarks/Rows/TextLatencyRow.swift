import Foundation

/// From the moment a webhook was due at Ingest until the request for its text arrives at the provider, at half of what
/// the cores can hash, at-least-once; less one hash.
struct TextLatencyRow {
    private static let cost = 10
    private static let goal = Goal.atMost(25, 10, "ms")
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() async throws -> [RowResult] {
        let world = try BenchmarkWorld(partitions: 12, delivery: .atLeastOnce)
        defer { world.cleanUp() }
        let texts = try StandInTexts()
        let ingest = try world.daemon("otp-ingest")
        defer { ingest.stop() }
        let sender = try world.daemon(
            "otp-sender",
            [
                "OTP_BCRYPT_COST": "\(Self.cost)", "OTP_TEXT_RATE": "0", "OTP_TWILIO_URL": texts.url,
                "OTP_LIMITS": "rangeVerifiedPercent=0",
            ])
        defer { sender.stop() }
        try ingest.ready(within: 60)
        try sender.ready(within: 60)
        let orders = SignedOrders(secret: world.secret)
        try orders.register(ingest, token: world.token, settings: FreshOrders.settings)
        let hash = try HashTime.milliseconds(cost: Self.cost)
        let rate = 0.5 * Double(ProcessInfo.processInfo.activeProcessorCount) * 1000 / hash
        let count = Int(rate * Double(plan.seconds) * 4)
        // The first of everything is slower, and never again.
        _ = try await latencies(FreshOrders(orders: orders, first: 100_000), 20, rate, ingest, texts)
        var tails: [Double] = []
        var middles: [Double] = []
        for round in 0..<plan.rounds {
            let took = try await latencies(
                FreshOrders(orders: orders, first: round * count), count, rate, ingest, texts)
            tails.append(took.quantile(0.99) - hash)
            middles.append(took.median - hash)
            say(
                String(
                    format: "  %d texts at %.1f/s, less one hash (%.1f ms): p50 %.1f, p90 %.1f, p99 %.1f ms; load %@",
                    took.count, rate, hash, took.median - hash, took.quantile(0.9) - hash, tails[round], Machine.load))
        }
        await texts.stop()
        return [
            RowResult(
                "webhook in → SMS request out, p99 less one hash, half load", Self.goal, tails,
                behind: "p50 \(Goal.number(middles.median)) ms, \(Goal.number(rate))/s, hash \(Goal.number(hash)) ms; "
                    + "at-least-once, cost \(Self.cost)")
        ]
    }

    private func latencies(
        _ orders: FreshOrders, _ count: Int, _ rate: Double, _ ingest: DaemonUnderTest, _ texts: StandInTexts
    ) async throws -> [Double] {
        let samples = try OpenLoop(port: ingest.port, threads: 16).run(orders.requests(count), rate: rate)
        guard samples.allSatisfy({ $0.status == 200 }) else { throw BenchmarkError("webhooks were refused") }
        let limit = Date(timeIntervalSinceNow: 30)
        while Date() < limit {
            let seen = texts.first
            let took = samples.compactMap { sample in
                seen[FreshOrders.phone(orders.first + sample.index)].map { $0 - sample.due }
            }
            if took.count == count { return took }
            try await Task.sleep(for: .milliseconds(100))
        }
        throw BenchmarkError("not every text was sent")
    }
}
