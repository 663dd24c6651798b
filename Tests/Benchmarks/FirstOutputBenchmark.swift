import Foundation
import Kafka
import Model
import Pipeline
import Synchronization

/// How long shoppers wait for the first answer after `kill -9` of the only `otp-verifier` and its immediate restart,
/// exactly-once: under its own name (static membership), and without one (a new member that waits for the dead one's
/// session). Every partition is asked every 50 ms; the first answer is that of the first partition, the last that of
/// the last one.
struct FirstOutputBenchmark {
    private let rounds: Int
    private let session: Int

    init(_ options: Options) {
        rounds = options.number("rounds", 5)
        session = options.number("session", 6_000)
    }

    func run() async throws {
        let world = try BenchmarkWorld(partitions: 12)
        defer { world.cleanUp() }
        let probe = try Probe(world)
        defer { probe.close() }
        for (title, name) in [("own name", "bench"), ("no name", nil)] {
            var firsts: [Double] = []
            var lasts: [Double] = []
            for _ in 1...rounds {
                let (first, last) = try round(world, probe, name)
                firsts.append(first)
                lasts.append(last)
            }
            say("\(title), session \(session) ms, load \(Machine.load)")
            say("  first answer after: \(firsts.shown) s, median \([firsts.median].shown)")
            say("  all 12 partitions after: \(lasts.shown) s, median \([lasts.median].shown)")
        }
    }

    private func round(_ world: BenchmarkWorld, _ probe: Probe, _ name: String?) throws -> (Double, Double) {
        var environment = ["OTP_KAFKA_OPTIONS": "session.timeout.ms=\(session),heartbeat.interval.ms=1000"]
        environment["OTP_INSTANCE"] = name
        let before = try world.daemon("otp-verifier", environment)
        try before.ready(within: 120)
        // Answers flow before it is killed: what is measured is not a first start.
        _ = try probe.wait(seconds: 60)
        let killed = Date()
        before.kill()
        let after = try world.daemon("otp-verifier", environment)
        defer { after.stop() }
        return try probe.wait(seconds: 120, since: killed)
    }

    /// Asks about an unknown verification of every partition, again and again, and sees the answers.
    private final class Probe: Sendable {
        /// The questions' round and when each partition answered one of it.
        private final class Answers: Sendable {
            let state = Mutex((round: 0, at: [Int32: Date]()))

            /// The correlation id is `round/partition`.
            func take(_ record: IncomingRecord) {
                let parts = String(decoding: record.key ?? [], as: UTF8.self).split(separator: "/").compactMap {
                    Int($0)
                }
                guard parts.count == 2 else { return }
                state.withLock { state in
                    guard parts[0] == state.round, state.at[Int32(parts[1])] == nil else { return }
                    state.at[Int32(parts[1])] = Date()
                }
            }
        }

        private let topology: Topology
        private let producer: Producer
        private let reader: TopicReader
        private let answers = Answers()
        private let ids: [Int32: VerificationID]

        init(_ world: BenchmarkWorld) throws {
            topology = world.topology
            producer = try Producer(world.kafka)
            var ids: [Int32: VerificationID] = [:]
            while ids.count < Int(topology.partitions) {
                let id = VerificationID(UUID())
                ids[topology.partition(of: id.text)] = id
            }
            self.ids = ids
            reader = try TopicReader(
                world.kafka, topic: topology.name(Catalogue.verdicts), from: .end,
                onRecord: { [answers] record in answers.take(record) })
            reader.start()
        }

        /// Seconds since `began` until a question asked from now on was answered by one partition, and by all.
        func wait(seconds: Double, since began: Date = Date()) throws -> (Double, Double) {
            let round = answers.state.withLock { state in
                state = (state.round + 1, [:])
                return state.round
            }
            while Date().timeIntervalSince(began) < seconds {
                let at = answers.state.withLock { $0.at }
                if at.count == ids.count, let first = at.values.min(), let last = at.values.max() {
                    return (first.timeIntervalSince(began), last.timeIntervalSince(began))
                }
                for (partition, id) in ids where at[partition] == nil {
                    let ask = AttemptMessage.Ask(correlation: "\(round)/\(partition)", replyPartition: 0)
                    producer.send(AttemptMessage.look(ask).record(id, topology)) { _ in }
                }
                usleep(50_000)
            }
            throw BenchmarkError("no answer within \(seconds) s")
        }

        func close() {
            reader.stop()
            producer.close(deadline: .seconds(2))
        }
    }
}
