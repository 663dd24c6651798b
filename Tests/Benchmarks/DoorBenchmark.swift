import Foundation
import Kafka
import Model
import Pipeline
import Security
import Synchronization

/// What `otp-ingest`'s door adds to a bare producer's acknowledgement (`acks=all`), at half of what the door can take.
///
/// Both take turns of a second, so that what the broker and the machine do hits both alike; both are driven by the same
/// threads with one request in flight each, and store the same records: the bare producer sends what the door made of
/// the requests. Each latency counts from the moment the request was due.
struct DoorBenchmark {
    private static let shop = "bench.myshopify.com"
    /// The highest pace whose p99 stays below this is the door's full load: beyond it requests queue.
    private static let steadyMs = 50.0
    private let rounds: Int
    private let seconds: Int
    private let threads: Int
    /// A second; 0: half of the full load.
    private let rate: Int

    init(_ options: Options) {
        rounds = options.number("rounds", 5)
        seconds = options.number("seconds", 10)
        threads = options.number("connections", 32)
        rate = options.number("rate", 0)
    }

    private enum Way {
        case bare
        case door
    }

    private struct Figures {
        var latencies: [Double] = []
        var failures = 0
        var rate = 0.0

        var line: String {
            String(
                format: "%.0f/s, p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, failures %d", rate,
                latencies.median, latencies.quantile(0.9), latencies.quantile(0.99), latencies.quantile(0.999),
                failures)
        }
    }

    /// What the daemon has done so far, and how far its desk is behind.
    private struct Work {
        let cpu: Double
        let messages: Double
        let batches: Double
        let lag: Double

        init(_ daemon: DaemonUnderTest) throws {
            cpu = daemon.cpuSeconds
            messages = try daemon.metric("otp_desk_messages_total")
            batches = try daemon.metric("otp_desk_batches_total")
            lag = try daemon.metric("otp_desk_lag")
        }

        func since(_ before: Work) -> String {
            String(
                format: "%.1f s of processor, %.0f messages decided in %.0f batches, %.0f left", cpu - before.cpu,
                messages - before.messages, batches - before.batches, lag)
        }
    }

    /// What the threads share.
    private struct Stage: Sendable {
        let port: UInt16
        let producer: Producer
        let requests: [(head: String, body: [UInt8])]
        let records: [OutgoingRecord]
    }

