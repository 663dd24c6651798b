import Foundation

/// All four daemons on empty topics: how long each takes from its start until `/readyz` is 200, started alone; and what
/// the kernel says of its memory after ten quiet seconds with all four running.
struct IdleRow {
    static let daemons = ["otp-ingest", "otp-sender", "otp-verifier", "otp-reaper"]
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        var seconds: [String: [Double]] = [:]
        var megabytes: [String: [Double]] = [:]
        for round in 1...plan.rounds {
            let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
            defer { world.cleanUp() }
            var running: [(String, DaemonUnderTest)] = []
            defer { for (_, daemon) in running { daemon.stop() } }
            for name in Self.daemons {
                let begun = Date()
                let daemon = try world.daemon(name)
                running.append((name, daemon))
                try daemon.ready(within: 60)
                seconds[name, default: []].append(Date().timeIntervalSince(begun))
            }
            sleep(plan.isQuick ? 5 : 10)
            for (name, daemon) in running {
                megabytes[name, default: []].append(Double(daemon.memory("VmRSS")) / 1e6)
                say(
                    String(
                        format: "  round %d: %@ ready after %.2f s, %.1f MB", round, name, seconds[name]?.last ?? .nan,
                        megabytes[name]?.last ?? .nan))
            }
        }
        let note = "12 empty partitions\(plan.delivery.map { ", " + $0.rawValue } ?? ""), bcrypt cost 10, idle"
        return Self.daemons.map {
            RowResult("memory idle, \($0)", .atMost(35, 20, "MB"), megabytes[$0] ?? [], behind: "VmRSS; \(note)")
        }
            + Self.daemons.map {
                RowResult("start to ready, \($0)", .atMost(3, 1, "s"), seconds[$0] ?? [], behind: note)
            }
    }
}
