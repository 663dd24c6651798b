import Foundation
import Kafka
import Model
import Pipeline
import Security
import Synchronization

/// What `otp-ingest`'s door adds to a bare producer's acknowledgement (`acks=all`), at half of what the door can take:
/// rounds of both in turn, the same bytes at the same pace onto the same topic, each latency from the moment it was due.
struct DoorBenchmark {
    private static let shop = "bench.myshopify.com"
    private let rounds: Int
    private let seconds: Double
    private let connections: Int

    init(_ options: Options) {
        rounds = options.number("rounds", 5)
        seconds = Double(options.number("seconds", 10))
        connections = options.number("connections", 32)
    }

    private struct Figures {
        var latencies: [Double] = []
        var failures = 0
        var rate = 0.0

        var line: String {
            String(
                format: "%.0f/s, p50 %.2f ms, p99 %.2f ms, failures %d", rate, latencies.median,
                latencies.quantile(0.99), failures)
        }
    }

    func run() async throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let ingest = try world.daemon("otp-ingest")
        defer { ingest.stop() }
        try ingest.ready(within: 120)
        try register(ingest, world)
        let requests = requests(world)
        _ = door(ingest.port, requests, rate: nil, seconds: 3)
        let full = door(ingest.port, requests, rate: nil, seconds: seconds)
        let half = full.rate / 2
        say("full load: \(full.line), load \(Machine.load)")
        let producer = try Producer(world.kafka)
        defer { producer.close(deadline: .seconds(5)) }
        var differences: [Double] = []
        var medians: [Double] = []
        for round in 1...rounds {
            let bare = bare(producer, world, rate: half, seconds: seconds)
            let through = door(ingest.port, requests, rate: half, seconds: seconds)
            say("round \(round), load \(Machine.load)\n  bare: \(bare.line)\n  door: \(through.line)")
            differences.append(through.latencies.quantile(0.99) - bare.latencies.quantile(0.99))
            medians.append(through.latencies.median - bare.latencies.median)
        }
        say("p99 of the door less p99 of the producer: \(differences.shown) ms, median \([differences.median].shown)")
        say("the same of p50: \(medians.shown) ms, median \([medians.median].shown)")
    }

    private func register(_ ingest: DaemonUnderTest, _ world: BenchmarkWorld) throws {
        let body = Array(#"{"platform":"shopify","accessToken":"shpat_1","plan":"pro"}"#.utf8)
        let answer = try HTTPConnection(port: ingest.port).exchange(
            "PUT /admin/shops/\(Self.shop) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(world.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n", body: body)
        guard (200...299).contains(answer.status) else { throw BenchmarkError("the shop: \(answer)") }
        usleep(1_500_000)
    }

    /// Signed webhooks of 8 KB that are no orders: the desk behind the door puts each aside, which costs it a dead letter.
    private func requests(_ world: BenchmarkWorld) -> [(head: String, body: [UInt8])] {
        (0..<64).map { number in
            let filler = Data(randomBytes(5_900)).base64EncodedString()
            let body = Array(#"{"id":\#(number),"note":"\#(filler)"}"#.utf8)
            let signature = Data(Digest.hmacSHA256(key: Array(world.secret.utf8), body)).base64EncodedString()
            let head =
                "POST /webhooks/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                + "X-Shopify-Topic: orders/updated\r\nX-Shopify-Shop-Domain: \(Self.shop)\r\n"
                + "X-Shopify-Webhook-Id: w\(number)\r\nX-Shopify-Hmac-Sha256: \(signature)\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            return (head, body)
        }
    }

    /// One thread a connection; `rate` nil is as fast as it goes.
    private func door(
        _ port: UInt16, _ requests: [(head: String, body: [UInt8])], rate: Double?, seconds: Double
    ) -> Figures {
        let total = Mutex(Figures())
        let group = DispatchGroup()
        let began = DispatchTime.now().uptimeNanoseconds + 100_000_000
        let end = began + UInt64(seconds * 1e9)
        for number in 0..<connections {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                var own = Figures()
                let gap = rate.map { UInt64(1e9 * Double(connections) / $0) } ?? 0
                var due = began + gap * UInt64(number) / UInt64(connections)
                guard let connection = try? HTTPConnection(port: port) else { return }
                var index = number
                while due < end {
                    Self.sleep(until: due)
                    let start = rate == nil ? DispatchTime.now().uptimeNanoseconds : due
                    let request = requests[index % requests.count]
                    index += 1
                    if (try? connection.exchange(request.head, body: request.body))?.status != 200 { own.failures += 1 }
                    let now = DispatchTime.now().uptimeNanoseconds
                    own.latencies.append(Double(now - start) / 1e6)
                    due = rate == nil ? now : due + gap
                }
                total.withLock { all in
                    all.latencies += own.latencies
                    all.failures += own.failures
                }
            }
        }
        group.wait()
        return total.withLock { all in
            all.rate = Double(all.latencies.count) / seconds
            return all
        }
    }

    private func bare(_ producer: Producer, _ world: BenchmarkWorld, rate: Double, seconds: Double) -> Figures {
        let total = Mutex(Figures())
        let gap = UInt64(1e9 / rate)
        let began = DispatchTime.now().uptimeNanoseconds
        let value = randomBytes(8_000)
        var due = began
        var sent = 0
        while due < began + UInt64(seconds * 1e9) {
            Self.sleep(until: due)
            let start = due
            let record = OutgoingRecord(
                topic: world.topology.name(Catalogue.webhooks), partition: world.topology.partition(of: Self.shop),
                key: Array("__beat/bench".utf8), value: value)
            producer.send(record) { result in
                let late = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e6
                total.withLock { all in
                    if case .failure = result { all.failures += 1 }
                    all.latencies.append(late)
                }
            }
            sent += 1
            due += gap
        }
        while total.withLock({ $0.latencies.count }) < sent { usleep(1_000) }
        return total.withLock { all in
            all.rate = Double(sent) / seconds
            return all
        }
    }

    private static func sleep(until due: UInt64) {
        let now = DispatchTime.now().uptimeNanoseconds
        guard due > now else { return }
        var time = timespec(tv_sec: Int((due - now) / 1_000_000_000), tv_nsec: Int((due - now) % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
