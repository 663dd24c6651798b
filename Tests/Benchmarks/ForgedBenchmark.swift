import Base
import Foundation
import Security
import Synchronization

/// What a flood of forged tokens does to a real shopper: looks at verifications, through Kafka and back, timed without
/// and with random tokens being tried beside them, in turns. Every forged request comes from an address of its own,
/// which is the hardest case: none is refused for its address.
struct ForgedBenchmark {
    private let rounds: Int
    private let seconds: Int
    /// Forged requests a second.
    private let rate: Int
    /// Looks a second.
    private let shoppers: Int

    init(_ options: Options) {
        rounds = options.number("rounds", 5)
        seconds = options.number("seconds", 5)
        rate = options.number("rate", 10_000)
        shoppers = options.number("shoppers", 50)
    }

    func run() throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let verifier = try world.daemon("otp-verifier", ["OTP_TRUSTED_PROXIES": "127.0.0.1"])
        defer { verifier.stop() }
        try verifier.ready(within: 60)
        let looks = looks(world)
        _ = try turn(verifier.port, looks[0..<shoppers * 2], rate: 0)
        var ratios: [Double] = []
        var all: (quiet: [Double], flooded: [Double]) = ([], [])
        for round in 1...rounds {
            let slice = looks[(2 * round * shoppers * seconds)..<((2 * round + 2) * shoppers * seconds)]
            let middle = slice.startIndex + shoppers * seconds
            let before = verifier.cpuSeconds
            let quiet = try turn(verifier.port, slice[..<middle], rate: 0).latencies
            let between = verifier.cpuSeconds
            let (flooded, sent) = try turn(verifier.port, slice[middle...], rate: rate)
            let after = verifier.cpuSeconds
            ratios.append(flooded.quantile(0.99) / quiet.quantile(0.99))
            all.quiet += quiet
            all.flooded += flooded
            say(
                String(
                    format:
                        "round %d, load %@: without p50 %.2f p99 %.2f ms, with %.0f/s p50 %.2f p99 %.2f ms, ratio %.2f;"
                        + " processor %.2f and %.2f s",
                    round, Machine.load, quiet.median, quiet.quantile(0.99), Double(sent) / Double(seconds),
                    flooded.median, flooded.quantile(0.99), ratios[round - 1], between - before, after - between))
        }
        say(
            String(
                format: "all rounds: p99 without %.2f ms, with %.2f ms, ratio %.2f; median of the rounds' ratios %.2f",
                all.quiet.quantile(0.99), all.flooded.quantile(0.99),
                all.flooded.quantile(0.99) / all.quiet.quantile(0.99), ratios.median))
    }

    /// A look or a guess each at verifications nobody has opened: the owner is asked all the same, and says 404.
    private func looks(_ world: BenchmarkWorld) -> [[UInt8]] {
        (0..<(2 * rounds + 4) * shoppers * seconds).map { number in
            let token = world.identity.token(
                platform: "shopify", shop: "bench.myshopify.com", order: "gid://shopify/Order/\(number)")
            let path = "/api/v1/verifications/\(token.text)"
            let fields = "Host: bench\r\nX-Forwarded-For: 198.18.\(number >> 8 & 255).\(number & 255)\r\n"
            let body = "{\"code\":\"123456\"}"
            let request =
                number % 2 == 0
                ? "GET \(path) HTTP/1.1\r\n\(fields)\r\n"
                : "POST \(path)/attempts HTTP/1.1\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            return Array(request.utf8)
        }
    }

    private func turn(_ port: UInt16, _ looks: ArraySlice<[UInt8]>, rate: Int) throws -> (
        latencies: [Double], sent: Int
    ) {
        let isOver = Atomic(false)
        let sent = Atomic(0)
        let failures = Atomic(0)
        let latencies = Mutex<[Double]>([])
        let flooding = DispatchGroup()
        let shopping = DispatchGroup()
        let requests = Array(looks)
        let batches = rate > 0 ? (0..<4).map { _ in forgedBatches() } : []
        let start = ContinuousClock.now
        for batches in batches {
            flooding.enter()
            Thread.detachNewThread {
                let isWhole = flood(port, batches, rate / 4, start, sent) { !isOver.load(ordering: .relaxed) }
                if !isWhole { failures.add(1, ordering: .relaxed) }
                flooding.leave()
            }
        }
        let threads = 8
        for thread in 0..<threads {
            shopping.enter()
            Thread.detachNewThread {
                defer { shopping.leave() }
                let connection = try? HTTPConnection(port: port)
                for index in stride(from: thread, to: requests.count, by: threads) {
                    let due = start.advanced(by: .microseconds(1_000_000 * index / shoppers))
                    Self.sleep(until: due)
                    let statuses = try? connection?.pipeline(requests[index], count: 1)
                    if statuses != [404] { failures.add(1, ordering: .relaxed) }
                    let took = due.duration(to: .now).components
                    let milliseconds = Double(took.seconds) * 1000 + Double(took.attoseconds) / 1e15
                    latencies.withLock { $0.append(milliseconds) }
                }
            }
        }
        shopping.wait()
        isOver.store(true, ordering: .relaxed)
        flooding.wait()
        guard failures.load(ordering: .relaxed) == 0 else {
            throw BenchmarkError("\(failures.load(ordering: .relaxed)) requests were not answered as they should be")
        }
        return (latencies.withLock { $0 }, sent.load(ordering: .relaxed))
    }

    private static let batchSize = 20

    /// Five thousand requests, made before the clock runs; an address seldom comes twice.
    private func forgedBatches() -> [[UInt8]] {
        var random = SystemRandomNumberGenerator()
        return (0..<250).map { _ in
            (0..<Self.batchSize).flatMap { number in
                let token = forgedToken()
                let address = random.next() as UInt32
                let path = number % 2 == 0 ? "/v/\(token)" : "/api/v1/verifications/\(token)"
                let bytes = [24, 16, 8, 0].map { String(address >> $0 & 255) }.joined(separator: ".")
                return Array("GET \(path) HTTP/1.1\r\nHost: bench\r\nX-Forwarded-For: \(bytes)\r\n\r\n".utf8)
            }
        }
    }

    /// False where something was not refused as it should be. An address that came too often may be told 429.
    private func flood(
        _ port: UInt16, _ batches: [[UInt8]], _ rate: Int, _ start: ContinuousClock.Instant,
        _ sent: borrowing Atomic<Int>,
        _ goOn: () -> Bool
    ) -> Bool {
        guard let connection = try? HTTPConnection(port: port) else { return false }
        var batch = 0
        repeat {
            Self.sleep(until: start.advanced(by: .microseconds(1_000_000 * batch * Self.batchSize / rate)))
            let statuses = try? connection.pipeline(batches[batch % batches.count], count: Self.batchSize)
            guard let statuses, statuses.allSatisfy({ $0 == 404 || $0 == 429 }) else { return false }
            sent.add(Self.batchSize, ordering: .relaxed)
            batch += 1
        } while goOn()
        return true
    }

    /// Of the right shape (UUID version 8), so that its tag has to be looked at.
    private func forgedToken() -> String {
        var bytes = randomBytes(16)
        bytes[6] = 0x80 | bytes[6] & 0x0F
        bytes[8] = 0x80 | bytes[8] & 0x3F
        let hex = Hex.encode(bytes)
        let ends = [8, 12, 16, 20, 32]
        return zip([0] + ends, ends).map { start, end in String(hex.dropFirst(start).prefix(end - start)) }
            .joined(separator: "-")
    }

    private static func sleep(until due: ContinuousClock.Instant) {
        let wait = ContinuousClock.now.duration(to: due).components
        guard wait.seconds >= 0, wait.seconds > 0 || wait.attoseconds > 0 else { return }
        usleep(UInt32(wait.seconds * 1_000_000 + wait.attoseconds / 1_000_000_000_000))
    }
}
