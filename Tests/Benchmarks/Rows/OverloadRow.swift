import Foundation
import Security

/// Guesses that each cost a hash, offered at three times what the cores can hash, beside a closed loop that just keeps
/// them busy: how many still get a verdict, and how soon the rest is told to come again.
struct OverloadRow {
    private static let goal = Goal.atLeast(0.9, 0.97)
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
        defer { world.cleanUp() }
        let verifier = try world.daemon("otp-verifier", ["OTP_TRUSTED_PROXIES": "127.0.0.1"])
        defer { verifier.stop() }
        try verifier.ready(within: 60)
        let hash = try HashTime.milliseconds(cost: GuessRow.cost)
        let full = Double(ProcessInfo.processInfo.activeProcessorCount) * 1000 / hash
        let seconds = Double(plan.seconds) * 2.5
        let open = OpenVerifications(world, count: Int(full * seconds) * plan.rounds * 2)
        try open.produce(hash: try Bcrypt.hash(Array(repeating: 7, count: 32), cost: GuessRow.cost))
        try verifier.caughtUp()
        var first = 0
        func guesses(_ count: Int) -> [[UInt8]] {
            defer { first += count }
            return open.guesses(first..<first + count)
        }
        var refusals: [OpenLoop.Sample] = []
        var others = 0
        let comparison = try Comparison(
            rounds: plan.rounds,
            ours: {
                let rate = 3 * full
                let samples = try OpenLoop(port: verifier.port, threads: 300)
                    .run(guesses(Int(rate * seconds)), rate: rate)
                let good = samples.count { $0.isVerdict }
                let refused = samples.filter { $0.status == 503 }
                refusals += refused
                others += samples.count - good - refused.count
                let waits = refused.map(\.milliseconds)
                say(
                    String(
                        format:
                            "  three times: %.1f verdicts/s; %d refused, p99 after %.0f ms, %d after a second, "
                            + "%d without Retry-After; load %@",
                        Double(good) / seconds, refused.count, waits.quantile(0.99), waits.count { $0 >= 1_000 },
                        refused.count { !$0.hasRetryAfter }, Machine.load))
                usleep(6_000_000)
                return Double(good) / seconds
            },
            theirs: {
                let began = Wall.now()
                let samples = try OpenLoop(port: verifier.port, threads: 24).run(guesses(Int(full * seconds)), rate: 0)
                let good = Double(samples.count { $0.isVerdict }) / (Wall.now() - began) * 1000
                say(String(format: "  saturated: %.1f verdicts/s, load %@", good, Machine.load))
                return good
            })
        let waits = refusals.map(\.milliseconds)
        return [
            RowResult(
                "goodput at three times overload ÷ at saturation (guesses)", Self.goal, comparison, "saturated",
                "verdicts/s",
                "\(refusals.count) refused by 503, \(refusals.count { !$0.hasRetryAfter }) of them without Retry-After, "
                    + "p50 \(Goal.number(waits.median)), p99 \(Goal.number(waits.quantile(0.99))), "
                    + "\(waits.count { $0 >= 1_000 }) after a second or more; \(others) others; \(world.delivery.rawValue), "
                    + "cost \(GuessRow.cost)")
        ]
    }
}

extension OpenLoop.Sample {
    /// Right or wrong: the owner has said so.
    var isVerdict: Bool { status == 200 || status == 422 }
}
