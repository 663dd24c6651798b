import Foundation
import HTTP
@testable import Ingest
import Kafka
import KafkaMock
import Pipeline
@testable import Runtime
import Synchronization
import Testing

@Suite("The daemon on a mock cluster", .timeLimit(.minutes(2)))
struct DaemonTests {
    /// The running daemon, its door without a socket.
    private final class Running: Sendable {
        let mock: MockCluster
        let topology = Topology(partitions: 2)
        let lines = Lines()
        let signals: AsyncStream<String>.Continuation
        private let context = Mutex<DaemonContext?>(nil)
        private let process: DaemonProcess

        init() throws {
            mock = try MockCluster()
            for topic in topology.declarations { mock.createTopic(topic.name, partitions: topic.partitions) }
            let key = Data(repeating: 5, count: 32).base64EncodedString()
            let stream: AsyncStream<String>
            (stream, signals) = AsyncStream.makeStream()
            let environment = [
                "OTP_KAFKA_BROKERS": mock.bootstrapServers, "OTP_PARTITIONS": "2", "OTP_DELIVERY": "at-least-once",
                "OTP_KAFKA_OPTIONS": "fetch.wait.max.ms=5,session.timeout.ms=3000,heartbeat.interval.ms=300",
                "OTP_HTTP_BIND": "127.0.0.1:0", "OTP_ID_KEY": key, "OTP_KEYRING": "k1:\(key)",
                "OTP_ADMIN_TOKEN": Bench.adminToken, "OTP_WEBHOOK_URL": "https://app.example.com",
                "OTP_SHOPIFY_URL": "http://127.0.0.1:1/{shop}",
                "OTP_SHOPIFY_CLIENT_SECRET": Bench.secret.text, "OTP_TWILIO_AUTH_TOKEN": "12345",
            ]
            process = DaemonProcess(
                arguments: [], environment: environment, output: lines.append, error: lines.append,
                stopDeadline: .seconds(20), signals: stream)
        }

        func run() async -> ExitCode {
            await Daemon.run(Ingest.description, in: process) { context in
                let services = try await Ingest.services(context)
                self.context.withLock { $0 = context }
                return services
            }
        }

        func ready() async throws -> DaemonContext {
            while true {
                if let context = context.withLock({ $0 }), context.health.isReady { return context }
                try await Task.sleep(for: .milliseconds(20))
            }
        }

        /// What the topic holds besides beats, once there are that many.
        func read(_ topic: Topic, count: Int) async throws -> [IncomingRecord] {
            let settings = KafkaSettings(
                brokers: mock.bootstrapServers, options: [("fetch.wait.max.ms", "5")], clientId: "test")
            let seen = Seen()
            let reader = try TopicReader(
                settings, topic: topology.name(topic), from: .beginning,
                onRecord: { if !Wire.isBeat($0) { seen.append($0) } })
            reader.start()
            while seen.all.count < count { try await Task.sleep(for: .milliseconds(10)) }
            reader.stop()
            return seen.all
        }
    }

    @Test("puts a shop, takes an order once, answers 503 without Kafka, and stops when asked")
    func wholeLife() async throws {
        let running = try Running()
        async let ended = running.run()
        let router = try await running.ready().router

        let admin = HTTPHeaders([("Authorization", "Bearer \(Bench.adminToken)")])
        let put = HTTPRequest(
            method: "PUT", target: "/admin/shops/\(Bench.shop)", headers: admin,
            body: Array(#"{"platform":"shopify","accessToken":"\#(Bench.accessToken)"}"#.utf8))
        #expect(await router.answer(put).status == 200)
        let get = HTTPRequest(method: "GET", target: "/admin/shops/\(Bench.shop)", headers: admin)
        #expect(await router.answer(get).status == 200)

        let now = Date.now.addingTimeInterval(1).formatted(.iso8601)
        let order = try Sample.order(Sample.india, ["created_at": now, "updated_at": now])
        let post = try Bench().post("orders/create", order)
        #expect(await router.answer(post).status == 200)
        #expect(await router.answer(post).status == 200)
        let requests = try await running.read(Catalogue.requests, count: 1)
        let opened = try await running.read(Catalogue.attempts, count: 1)
        #expect(try requests.map { try Wire.type(of: $0) } == ["send"])
        #expect(opened.map(\.key) == requests.map(\.key))
        #expect(try await running.read(Catalogue.webhooks, count: 4).count == 4)
        #expect(try await running.read(Catalogue.orders, count: 1).count == 1)

        running.mock.setBrokerDown(1)
        let away = await router.answer(post)
        #expect(away.status == 503)
        #expect(away.headers["Retry-After"] != nil)
        running.mock.setBrokerUp(1)
        var again = HTTPResponse.empty(503)
        while again.status == 503 { again = await router.answer(post) }
        #expect(again.status == 200)

        #expect(await router.answer(HTTPRequest(method: "DELETE", target: put.target, headers: admin)).status == 204)
        running.signals.yield("SIGTERM")
        #expect(await ended == .ok, "\(running.lines.all.suffix(5))")
    }
}

/// Records from a reader's thread.
private final class Seen: Sendable {
    private let records = Mutex<[IncomingRecord]>([])

    func append(_ record: IncomingRecord) { records.withLock { $0.append(record) } }
    var all: [IncomingRecord] { records.withLock { $0 } }
}
