import Base
import Foundation
import Kafka
import Pipeline
import Security
import Synchronization

/// What a shop that floods leaves another one on the same partition: the time from a webhook's first byte to the
/// request for its text, while the other shop sends 500 orders a second for a minute. And what the senders are
/// answered.
struct FairnessBenchmark {
    private let seconds: Int
    private let rate: Int
    private static let threads = 16
    private static let quietRate = 20.0

    init(_ options: Options) {
        seconds = options.number("seconds", 60)
        rate = options.number("rate", 500)
    }

    /// Times by order, as its shop sent it and as its request came out.
    private struct Times {
        var sent: [Int: UInt64] = [:]
        var asked: [Int: UInt64] = [:]
        var statuses: [Int: Int] = [:]
    }

    func run() throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let ingest = try world.daemon("otp-ingest", ["OTP_DAILY_CAP": "0", "OTP_PLAN_LIMITS": "pro=unlimited"])
        defer { ingest.stop() }
        try ingest.ready(within: 120)
        let loud = "loud.myshopify.com"
        let quiet =
            (0...).lazy.map { "quiet-\($0).myshopify.com" }
            .first { world.topology.partition(of: $0) == world.topology.partition(of: loud) } ?? loud
        for shop in [loud, quiet] { try register(shop, ingest, world) }
        let times = Mutex(Times())
        let numbers = ids(world, quiet)
        let reader = try TopicReader(
            world.kafka, topic: world.topology.name(Catalogue.requests), from: .end,
            onRecord: { record in
                let now = DispatchTime.now().uptimeNanoseconds
                let key = record.key.map { String(decoding: $0, as: UTF8.self) } ?? ""
                guard let number = numbers[key] else { return }
                times.withLock { $0.asked[number] = now }
            })
        reader.start()
        defer { reader.stop() }
        usleep(2_000_000)
        for isFlooded in [false, true] {
            times.withLock { $0 = Times() }
            let before = ingest.cpuSeconds
            let offset = isFlooded ? numbers.count / 2 : 0
            let flood = isFlooded ? self.flood(loud, ingest.port, world, times) : nil
            send(quiet, ingest.port, world, times, offset)
            flood?.wait()
            usleep(3_000_000)
            report(isFlooded, times.withLock { $0 }, ingest.cpuSeconds - before)
        }
        say("load \(Machine.load)")
    }

    private func report(_ isFlooded: Bool, _ times: Times, _ processor: Double) {
        let late = times.sent.compactMap { number, at in
            times.asked[number].map { Double($0 - at) / 1e6 }
        }
        say(
            String(
                format:
                    "%@: %d webhooks, %d requests, p50 %.1f ms, p99 %.1f ms, most %.1f ms; processor %.1f s; answers %@",
                isFlooded ? "beside \(rate)/s" : "alone", times.sent.count, late.count, late.median,
                late.quantile(0.99),
                late.max() ?? .nan, processor,
                times.statuses.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
                    .joined(separator: ", ")))
    }

    private func register(_ shop: String, _ ingest: DaemonUnderTest, _ world: BenchmarkWorld) throws {
        let body = Array(#"{"platform":"shopify","accessToken":"shpat_1","plan":"pro"}"#.utf8)
        let answer = try HTTPConnection(port: ingest.port).exchange(
            "PUT /admin/shops/\(shop) HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer \(world.token)\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n", body: body)
        guard (200...299).contains(answer.status) else { throw BenchmarkError("the shop: \(answer)") }
    }

    /// The quiet shop's verifications by their orders' numbers, for both halves of the run.
    private func ids(_ world: BenchmarkWorld, _ shop: String) -> [String: Int] {
        let count = Int(Double(seconds) * Self.quietRate) * 2 + 2
        return Dictionary(
            uniqueKeysWithValues: (0..<count).map { number in
                let token = world.identity.token(
                    platform: "shopify", shop: shop, order: "gid://shopify/Order/\(1_000_000 + number)")
                return (token.verificationId.uuidString.lowercased(), number)
            })
    }

    private func send(
        _ shop: String, _ port: UInt16, _ world: BenchmarkWorld, _ times: borrowing Mutex<Times>, _ offset: Int
    ) {
        guard let connection = try? HTTPConnection(port: port) else { return say("no connection") }
        let start = DispatchTime.now().uptimeNanoseconds
        for number in 0..<Int(Double(seconds) * Self.quietRate) {
            sleep(until: start + UInt64(Double(number) / Self.quietRate * 1e9))
            let request = order(1_000_000 + offset + number, shop, world)
            let now = DispatchTime.now().uptimeNanoseconds
            times.withLock { $0.sent[offset + number] = now }
            let status = (try? connection.exchange(request.head, body: request.body))?.status ?? 0
            times.withLock { $0.statuses[status, default: 0] += 1 }
        }
    }

    private func flood(
        _ shop: String, _ port: UInt16, _ world: BenchmarkWorld, _ times: borrowing Mutex<Times>
    ) -> DispatchGroup {
        let group = DispatchGroup()
        let start = DispatchTime.now().uptimeNanoseconds
        let statuses = Shared<[Int: Int]>([:])
        let each = rate * seconds / Self.threads
        for thread in 0..<Self.threads {
            group.enter()
            Thread.detachNewThread { [rate] in
                defer { group.leave() }
                guard let connection = try? HTTPConnection(port: port) else { return }
                for index in 0..<each {
                    let number = index * Self.threads + thread
                    self.sleep(until: start + UInt64(Double(number) / Double(rate) * 1e9))
                    let request = self.order(number + 1, shop, world)
                    let status = (try? connection.exchange(request.head, body: request.body))?.status ?? 0
                    statuses.change { $0[status, default: 0] += 1 }
                }
            }
        }
        group.notify(queue: .global()) { say("the flood's answers: \(statuses.value)") }
        return group
    }

    /// A signed order of 8 KB, placed now, whose number is one of our own.
    private func order(_ number: Int, _ shop: String, _ world: BenchmarkWorld) -> (head: String, body: [UInt8]) {
        let created = RFC3339.text(Clock.system.now())
        let phone = "+1202555\(String(10_000 + number % 10_000).suffix(4))"
        let text = """
            {"id":\(number),"admin_graphql_api_id":"gid://shopify/Order/\(number)","name":"#\(number)",\
            "created_at":"\(created)","updated_at":"\(created)","source_name":"web","test":false,"tags":"",\
            "payment_gateway_names":["Cash on Delivery (COD)"],"total_price":"10.00","currency":"USD",\
            "shipping_address":{"phone":"\(phone)","country_code":"US"},"note":"\(Self.filler)"}
            """
        let body = Array(text.utf8)
        let signature = Data(Digest.hmacSHA256(key: Array(world.secret.utf8), body)).base64EncodedString()
        let head =
            "POST /webhooks/shopify HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            + "X-Shopify-Topic: orders/create\r\nX-Shopify-Shop-Domain: \(shop)\r\n"
            + "X-Shopify-Webhook-Id: \(shop)-\(number)\r\nX-Shopify-Hmac-Sha256: \(signature)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n"
        return (head, body)
    }

    private static let filler = Data(randomBytes(5_700)).base64EncodedString()

    private func sleep(until due: UInt64) {
        let now = DispatchTime.now().uptimeNanoseconds
        if due > now { usleep(UInt32((due - now) / 1000)) }
    }
}

/// A value several threads change.
private final class Shared<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) { state = Mutex(value) }

    var value: Value { state.withLock { $0 } }
    func change(_ body: @Sendable (inout Value) -> Void) { state.withLock { body(&$0) } }
}
