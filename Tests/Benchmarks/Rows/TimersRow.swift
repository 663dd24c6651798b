import Foundation
import Kafka
import Model
import Pipeline
import Synchronization

/// Reaper with a million timers: how late the few are that end while all others are pending, by the broker's clock on
/// the ask's record; and, when all others end within one second, how long after that second's begin the last was handed
/// on.
struct TimersRow {
    private let plan: TableRun.Plan

    init(_ plan: TableRun.Plan) { self.plan = plan }

    func run() throws -> [RowResult] {
        let rows = plan.isQuick ? 100_000 : 1_000_000
        var late: [Double] = []
        var storms: [Double] = []
        // One round takes minutes: a run that is not quick has two.
        for _ in 1...(plan.isQuick ? 1 : 2) {
            let (lateness, storm) = try round(rows)
            late.append(lateness)
            storms.append(storm)
        }
        let note = "\(rows) pending; no bcrypt"
        return [
            RowResult("timers: lateness p99", .atMost(15, 11, "ms"), late, behind: note),
            RowResult(
                "timers: all due in one second handed on within",
                plan.isQuick ? nil : .atMost(10, 3, "s"), storms, behind: note),
        ]
    }

    private func round(_ rows: Int) throws -> (lateness: Double, storm: Double) {
        let world = try BenchmarkWorld(partitions: 12, delivery: plan.delivery)
        defer { world.cleanUp() }
        let few = plan.isQuick ? 1_000 : 5_000
        let spread = 10_000.0
        // Enough for producing and reading all rows before the first one ends.
        let begin = Wall.now() + (plan.isQuick ? 40_000 : 150_000)
        let storm = begin + spread + 5_000
        let sample = SampleVerifications()
        @Sendable func deadline(_ number: Int) -> Double {
            number < few ? begin + spread * Double(number) / Double(few) : storm + Double(number % 1000)
        }
        try RestoreBenchmark.fill(world, rows: rows) { number in
            sample.make(number, deadline: Int64(deadline(number)))
        }
        let due = Dictionary(
            uniqueKeysWithValues: (0..<few).map { (sample.id($0).text, Double(Int64(deadline($0)))) })
        let late = Mutex<[String: Double]>([:])
        let reader = try TopicReader(
            world.kafka, topic: world.topology.name(Catalogue.attempts), from: .end,
            onRecord: { record in
                let key = String(decoding: record.key ?? [], as: UTF8.self)
                guard let deadline = due[key] else { return }
                let at = world.broker.isMock ? Wall.now() : Double(record.timestamp)
                late.withLock { $0[key] = $0[key] ?? at - deadline }
            })
        reader.start()
        defer { reader.stop() }
        let reaper = try world.daemon("otp-reaper", ["OTP_INSTANCE": "bench"])
        defer { reaper.stop() }
        try reaper.ready(within: max(1, (begin - Wall.now()) / 1000))
        say(
            String(
                format: "  ready %.0f s before the first timer ends, %.0f MB", (begin - Wall.now()) / 1000,
                Double(reaper.memory("VmRSS")) / 1e6))
        Wall.sleep(until: storm - 2_000)
        let lateness = late.withLock { Array($0.values) }
        guard lateness.count == few else { throw BenchmarkError("\(lateness.count) of \(few) timers were heard of") }
        say(
            String(
                format: "  lateness p50 %.1f, p90 %.1f, p99 %.1f ms, load %@", lateness.median, lateness.quantile(0.9),
                lateness.quantile(0.99), Machine.load))
        Wall.sleep(until: storm)
        while try reaper.metric("otp_reaper_timed_out_asked_total") < Double(rows) {
            guard Wall.now() < storm + 120_000 else { throw BenchmarkError("not all were handed on in two minutes") }
            usleep(50_000)
        }
        let seconds = (Wall.now() - storm) / 1000
        say(String(format: "  all handed on %.1f s after the second began, load %@", seconds, Machine.load))
        return (lateness.quantile(0.99), seconds)
    }
}
