import Base
import Kafka
import Model
import Pipeline
import Runtime
import Synchronization
import Testing

@testable import Reaper

@Suite("Reaper's partition")
struct PartitionTests {
    /// A partition with a scripted outbox and a pool that only remembers what it was given.
    final class Desk: Sendable {
        let sent = Sent()
        let lines = Lines()
        let registry = Metrics()
        let jobs = Mutex<[SettlementJob]>([])
        let clock = ManualClock(start)

        func partition() -> ReaperPartition {
            ReaperPartition(
                2, topology: topology, outbox: sent.outbox, metrics: ReaperMetrics(registry), log: lines.log(),
                clock: clock.clock,
                submit: { job in self.jobs.withLock { $0.append(job) } })
        }

        func takeJobs() -> [SettlementJob] {
            jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
        }

        func metric(_ line: String) -> Bool {
            String(decoding: registry.exposition(), as: UTF8.self).contains(line)
        }
    }

    static let deadline = start + 900_000

    @Test("a timer that ends is asked about just after its end, and again with growing waits")
    func asks() {
        let desk = Desk()
        let partition = desk.partition()
        partition.record(Life.sent().row)
        partition.caughtUp(now: start)
        var times: [Int64] = []
        for now in stride(from: Self.deadline - 2000, to: Self.deadline + 100_000, by: 1) {
            let before = desk.sent.attempts.count
            partition.tick(now: now)
            if desk.sent.attempts.count > before { times.append(now - Self.deadline) }
        }
        #expect(times == [1, 1001, 3001, 7001, 15001, 31001, 61001, 91001])
        #expect(Set(desk.sent.attempts) == ["timed-out"])
        let ask = desk.sent.records.first { $0.topic == "otp.attempts" }
        #expect(ask?.key == Array(Life.sent().id.text.utf8))
        #expect(desk.metric("otp_reaper_timed_out_asked_total{ask=\"first\"} 1"))
        #expect(desk.metric("otp_reaper_timers_pending 1"))
    }

    @Test(
        "another status, a tombstone or a lost partition ends the asking", arguments: ["status", "tombstone", "lost"])
    func ends(how: String) {
        let desk = Desk()
        let partition = desk.partition()
        var life = Life.sent()
        partition.record(life.row)
        partition.caughtUp(now: Self.deadline)
        partition.tick(now: Self.deadline + 1)
        #expect(desk.sent.attempts.count == 1)
        switch how {
        case "status":
            life.take(.verified, after: 10)
            partition.record(life.row)
        case "tombstone":
            life.take(.erased(Erasure(shop: shopDomain, texts: 1)))
            partition.record(life.row)
        default:
            partition.lost()
        }
        partition.tick(now: Self.deadline + 1_000_000)
        #expect(desk.sent.attempts.count == 1)
        #expect(desk.metric("otp_reaper_timers_pending 0"))
    }

    @Test("a row that changes something else does not begin the asking anew")
    func unrelatedRow() {
        let desk = Desk()
        let partition = desk.partition()
        var life = Life.sent()
        partition.record(life.row)
        partition.caughtUp(now: start)
        partition.tick(now: Self.deadline + 1)
        life.take(.textDelivered(TextReport(number: 1, generation: 1)))
        partition.record(life.row)
        partition.tick(now: Self.deadline + 500)
        #expect(desk.sent.attempts.count == 1)
        partition.tick(now: Self.deadline + 1001)
        #expect(desk.sent.attempts.count == 2)
    }

    @Test("nothing is asked before the log is read, and what is overdue then at once")
    func restore() {
        let desk = Desk()
        let partition = desk.partition()
        var verified = Life.sent(2)
        partition.record(Life.sent(1).row)
        partition.record(verified.row)
        verified.take(.verified)
        partition.record(verified.row)
        partition.tick(now: Self.deadline + 50_000)
        #expect(desk.sent.records.isEmpty)
        partition.caughtUp(now: Self.deadline + 50_000)
        partition.tick(now: Self.deadline + 50_001)
        #expect(desk.sent.attempts == ["timed-out"])
    }

    @Test("a full producer makes timers wait, not vanish")
    func backPressure() {
        let desk = Desk()
        let partition = desk.partition()
        for number in 1...10 { partition.record(Life.sent(number).row) }
        partition.caughtUp(now: start)
        desk.sent.setRoom(0)
        partition.tick(now: Self.deadline + 10)
        #expect(desk.sent.attempts.isEmpty)
        desk.sent.setRoom(4)
        partition.tick(now: Self.deadline + 20)
        #expect(desk.sent.attempts.count == 4)
        desk.sent.setRoom(100)
        partition.tick(now: Self.deadline + 30)
        #expect(desk.sent.attempts.count == 10)
    }

    @Test("a stream of rows does not hold timers back")
    func busyPartition() {
        let desk = Desk()
        let partition = desk.partition()
        partition.record(Life.sent(1).row)
        partition.caughtUp(now: start)
        desk.clock.set(Self.deadline + 1)
        let other = Life.sent(2).row
        for _ in 0..<ReaperPartition.rowsPerTick { partition.record(other) }
        #expect(desk.sent.attempts.first == "timed-out")
    }

    @Test("beats and rows that can't be read are passed over, the latter counted")
    func foreignRows() {
        let desk = Desk()
        let partition = desk.partition()
        partition.record(Life.row(Wire.beat(Catalogue.records, topology, partition: 2, value: Array("{}".utf8))))
        var broken = Wire.record(Catalogue.records, topology, key: Life().id.text, type: "verification", value: [0x7b])
        partition.record(Life.row(broken))
        broken.key = Array("no id".utf8)
        partition.record(Life.row(broken))
        #expect(desk.metric("otp_unreadable_rows_total 2"))
    }

