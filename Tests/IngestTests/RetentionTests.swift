import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("What Ingest takes back")
struct RetentionTests {
    private static let day: Int64 = 86_400_000
    private static let noPhone = "orders-create-06-fr-no-phone"

    private func open() throws -> Bench {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    /// Caught up, and past the beats of the start.
    private func settle(_ bench: Bench) {
        bench.logic.caughtUp(now: bench.clock.now)
        tick(bench)
    }

    @discardableResult
    private func tick(_ bench: Bench, durable: Bool = true) -> [StagedRecord] {
        let staged = bench.logic.tick(now: bench.clock.now).filter { !Wire.isBeat($0.incoming) }
        if durable { bench.logic.committed() } else { bench.logic.rolledBack() }
        return staged
    }

    private func skip(_ bench: Bench, _ order: String = "gid://shopify/Order/1") throws -> OutgoingRecord {
        let changes = (OrderTests.fresh as [String: Any]).merging(["admin_graphql_api_id": order]) { $1 }
        let staged = bench.feed(try bench.webhook("orders/create", try Sample.order(Self.noPhone, changes)))
        return try #require(staged.on(Catalogue.outcomes, bench).first).record
    }

    @Test("a skipped outcome and its ledger entry get their tombstones after five days, once, over a restart too")
    func skipped() throws {
        let bench = try open()
        let outcome = try skip(bench)
        settle(bench)
        bench.clock.advance(by: .seconds(5 * 86_400 - 1))
        #expect(tick(bench).isEmpty)
        bench.restart()
        bench.clock.advance(by: .seconds(1))
        #expect(tick(bench).isEmpty, "not before what waited has been decided")
        bench.logic.caughtUp(now: bench.clock.now)
        let undone = tick(bench, durable: false)
        #expect(bench.metric("otp_ingest_retired_total", #"what="outcome""#) == 0)
        let staged = tick(bench)
        #expect(staged == undone)
        #expect(staged.topics(bench) == ["orders", "outcomes"])
        #expect(staged.allSatisfy { $0.record.value == nil })
        let tombstone = try #require(staged.on(Catalogue.outcomes, bench).first)
        #expect(tombstone.stage == .effect)
        #expect(tombstone.record.key == outcome.key)
        #expect(tombstone.record.partition == outcome.partition)
        let entry = try #require(staged.on(Catalogue.orders, bench).first)
        #expect(entry.stage == .state)
        #expect(entry.record.keyText == "\(Bench.shop)/gid://shopify/Order/1")
        #expect(bench.metric("otp_ingest_retired_total", #"what="outcome""#) == 1)
        #expect(tick(bench).isEmpty)

        let next = bench.makeLogic()
        for record in (bench.staged + staged).map(\.record) { next.restore(bench.incoming(record)) }
        next.restored(now: bench.clock.now)
        next.caughtUp(now: bench.clock.now)
        #expect(next.tick(now: bench.clock.now).allSatisfy { Wire.isBeat($0.incoming) })
    }

    @Test("no tick takes back more than its share; the rest follows, none twice")
    func bounded() throws {
        let bench = try open()
        let share = RetentionBacklog.perTick
        for number in 1...share + 3 { _ = try skip(bench, "gid://shopify/Order/\(number)") }
        settle(bench)
        bench.clock.advance(by: .seconds(5 * 86_400))
        let undone = tick(bench, durable: false)
        #expect(undone.count == 2 * share)
        var keys: [String] = []
        for expected in [share, 3, 0] {
            let staged = tick(bench)
            #expect(staged.count == 2 * expected)
            keys += staged.on(Catalogue.outcomes, bench).map(\.record.keyText)
        }
        #expect(Set(keys).count == share + 3)
        #expect(keys.count == share + 3)
        #expect(bench.logic.orders.count == 0)
    }

    @Test("where a request followed no_phone, the outcome goes and the entry stays for its notices")
    func followed() throws {
        let bench = try open()
        let outcome = try skip(bench, Sample.indiaOrder)
        bench.clock.advance(by: .seconds(3600))
        let changes = ["updated_at": "2026-11-20T11:00:00Z"]
        let update = try bench.webhook(
            "orders/updated",
            try Sample.order(Sample.india, (OrderTests.fresh as [String: Any]).merging(changes) { $1 }))
        #expect(bench.feed(update).on(Catalogue.requests, bench).count == 1)
        settle(bench)
        bench.clock.advance(by: .seconds(5 * 86_400 - 3600))
        let staged = tick(bench)
        #expect(staged.on(Catalogue.outcomes, bench).map(\.record.key) == [outcome.key])
        let row = try #require(staged.on(Catalogue.orders, bench).first).record.decode(OrderEntry.self)
        #expect(row.verification == bench.id(of: Sample.indiaOrder))
        #expect(row.skippedAt == nil)
        #expect(staged.count == 2)
        #expect(bench.feed(bench.notice(.verified)).on(Catalogue.attempts, bench).count == 1)
    }

    @Test("an entry is never forgotten before its outcome is taken back, however late that is")
    func late() throws {
        let bench = try open()
        let outcome = try skip(bench)
        bench.clock.advance(by: .seconds(30 * 86_400))
        tick(bench)
        #expect(bench.logic.orders.count == 1)
        bench.logic.caughtUp(now: bench.clock.now)
        #expect(tick(bench).on(Catalogue.outcomes, bench).map(\.record.key) == [outcome.key])
    }

    @Test("the entry of a shop that is gone leaves, and its outcome")
    func shopGone() throws {
        let bench = try open()
        _ = try skip(bench)
        let row = try #require(bench.staged.on(Catalogue.orders, bench).last).record
        let logic = bench.makeLogic()
        logic.restore(bench.incoming(row))
        logic.restored(now: bench.clock.now)
        logic.caughtUp(now: bench.clock.now + 5 * Self.day)
        let staged = logic.tick(now: bench.clock.now + 5 * Self.day).filter { !Wire.isBeat($0.incoming) }
        #expect(staged.topics(bench) == ["orders", "outcomes"])
        #expect(staged.allSatisfy { $0.record.value == nil })
    }

    @Test("counts get their tombstone twelve months after their month, over a restart too; younger ones stay")
    func usage() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, OrderTests.fresh)))
        bench.restart()
        settle(bench)
        // From 20 November 2026 to the last second of November 2027, and one more.
        let limit = try Date("2027-12-01T00:00:00Z", strategy: .iso8601)
        bench.clock.advance(by: .milliseconds(Int64(limit.timeIntervalSince1970 * 1000) - 1000 - bench.clock.now))
        #expect(tick(bench).isEmpty)
        bench.clock.advance(by: .seconds(601))
        let undone = tick(bench, durable: false)
        let staged = tick(bench)
        #expect(staged == undone)
        #expect(staged.map(\.record.keyText) == ["\(Bench.shop)/2026-11"])
        #expect(staged.map(\.record.topic) == [bench.topology.name(Catalogue.usage)])
        #expect(staged.allSatisfy { $0.record.value == nil && $0.stage == .effect })
        #expect(bench.metric("otp_ingest_retired_total", #"what="usage""#) == 1)
        #expect(tick(bench).isEmpty)
    }

    @Test("the ledger outlives the skipped outcomes by a day at least, in the topic and in what a restart reads")
    func margin() throws {
        let kept = try #require(Catalogue.orders.configuration["retention.ms"].flatMap { Int64($0) })
        #expect(kept >= Intake.skippedKeptMs + Self.day)
        guard case .since(let ageMs) = PipelineEnvironment.recently else {
            Issue.record("the ledger is read from another point")
            return
        }
        #expect(ageMs > kept)
    }
}