    func run() async throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let ingest = try world.daemon("otp-ingest")
        defer { ingest.stop() }
        try ingest.ready(within: 120)
        try register(ingest, world)
        let producer = try Producer(world.kafka)
        defer { producer.close(deadline: .seconds(5)) }
        let requests = requests(world)
        let stage = Stage(
            port: ingest.port, producer: producer, requests: requests,
            records: try records(ingest, world, requests))
        _ = drive(stage, [.door, .bare], rate: 500)
        let pace = rate > 0 ? Double(rate) : fullLoad(stage) / 2
        var differences: [Double] = []
        var medians: [Double] = []
        for round in 1...rounds {
            let before = try Work(ingest)
            let ways = Array(repeatElement([Way.bare, .door], count: seconds).joined())
            let figures = drive(stage, ways, rate: pace)
            guard let bare = figures[.bare], let door = figures[.door] else { continue }
            say(
                "round \(round), load \(Machine.load)\n  bare: \(bare.line)\n  door: \(door.line)\n"
                    + "  daemon: \(try Work(ingest).since(before))")
            differences.append(door.latencies.quantile(0.99) - bare.latencies.quantile(0.99))
            medians.append(door.latencies.median - bare.latencies.median)
        }
        say("p99 of the door less p99 of the producer: \(differences.shown) ms, median \([differences.median].shown)")
        say("the same of p50: \(medians.shown) ms, median \([medians.median].shown)")
    }

    /// Paces rise until one is not kept with a steady p99, twice in a row.
    private func fullLoad(_ stage: Stage) -> Double {
        var full = 250.0
        var misses = 0
        var pace = 500.0
        while misses < 2, pace < 20_000 {
            let figures = drive(stage, [.door, .door, .door], rate: pace)[.door] ?? Figures()
            let isSteady = figures.failures == 0 && figures.latencies.quantile(0.99) < Self.steadyMs
            say("  \(figures.line), load \(Machine.load)")
            misses = isSteady ? 0 : misses + 1
            if isSteady { full = pace }
            if isSteady { pace *= 1.25 }
            usleep(2_000_000)
        }
        say(String(format: "full load: %.0f/s", full))
        return full
    }

    private func register(_ ingest: DaemonUnderTest, _ world: BenchmarkWorld) throws {
        let body = Array(#"{"platform":"shopify","accessToken":"shpat_1","plan":"pro"}"#.utf8)
        let answer = try HTTPConnection(port: ingest.port).exchange(
            "PUT /admin/shops/\(Self.shop) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(world.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n", body: body)
        guard (200...299).contains(answer.status) else { throw BenchmarkError("the shop: \(answer)") }
        usleep(1_500_000)
    }

    /// Signed webhooks of 8 KB about orders so old that the desk behind the door has nothing to write about them.
    private func requests(_ world: BenchmarkWorld) -> [(head: String, body: [UInt8])] {
        (1...64).map { number in
            let filler = Data(randomBytes(5_900)).base64EncodedString()
            let body = Array(#"{"id":\#(number),"created_at":"2020-01-01T00:00:00Z","note":"\#(filler)"}"#.utf8)
            let signature = Data(Digest.hmacSHA256(key: Array(world.secret.utf8), body)).base64EncodedString()
            let head =
                "POST /webhooks/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
                + "X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: \(Self.shop)\r\n"
                + "X-Shopify-Webhook-Id: w\(number)\r\nX-Shopify-Hmac-Sha256: \(signature)\r\n"
                + "Content-Length: \(body.count)\r\n\r\n"
            return (head, body)
        }
    }

    /// What the door writes for these requests.
    private func records(
        _ ingest: DaemonUnderTest, _ world: BenchmarkWorld, _ requests: [(head: String, body: [UInt8])]
    ) throws -> [OutgoingRecord] {
        let seen = Mutex<[OutgoingRecord]>([])
        let reader = try TopicReader(
            world.kafka, topic: world.topology.name(Catalogue.webhooks), from: .beginning,
            onRecord: { record in
                guard (record.value?.count ?? 0) > 4_000 else { return }
                seen.withLock {
                    $0.append(
                        OutgoingRecord(
                            topic: record.topic, partition: record.partition, key: record.key, value: record.value,
                            headers: record.headers))
                }
            })
        reader.start()
        defer { reader.stop() }
        let connection = try HTTPConnection(port: ingest.port)
        for request in requests {
            let answer = try connection.exchange(request.head, body: request.body)
            guard answer.status == 200 else { throw BenchmarkError("the door: \(answer)") }
        }
        let limit = Date(timeIntervalSinceNow: 10)
        while seen.withLock({ $0.count }) < requests.count, Date() < limit { usleep(10_000) }
        let records = seen.withLock { $0 }
        guard let first = records.first else { throw BenchmarkError("the door's records did not appear") }
        say("requests of \(requests[0].body.count) bytes, records of \(first.value?.count ?? 0) bytes")
        return records
    }

    /// Turns of a second one after the other, on the same threads, with a pause for what was late.
    private func drive(_ stage: Stage, _ ways: [Way], rate: Double) -> [Way: Figures] {
        let total = Mutex<[Way: Figures]>([:])
        let group = DispatchGroup()
        let began = DispatchTime.now().uptimeNanoseconds + 100_000_000
        let gap = UInt64(1e9 * Double(threads) / rate)
        for number in 0..<threads {
            group.enter()
            Thread.detachNewThread { [threads] in
                defer { group.leave() }
                guard let connection = try? HTTPConnection(port: stage.port) else { return }
                var own: [Way: Figures] = [:]
                var index = number
                for (turn, way) in ways.enumerated() {
                    let start = began + UInt64(turn) * 1_200_000_000
                    var due = start + gap * UInt64(number) / UInt64(threads)
                    while due < start + 1_000_000_000 {
                        Self.sleep(until: due)
                        let isStored = Self.store(stage, way, index, connection)
                        index += 1
                        let late = DispatchTime.now().uptimeNanoseconds - due
                        own[way, default: Figures()].latencies.append(Double(late) / 1e6)
                        if !isStored { own[way, default: Figures()].failures += 1 }
                        due += gap
                    }
                }
                total.withLock { all in
                    for (way, figures) in own {
                        all[way, default: Figures()].latencies += figures.latencies
                        all[way, default: Figures()].failures += figures.failures
                    }
                }
            }
        }
        group.wait()
        return total.withLock { all in
            for (way, figures) in all {
                all[way]?.rate = Double(figures.latencies.count) / Double(ways.count { $0 == way })
            }
            return all
        }
    }

    /// One record, stored by the door or by the producer; waits for the answer either way.
    private static func store(_ stage: Stage, _ way: Way, _ index: Int, _ connection: HTTPConnection) -> Bool {
        switch way {
        case .door:
            let request = stage.requests[index % stage.requests.count]
            return (try? connection.exchange(request.head, body: request.body))?.status == 200
        case .bare:
            let answered = DispatchSemaphore(value: 0)
            let isStored = Atomic(false)
            stage.producer.send(stage.records[index % stage.records.count]) { result in
                if case .success = result { isStored.store(true, ordering: .releasing) }
                answered.signal()
            }
            answered.wait()
            return isStored.load(ordering: .acquiring)
        }
    }

    private static func sleep(until due: UInt64) {
        let now = DispatchTime.now().uptimeNanoseconds
        guard due > now else { return }
        var time = timespec(tv_sec: Int((due - now) / 1_000_000_000), tv_nsec: Int((due - now) % 1_000_000_000))
        nanosleep(&time, nil)
    }
}
