import Testing

@testable import Benchmarks

@Suite("The benchmarks' peers")
struct PeerTests {
    private static let environment = ["OTP_BENCH_HOME": "/home", "OTP_BENCH_PYTHON": "/venv/python"]

    private static func peers(without missing: String) -> Peers {
        Peers(environment) { path in missing.isEmpty || !path.contains(missing) }
    }

    @Test("are all found where everything is there", arguments: Peers.Kind.allCases)
    func found(_ kind: Peers.Kind) {
        #expect(Self.peers(without: "").missing(kind) == nil)
    }

    @Test(
        "are named when they can't be found",
        arguments: [
            (Peers.Kind.wrk, "/wrk", "compose/bench.d"), (.nginx, "bin/nginx", "nginx"),
            (.nginxKafka, "bin/nginx", "nginx"),
            (.nginxKafka, "kafka/producer.lua", "lua-nginx-kafka"), (.nginxKafka, "http_lua", "libnginx-mod-http-lua"),
            (.aiohttp, "venv", "aiokafka"),
        ])
    func missing(_ kind: Peers.Kind, _ lacking: String, _ named: String) {
        #expect(Self.peers(without: lacking).missing(kind)?.contains(named) == true)
    }

    @Test("are missing without the folder they are started from", arguments: Peers.Kind.allCases)
    func homeless(_ kind: Peers.Kind) {
        #expect(Peers([:]) { _ in true }.missing(kind)?.contains("compose/bench.d") == true)
    }

    @Test("say by wrk what they answered; what was refused does not count")
    func report() throws {
        let output = """
            Running 2s test @ http://127.0.0.1:1/
              Requests/sec:   1.00
            bench requests=1100 microseconds=2000000 refused=100 broken=3 p50=1500 p99=20000
            """
        let report = try #require(WrkReport(parsing: output))
        #expect(report.goodPerSecond == 500)
        #expect([report.p50Ms, report.p99Ms] == [1.5, 20])
        #expect(report.broken == 3)
    }

    @Test(
        "are not believed where wrk's line is missing or damaged",
        arguments: [
            "", "Requests/sec: 1", "bench requests=1", "bench requests=x microseconds=1 refused=0 broken=0 p50=1 p99=1",
        ])
    func noReport(_ output: String) {
        #expect(WrkReport(parsing: output) == nil)
    }

    @Test("get the broker's host and port apart")
    func webhooks() {
        let way = PeerServers.Webhooks(brokers: "127.0.0.1:9092,127.0.0.2:9093", topic: "t", secret: "s")
        #expect(way.host == "127.0.0.1")
        #expect(way.port == "9092")
    }
}
