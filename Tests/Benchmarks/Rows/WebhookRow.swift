import Foundation

/// Webhooks accepted a second: HMAC over the raw body, 200 only after `acks=all`, 32 connections, by the same wrk. Ours
/// seals each body on top, and its desk decides what the door has accepted; what is left of that is waited for before
/// the peer's turn.
struct WebhookRow {
    private let plan: TableRun.Plan
    private let connections = 32

    init(_ plan: TableRun.Plan) { self.plan = plan }

    private struct Peer {
        let kind: Peers.Kind
        /// For 8 KB; other sizes stand beside it.
        let goal: Goal
    }

    private static let rivals = [
        Peer(kind: .nginxKafka, goal: .atLeast(8, 12)), Peer(kind: .aiohttp, goal: .atLeast(2, 3)),
    ]

    func run() throws -> [RowResult] {
        if let lacking = plan.peers.missing(.wrk) {
            return Self.rivals.map { RowResult(figure($0, 8), $0.goal, missing: lacking) }
        }
        let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
        defer { world.cleanUp() }
        let ingest = try world.daemon("otp-ingest")
        defer { ingest.stop() }
        try ingest.ready(within: 60)
        let orders = SignedOrders(secret: world.secret)
        try orders.register(ingest, token: world.token)
        var results: [RowResult] = []
        for rival in Self.rivals {
            if let lacking = plan.peers.missing(rival.kind) {
                results.append(RowResult(figure(rival, 8), rival.goal, missing: lacking))
                continue
            }
            do {
                results += try compare(rival, world, ingest, orders)
            } catch {
                let reason = world.broker.isMock ? "it can't work with the mock broker (\(error))" : "failed: \(error)"
                results.append(RowResult(figure(rival, 8), rival.goal, missing: reason))
                say("  \(rival.kind.rawValue): \(reason)")
            }
        }
        return results
    }

    private func figure(_ peer: Peer, _ kilobytes: Int) -> String {
        "webhooks accepted a second, \(kilobytes) KB, \(connections) connections ÷ \(peer.kind.rawValue)"
    }

    private func compare(
        _ rival: Peer, _ world: BenchmarkWorld, _ ingest: DaemonUnderTest, _ orders: SignedOrders
    ) throws -> [RowResult] {
        let topic = try world.plainTopic("webhooks-\(rival.kind == .aiohttp ? "python" : "lua")")
        let way = PeerServers.Webhooks(brokers: world.broker.servers, topic: topic, secret: world.secret)
        let servers = PeerServers(peers: plan.peers, directory: plan.directory)
        let (processes, port) = try start(rival.kind, servers, way)
        defer { for process in processes { process.stop() } }
        return try [8, 2, 64].map { size in
            let requests = try orders.file(kilobytes: size, in: plan.directory)
            try warmUp(rival.kind.rawValue, port, requests)
            try warmUp("otp-ingest", ingest.port, requests)
            try ingest.caughtUp()
            let comparison = try Comparison(
                rounds: plan.rounds,
                ours: {
                    let before = ingest.cpuSeconds
                    let pace = try turn("otp-ingest", ingest.port, requests, seconds: plan.seconds)
                    let (accepting, begun) = (ingest.cpuSeconds, Date())
                    try ingest.caughtUp()
                    say(
                        String(
                            format: "    processor %.1f s; its desk then took %.1f s more", accepting - before,
                            Date().timeIntervalSince(begun)))
                    return pace
                }, theirs: { try turn(rival.kind.rawValue, port, requests, seconds: plan.seconds) })
            return RowResult(
                figure(rival, size), size == 8 ? rival.goal : nil, comparison, rival.kind.rawValue, "/s",
                "\(world.delivery.rawValue), its desk at work beside; no bcrypt")
        }
    }

    private func start(
        _ kind: Peers.Kind, _ servers: PeerServers, _ way: PeerServers.Webhooks
    ) throws -> ([ChildProcess], UInt16) {
        if kind == .aiohttp { return try servers.aiohttp(way) }
        let (nginx, port) = try servers.nginx(way)
        return ([nginx], port)
    }

    /// A topic just made has no leader yet, and whoever asks then is refused.
    private func warmUp(_ name: String, _ port: UInt16, _ requests: URL) throws {
        for _ in 1...5 where (try? turn("warm up: " + name, port, requests, seconds: 1)) != nil { return }
        throw BenchmarkError("\(name) refuses all")
    }

    private func turn(_ name: String, _ port: UInt16, _ requests: URL, seconds: Int) throws -> Double {
        let wrk = Wrk(peers: plan.peers, directory: plan.directory)
        let report = try wrk.run(
            port: port, path: "/webhooks/shopify", requests: requests, connections: connections, seconds: seconds)
        say(
            String(
                format: "  %@ %.0f/s, p50 %.2f, p99 %.2f ms, refused %d, broken %d", name, report.goodPerSecond,
                report.p50Ms, report.p99Ms, report.refused, report.broken))
        guard report.requests > report.refused * 10 else {
            throw BenchmarkError("\(name) refused \(report.refused) of \(report.requests)")
        }
        return report.goodPerSecond
    }
}
