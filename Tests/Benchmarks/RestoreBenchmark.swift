import Foundation
import Kafka
import Model
import Pipeline
import Synchronization

/// How long `otp-verifier` takes from its start until it is ready, with that many open verifications in `otp.records`,
/// and how much memory each takes; against the same daemon on empty topics.
struct RestoreBenchmark {
    private static let threads = 6
    private let rows: Int
    private let rounds: Int
    private let partitions: Int

    init(rows: Int, rounds: Int, partitions: Int) {
        self.rows = rows
        self.rounds = rounds
        self.partitions = partitions
    }

    init(_ options: Options) {
        self.init(
            rows: options.number("rows", 1_000_000), rounds: options.number("rounds", 3),
            partitions: options.number("partitions", 12))
    }

    /// Above the same daemon's on empty topics.
    struct Restore {
        let seconds: Double
        let cpu: Double
        let bytesEach: Double
    }

    private struct Figures {
        let seconds: Double
        let cpu: Double
        let memory: Int
        let peak: Int
        let rows: Double
    }

    @discardableResult
    func run() throws -> [Restore] {
        let world = try BenchmarkWorld(partitions: partitions)
        defer { world.cleanUp() }
        let empty = try measure(world)
        show("empty", empty)
        let sample = SampleVerifications()
        try Self.fill(world, rows: rows) { sample.make($0) }
        return try (1...rounds).map { round in
            let full = try measure(world)
            show("round \(round)", full)
            let restore = Restore(
                seconds: full.seconds - empty.seconds, cpu: full.cpu - empty.cpu,
                bytesEach: Double(full.memory - empty.memory) / Double(rows))
            say(
                String(
                    format: "  restore %.1f s, %.1f s of processor (%.1f s on two cores), %.0f bytes each, load %@",
                    restore.seconds, restore.cpu, restore.cpu / 2, restore.bytesEach, Machine.load))
            return restore
        }
    }

    private func show(_ name: String, _ figures: Figures) {
        say(
            String(
                format: "%@: ready after %.1f s, %.1f s of processor, %.0f rows, %.1f MiB (peak %.1f)", name,
                figures.seconds, figures.cpu, figures.rows, Double(figures.memory) / 1_048_576,
                Double(figures.peak) / 1_048_576))
    }

    private func measure(_ world: BenchmarkWorld) throws -> Figures {
        let begun = Date()
        // A name of its own, so that a stopped instance's seat is free at once.
        let daemon = try world.daemon("otp-verifier", ["OTP_INSTANCE": "bench"])
        defer { daemon.stop() }
        try daemon.ready(within: 300)
        let (seconds, cpu) = (Date().timeIntervalSince(begun), daemon.cpuSeconds)
        sleep(5)
        return Figures(
            seconds: seconds, cpu: cpu, memory: daemon.memory("VmRSS"), peak: daemon.memory("VmHWM"),
            rows: try daemon.metric("otp_desk_restored_rows_total"))
    }

    /// By several threads: making a row takes longer than sending it.
    static func fill(
        _ world: BenchmarkWorld, rows: Int,
        _ make: @escaping @Sendable (Int) -> (id: VerificationID, state: Verification?)
    ) throws {
        let tuning = ProducerTuning(
            lingerMs: 50, messageTimeoutMs: 300_000, queuedMessages: 100_000, queuedKilobytes: 262_144)
        let producer = try Producer(world.kafka, tuning: tuning)
        defer { producer.close(deadline: .seconds(60)) }
        let places = DispatchSemaphore(value: 50_000)
        let outcome = Mutex((sent: 0, bytes: 0, failures: 0))
        let group = DispatchGroup()
        for thread in 0..<Self.threads {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                for number in stride(from: thread, to: rows, by: Self.threads) {
                    let (id, state) = make(number)
                    let record = Wire.record(
                        Catalogue.records, world.topology, key: id.text, type: "verification",
                        value: state.map(Wire.encode))
                    places.wait()
                    producer.send(record) { result in
                        outcome.withLock { now in
                            now.sent += 1
                            now.bytes += record.value?.count ?? 0
                            if case .failure = result { now.failures += 1 }
                        }
                        places.signal()
                    }
                }
            }
        }
        group.wait()
        while outcome.withLock({ $0.sent }) < rows { usleep(10_000) }
        let (sent, bytes, failures) = outcome.withLock { $0 }
        guard failures == 0 else { throw BenchmarkError("\(failures) of \(sent) records were not stored") }
        say("produced \(sent) records of \(bytes / max(sent, 1)) bytes")
    }
}