    @Test("a settlement is tried once, its result reported until the record shows it")
    func reports() {
        let desk = Desk()
        let partition = desk.partition()
        var life = Life.settling(.cancel)
        partition.record(life.row)
        partition.caughtUp(now: life.now)
        partition.tick(now: life.now)
        partition.tick(now: life.now + 60_000)
        let jobs = desk.takeJobs()
        #expect(jobs.count == 1)
        jobs.first?.report(.done(.cancelledByUs, why: nil))
        var times: [Int64] = []
        for now in stride(from: life.now, to: life.now + 10_000, by: 1) {
            let before = desk.sent.attempts.count
            partition.tick(now: now)
            if desk.sent.attempts.count > before { times.append(now - life.now) }
        }
        #expect(times == [0, 1000, 3000, 7000])
        #expect(Set(desk.sent.attempts) == ["settled cancelledByUs \(start + 900_000)"])
        life.take(.settled(.cancelledByUs), after: 10)
        partition.record(life.row)
        partition.tick(now: life.now + 1_000_000)
        #expect(desk.sent.attempts.count == 4)
        #expect(desk.metric("otp_reaper_settlements_total{action=\"cancel\",result=\"cancelledByUs\"} 1"))
        #expect(desk.metric("otp_reaper_unsettled 0"))
    }

    @Test("an attempt that has to wait is made again exactly then, with what it remembered")
    func retries() {
        let desk = Desk()
        let partition = desk.partition()
        let life = Life.settling(.cancel)
        partition.record(life.row)
        partition.caughtUp(now: life.now)
        partition.tick(now: life.now)
        let progress = SettlementProgress(cancelJob: .init(id: "job-1", startedAt: life.now))
        desk.takeJobs().first?.report(.again(after: .milliseconds(1500), .cancelling, progress))
        partition.tick(now: life.now + 100)
        partition.tick(now: life.now + 1599)
        #expect(desk.takeJobs().isEmpty)
        partition.tick(now: life.now + 1600)
        #expect(desk.takeJobs().map(\.progress) == [progress])
        #expect(desk.metric("otp_reaper_settlement_retries_total{reason=\"cancelling\"} 1"))
    }

    @Test("no settlement is begun for what has a result, asks for nothing, or is not decided")
    func nothingToSettle() {
        let desk = Desk()
        let partition = desk.partition()
        var settled = Life.settling(.cancel, 1)
        settled.take(.settled(.cancelledByUs))
        for life in [settled, Life.settling(.none, 2), Life.sent(3)] { partition.record(life.row) }
        partition.caughtUp(now: start)
        partition.tick(now: start)
        #expect(desk.takeJobs().isEmpty)
    }

    @Test("a lost partition revokes its tickets and listens to no late result")
    func lost() {
        let desk = Desk()
        let partition = desk.partition()
        let life = Life.settling(.cancel)
        partition.record(life.row)
        partition.caughtUp(now: life.now)
        partition.tick(now: life.now)
        let job = desk.takeJobs().first
        partition.lost()
        #expect(job?.ticket.isValid == false)
        job?.report(.done(.cancelledByUs, why: nil))
        partition.tick(now: life.now + 1000)
        #expect(desk.sent.attempts.isEmpty)
    }

    @Test("beats go to this partition of the topics the catalogue names, well within three hours, and again if lost")
    func beats() {
        #expect(PartitionBeats.topics.map(\.name) == ["erasures", "receipts", "dead"])
        let desk = Desk()
        let partition = desk.partition()
        partition.caughtUp(now: start)
        desk.sent.setAcknowledges(false)
        partition.tick(now: start)
        desk.sent.setAcknowledges(true)
        partition.tick(now: start + 1000)
        #expect(desk.sent.records.count == 3)
        desk.sent.clear()
        partition.tick(now: start + 61_000)
        #expect(desk.sent.records.map(\.topic) == ["otp.erasures", "otp.receipts", "otp.dead"])
        #expect(desk.sent.records.allSatisfy { $0.partition == 2 && $0.key == Array("__beat/2".utf8) })
        #expect(desk.sent.records.allSatisfy { $0.value == nil })
        desk.sent.clear()
        partition.tick(now: start + 61_000 + 3 * 3_600_000 - 1)
        #expect(desk.sent.records.count == 3)
    }

    @Test("neither records nor log lines hold a phone, its hash or a customer's")
    func nothingInClear() {
        let desk = Desk()
        let partition = desk.partition()
        let life = Life.settling(.cancel)
        partition.record(Life.sent(2).row)
        partition.record(life.row)
        partition.caughtUp(now: life.now)
        partition.tick(now: life.now + 10_000)
        desk.takeJobs().first?.report(.done(.impossible, why: "NO_REFUND_PERMISSION"))
        partition.tick(now: life.now + 20_000)
        #expect(desk.lines.text.contains("why=NO_REFUND_PERMISSION"))
        let bytes = desk.sent.records.flatMap { ($0.key ?? []) + ($0.value ?? []) + $0.headers.flatMap(\.value) }
        for word in ["4567", "ph1", "ch1", "ph2"] {
            #expect(!desk.lines.text.contains(word))
            #expect(!String(decoding: bytes, as: UTF8.self).contains(word))
        }
    }
}
