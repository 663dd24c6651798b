import Foundation
import Security
import Synchronization

/// What a flood of forged tokens does to a real shopper: looks at verifications, through Kafka and back, timed without and
/// with random tokens being tried beside them, in turns. Every forged request comes from an address of its own, which is the
/// hardest case: none is refused for its address.
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

    /// One look each at verifications nobody has opened: the owner is asked all the same.
    private func looks(_ world: BenchmarkWorld) -> [[UInt8]] {
        (0..<(2 * rounds + 4) * shoppers * seconds).map { number in
            let token = world.identity.token(
                platform: "shopify", shop: "bench.myshopify.com", order: "gid://shopify/Order/\(number)")
            return Array(
                ("GET /api/v1/verifications/\(token.text) HTTP/1.1\r\nHost: bench\r\n"
                    + "X-Forwarded-For: 198.18.\(number >> 8 & 255).\(number & 255)\r\n\r\n").utf8)
        }
    }

    private func turn(_ port: UInt16, _ looks: ArraySlice<[UInt8]>, rate: Int) throws -> (
        latencies: [Double], sent: Int
    ) {
        let isOver = Atomic(false)
        let sent = Atomic(0)
        let group = DispatchGroup()
        let start = ContinuousClock.now
        if rate > 0 {
            for thread in 0..<4 {
                group.enter()
                Thread.detachNewThread {
                    flood(port, rate / 4, thread, start) { count in
                        sent.add(count, ordering: .relaxed)
                        return !isOver.load(ordering: .relaxed)
                    }
                    group.leave()
                }
            }
        }
        let latencies = Mutex<[Double]>([])
        let requests = Array(looks)
        let threads = 8
        for thread in 0..<threads {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                guard let connection = try? HTTPConnection(port: port) else { return }
                for index in stride(from: thread, to: requests.count, by: threads) {
                    let due = start.advanced(by: .microseconds(1_000_000 * index / shoppers))
                    Self.sleep(until: due)
                    guard (try? connection.pipeline(requests[index], count: 1)) != nil else { return }
                    let took = due.duration(to: .now).components
                    let milliseconds = Double(took.seconds) * 1000 + Double(took.attoseconds) / 1e15
                    latencies.withLock { $0.append(milliseconds) }
                }
                if thread == 0 { isOver.store(true, ordering: .relaxed) }
            }
        }
        group.wait()
        return (latencies.withLock { $0 }, sent.load(ordering: .relaxed))
    }

    /// Batches of twenty, at their time.
    private func flood(
        _ port: UInt16, _ rate: Int, _ thread: Int, _ start: ContinuousClock.Instant, _ goOn: (Int) -> Bool
    ) {
        guard let connection = try? HTTPConnection(port: port) else { return }
        var random = SystemRandomNumberGenerator()
        var batch = 0
        repeat {
            Self.sleep(until: start.advanced(by: .microseconds(1_000_000 * batch * 20 / rate)))
            var requests: [UInt8] = []
            for number in 0..<20 {
                let token = UUID().uuidString.lowercased()
                let address = random.next() as UInt32
                let path = number % 2 == 0 ? "/v/\(token)" : "/api/v1/verifications/\(token)"
                requests += Array(
                    ("GET \(path) HTTP/1.1\r\nHost: bench\r\nX-Forwarded-For: "
                        + "\(address >> 24).\(address >> 16 & 255).\(address >> 8 & 255).\(address & 255)\r\n\r\n").utf8
                )
            }
            guard (try? connection.pipeline(requests, count: 20)) != nil else { return }
            batch += 1
        } while goOn(20)
    }

    private static func sleep(until due: ContinuousClock.Instant) {
        let wait = ContinuousClock.now.duration(to: due).components
        guard wait.seconds >= 0, wait.seconds > 0 || wait.attoseconds > 0 else { return }
        usleep(UInt32(wait.seconds * 1_000_000 + wait.attoseconds / 1_000_000_000_000))
    }
}
