import Foundation
import Kafka

/// What Verifier's desk gets through, exactly-once beside at-least-once, without a hash: verifications are opened, get
/// their code's hash and their text, and are looked at; all of it waits on `otp.attempts` before the daemon starts.
struct DeskRow {
    private static let figure = "exactly-once ÷ at-least-once throughput of the Verifier's desk, hash stubbed"
    private static let goal = Goal.atLeast(0.6, 0.85)
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        guard try !BenchmarkBroker.current.get().isMock else {
            return [RowResult(Self.figure, Self.goal, missing: "a real broker (OTP_TEST_BROKERS)")]
        }
        let comparison = try Comparison(
            rounds: plan.rounds, ours: { try pace(.exactlyOnce) }, theirs: { try pace(.atLeastOnce) })
        return [
            RowResult(
                Self.figure, Self.goal, comparison, "at-least-once", "messages/s",
                "opened, challenged, sent and two looks of each verification; no bcrypt")
        ]
    }

    private func pace(_ mode: DeliveryMode) throws -> Double {
        let world = try BenchmarkWorld(partitions: 12, delivery: mode)
        defer { world.cleanUp() }
        let count = plan.isQuick ? 8_000 : 40_000
        try OpenVerifications(world, count: count).produce(hash: nil, looks: 2)
        let verifier = try world.daemon("otp-verifier")
        defer { verifier.stop() }
        let pace = try Progress.pace(to: Double(count * 5), within: 300) {
            (try? verifier.metric("otp_desk_messages_total")) ?? 0
        }
        say(String(format: "  %@ %.0f messages/s, load %@", mode.rawValue, pace, Machine.load))
        return pace
    }
}
