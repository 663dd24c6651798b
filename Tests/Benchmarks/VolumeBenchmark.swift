import Foundation
import Kafka
import Pipeline
import Synchronization

/// How many bytes an order leaves on each topic: orders come in, get their text, are looked at and verified; then every
/// topic is read from its beginning. Keys, values and headers are counted; what Kafka adds to a record and to a batch
/// depends on how many share one, and stands in docs/CAPACITY.md. Nothing settles the orders: there is no shop.
struct VolumeBenchmark {
    private let orders: Int

    init(_ options: Options) { orders = options.number("orders", 300) }

    func run() async throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let texts = try StandInTexts()
        let more = [
            "OTP_BCRYPT_COST": "4", "OTP_TWILIO_URL": texts.url, "OTP_LIMITS": "rangeVerifiedPercent=0",
            "OTP_TRUSTED_PROXIES": "127.0.0.1",
        ]
        let daemons = try ["otp-ingest", "otp-sender", "otp-verifier"].map { try world.daemon($0, more) }
        defer { for daemon in daemons { daemon.stop() } }
        for daemon in daemons { try daemon.ready(within: 60) }
        let signed = SignedOrders(secret: world.secret)
        try signed.register(daemons[0], token: world.token, settings: FreshOrders.settings)
        let before = try sizes(world)
        // A pace at which hardly any two share a batch: the dearest case.
        let samples = try OpenLoop(port: daemons[0].port, threads: 8).run(
            FreshOrders(orders: signed).requests(orders), rate: 50)
        guard samples.allSatisfy({ $0.status == 200 }) else { throw BenchmarkError("webhooks were refused") }
        while texts.bodies.count < orders { try await Task.sleep(for: .milliseconds(100)) }
        try verify(texts.bodies, daemons[2].port)
        try await Task.sleep(for: .seconds(3))
        show(before, try sizes(world))
        await texts.stop()
    }

    /// Each shopper opens the page and types the code of the text.
    private func verify(_ bodies: [String], _ port: UInt16) throws {
        let requests = try bodies.enumerated().flatMap { number, body in
            guard let token = body.firstMatch(of: #/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/#)?.output.0,
                let code = body.firstMatch(of: #/\b\d{6}\b/#)?.output
            else { throw BenchmarkError("a text without link or code") }
            let fields = "Host: bench\r\nX-Forwarded-For: 198.18.\(number >> 8).\(number & 255)\r\n"
            let guess = "{\"code\":\"\(code)\"}"
            return [
                Array("GET /v/\(token) HTTP/1.1\r\n\(fields)\r\n".utf8),
                Array(
                    ("POST /api/v1/verifications/\(token)/attempts HTTP/1.1\r\n\(fields)"
                        + "Content-Type: application/json\r\nContent-Length: \(guess.utf8.count)\r\n\r\n\(guess)").utf8),
            ]
        }
        let answers = try OpenLoop(port: port, threads: 1).run(requests, rate: 100)
        guard answers.allSatisfy({ $0.status == 200 }) else { throw BenchmarkError("a shopper was refused") }
    }

    private struct Size {
        var records = 0
        var bytes = 0
    }

    private func sizes(_ world: BenchmarkWorld) throws -> [(topic: String, size: Size)] {
        try world.topology.declarations.map { declaration in
            let size = Mutex(Size())
            let reader = try TopicReader(
                world.kafka, topic: declaration.name, from: .beginning,
                onRecord: { record in
                    let headers = record.headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.count }
                    size.withLock {
                        $0.records += 1
                        $0.bytes += (record.key?.count ?? 0) + (record.value?.count ?? 0) + headers
                    }
                })
            reader.start()
            while !reader.isCaughtUp { usleep(20_000) }
            reader.stop()
            return (String(declaration.name.dropFirst(world.topology.prefix.count)), size.withLock { $0 })
        }
    }

    private func show(_ before: [(topic: String, size: Size)], _ after: [(topic: String, size: Size)]) {
        say("| topic | records an order | bytes an order |\n| --- | --- | --- |")
        var (records, bytes) = (0.0, 0.0)
        for (was, now) in zip(before, after) where now.size.records > was.size.records {
            let count = Double(now.size.records - was.size.records) / Double(orders)
            let size = Double(now.size.bytes - was.size.bytes) / Double(orders)
            records += count
            bytes += size
            say(String(format: "| `otp.%@` | %.1f | %.0f |", now.topic, count, size))
        }
        say(String(format: "| all | %.1f | %.0f |", records, bytes))
    }
}
