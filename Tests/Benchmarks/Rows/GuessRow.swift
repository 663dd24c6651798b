import Foundation
import Kafka
import Security

/// From the moment a guess was due at Verifier's door until its verdict, at half of what the cores can hash, in both
/// delivery modes; less one hash.
struct GuessRow {
    static let cost = 10
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        var results: [RowResult] = []
        for (mode, goal) in [
            (DeliveryMode.atLeastOnce, Goal.atMost(25, 10, "ms")), (.exactlyOnce, .atMost(50, 30, "ms")),
        ] {
            let figure = "guess in → verdict out, p99 less one hash, half load, \(mode.rawValue)"
            if mode == .exactlyOnce, try BenchmarkBroker.current.get().isMock {
                results.append(RowResult(figure, goal, missing: "a real broker (OTP_TEST_BROKERS)"))
                continue
            }
            results.append(try measure(mode, figure, goal))
        }
        return results
    }

    private func measure(_ mode: DeliveryMode, _ figure: String, _ goal: Goal) throws -> RowResult {
        let world = try BenchmarkWorld(partitions: 12, delivery: mode)
        defer { world.cleanUp() }
        let verifier = try world.daemon("otp-verifier", ["OTP_TRUSTED_PROXIES": "127.0.0.1"])
        defer { verifier.stop() }
        try verifier.ready(within: 60)
        let hash = try HashTime.milliseconds(cost: Self.cost)
        let rate = 0.5 * Double(ProcessInfo.processInfo.activeProcessorCount) * 1000 / hash
        let count = Int(rate * Double(plan.seconds) * 4)
        let open = OpenVerifications(world, count: (plan.rounds * count + 40) / 4 + 1)
        try open.produce(hash: try Bcrypt.hash(Array(repeating: 7, count: 32), cost: Self.cost))
        try verifier.caughtUp()
        _ = try turn(verifier, open.guesses(0..<40), rate)
        var tails: [Double] = []
        var middles: [Double] = []
        for round in 0..<plan.rounds {
            let first = 40 + round * count
            let took = try turn(verifier, open.guesses(first..<first + count), rate)
            tails.append(took.quantile(0.99) - hash)
            middles.append(took.median - hash)
            say(
                String(
                    format: "  %@: %d guesses at %.1f/s, less one hash (%.1f ms): p50 %.1f, p99 %.1f ms; load %@",
                    mode.rawValue, took.count, rate, hash, middles[round], tails[round], Machine.load))
        }
        return RowResult(
            figure, goal, tails,
            behind: "p50 \(Goal.number(middles.median)) ms, \(Goal.number(rate))/s, hash \(Goal.number(hash)) ms; "
                + "\(mode.rawValue), cost \(Self.cost)")
    }

    private func turn(_ verifier: DaemonUnderTest, _ guesses: [[UInt8]], _ rate: Double) throws -> [Double] {
        let samples = try OpenLoop(port: verifier.port, threads: 32).run(guesses, rate: rate)
        let refused = samples.count { !$0.isVerdict }
        if refused > 0 { say("  \(refused) of \(samples.count) guesses got no verdict") }
        // Whoever got none waits for ever.
        return samples.map { $0.isVerdict ? $0.milliseconds : .infinity }
    }
}
