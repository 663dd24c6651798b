import Foundation

/// The least a daemon's door can do, against the least nginx can do, both on all cores, by the same wrk on the same
/// cores.
struct BareHTTPRow {
    private static let figure = "bare HTTP requests a second ÷ nginx `return 200`"
    private static let goal = Goal.atLeast(0.8, 1.2)
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        if let lacking = plan.peers.missing(.wrk) ?? plan.peers.missing(.nginx) {
            return [RowResult(Self.figure, Self.goal, missing: lacking)]
        }
        let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
        defer { world.cleanUp() }
        let ingest = try world.daemon("otp-ingest")
        defer { ingest.stop() }
        try ingest.ready(within: 60)
        let servers = PeerServers(peers: plan.peers, directory: plan.directory)
        let (nginx, port) = try servers.nginx(nil)
        defer { nginx.stop() }
        let wrk = Wrk(peers: plan.peers, directory: plan.directory)
        func turn(_ name: String, _ port: UInt16) throws -> Double {
            let report = try wrk.run(port: port, path: "/healthz", connections: 64, seconds: plan.seconds, threads: 2)
            guard report.refused == 0 else { throw BenchmarkError("\(report.refused) answers were not 200") }
            say(
                String(
                    format: "  %@ %.0f/s, p50 %.2f, p99 %.2f ms", name, report.goodPerSecond, report.p50Ms, report.p99Ms
                ))
            return report.goodPerSecond
        }
        let comparison = try Comparison(
            rounds: plan.rounds, ours: { try turn("otp-ingest", ingest.port) }, theirs: { try turn("nginx", port) })
        return [
            RowResult(
                Self.figure, Self.goal, comparison, "nginx", "/s",
                "`/healthz` of otp-ingest, 64 connections, wrk on the same cores; no bcrypt")
        ]
    }
}
