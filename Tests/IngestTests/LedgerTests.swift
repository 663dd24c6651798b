import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("The desk's memory")
struct LedgerTests {
    private func open() throws -> Bench {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    private func create(_ bench: Bench, _ order: String = Sample.indiaOrder) throws -> OutgoingRecord {
        try bench.webhook(
            "orders/create",
            try Sample.order(
                Sample.india, (OrderTests.fresh as [String: Any]).merging(["admin_graphql_api_id": order]) { $1 }))
    }

    private func identities(_ staged: [StagedRecord]) -> [String] {
        staged.map { "\($0.record.topic) \($0.record.keyText) \($0.record.partition ?? -1)" }.sorted()
    }

    @Test("a batch that is undone and decided again gives the same ids, and counts and requests once")
    func undone() throws {
        let bench = try open()
        let batch = [
            bench.incoming(try create(bench)), bench.incoming(try create(bench, "gid://shopify/Order/2")),
            bench.incoming(bench.notice(.sent)), bench.incoming(bench.notice(.expired)),
        ]
        let first = bench.logic.decide(batch)
        bench.logic.rolledBack()
        let second = bench.logic.decide(batch)
        bench.logic.committed()
        #expect(identities(first) == identities(second))
        #expect(first.on(Catalogue.requests, bench).count == 2)
        let usage = try #require(second.on(Catalogue.usage, bench).first).record.decode(UsageRecord.self)
        #expect(usage.counts == ["requested": 2, "charged": 2, "sent": 1, "expired": 1])
        #expect(bench.metric("otp_ingest_decisions_total", #"effect="request",reason="""#) == 2)
        #expect(bench.logic.decide(batch).isEmpty)
    }

    @Test("after a restart the same messages are known as applied, even where only some rows were written")
    func replayed() throws {
        let bench = try open()
        let batch = [bench.incoming(try create(bench)), bench.incoming(bench.notice(.sent))]
        let staged = bench.feed(batch)
        bench.restart()
        #expect(bench.logic.appliedOffset() == batch[1].offset)
        #expect(bench.feed(batch).isEmpty)
        #expect(bench.metric("otp_ingest_replays_total") == 2)

        // Killed after the count was acknowledged and before the ledger was: decided again, counted once.
        let partial = bench.makeLogic()
        for record in bench.staged.map(\.record) where record.topic != bench.topology.name(Catalogue.orders) {
            partial.restore(bench.incoming(record))
        }
        partial.restored(now: bench.clock.now)
        let again = partial.decide(batch)
        #expect(again.topics(bench) == ["attempts", "orders", "requests"])
        #expect(
            identities(again.on(Catalogue.requests, bench)) == identities(staged.on(Catalogue.requests, bench)))
    }

    @Test("rows that can't be read are counted and passed over; of one key the highest applied offset stays")
    func rows() throws {
        let bench = try open()
        let staged = bench.feed(try create(bench))
        let row = try #require(staged.on(Catalogue.orders, bench).first)
        var entry = try row.record.decode(OrderEntry.self)
        entry.applied -= 50
        entry.isFulfilled = true
        let stale = Wire.record(
            Catalogue.orders, bench.topology, key: row.record.keyText, partitionedBy: Bench.shop, type: "order",
            value: Wire.encode(entry))
        var broken = stale
        broken.value = [1]
        var nameless = stale
        nameless.key = Array("no slash".utf8)
        let logic = bench.makeLogic()
        for record in [row.record, stale, broken, nameless] { logic.restore(bench.incoming(record)) }
        logic.restore(bench.incoming(Wire.beat(Catalogue.orders, bench.topology, partition: 1)))
        logic.restored(now: bench.clock.now)
        #expect(logic.orders[OrderKey(shop: Bench.shop, order: Sample.indiaOrder)]?.isFulfilled == false)
        #expect(bench.metric("otp_unreadable_rows_total") == 2)
    }

    @Test("entries older than eight days are forgotten, younger ones are not")
    func forgotten() throws {
        let bench = try open()
        bench.feed(try create(bench))
        let key = OrderKey(shop: Bench.shop, order: Sample.indiaOrder)
        _ = bench.logic.tick(now: bench.clock.now + IngestLogic.ledgerMs)
        bench.logic.committed()
        #expect(bench.logic.orders[key] != nil)
        _ = bench.logic.tick(now: bench.clock.now + IngestLogic.ledgerMs + 600_000)
        bench.logic.committed()
        #expect(bench.logic.orders[key] == nil)
    }

    @Test("removing a shop leaves tombstones for its record, its ledger, its counts and its skipped outcomes")
    func removed() throws {
        let bench = try open()
        bench.feed(try create(bench))
        let skipped = bench.feed(
            try bench.webhook("orders/create", try Sample.order("orders-create-06-fr-no-phone", OrderTests.fresh)))
        let outcome = try #require(skipped.on(Catalogue.outcomes, bench).first)
        let removal = WebhookMessage.shopDelete(.init(requestId: "r")).record(shop: Bench.shop, bench.topology)
        let staged = bench.feed(removal)
        #expect(staged.on(Catalogue.shops, bench).map(\.record.keyText) == [Bench.shop])
        #expect(staged.on(Catalogue.shops, bench).allSatisfy { $0.record.value == nil })
        let erasure = try ErasureRequest(try #require(staged.on(Catalogue.erasures, bench).first).incoming)
        #expect(erasure.everything == true)
        #expect(erasure.shop == Bench.shop)
        let swept = bench.tick()
        #expect(swept.allSatisfy { $0.record.value == nil })
        #expect(swept.on(Catalogue.orders, bench).count == 2)
        #expect(swept.on(Catalogue.usage, bench).map(\.record.keyText) == ["\(Bench.shop)/2026-11"])
        #expect(
            swept.on(Catalogue.outcomes, bench).contains {
                $0.record.key == outcome.record.key && $0.record.partition == outcome.record.partition
            })
        #expect(bench.feed(removal).isEmpty)
        bench.restart()
        #expect(bench.logic.shops[Bench.shop] == nil)
        #expect(bench.logic.orders.count == 0)
    }

    @Test("a put for a key that is gone is dropped, one that comes twice changes nothing")
    func put() throws {
        let bench = try open()
        let version = try #require(bench.directory[Bench.shop]).version
        func put(_ version: Int64, _ id: String) -> IncomingRecord {
            bench.incoming(
                WebhookMessage.shopPut(
                    .init(
                        putId: id, shopVersion: version, accessToken: Sealed([1]), plan: .pro, shopifyPlan: nil,
                        settings: ShopSettings())
                ).record(shop: Bench.shop, bench.topology))
        }
        #expect(bench.feed([put(version + 1, "x")]).isEmpty)
        let again = put(version, "p3")
        #expect(bench.feed([again]).topics(bench) == ["shops"])
        #expect(bench.feed([again]).isEmpty)
        #expect(bench.directory[Bench.shop]?.putId == "p3")
    }

    @Test("every topic whose beats are Ingest's gets one at the start and at least every three hours")
    func beats() throws {
        let bench = try open()
        let expected = Set(Catalogue.all.filter { $0.beatsFrom == "ingest" }.map { bench.topology.name($0) })
        let start = bench.clock.now
        let first = bench.logic.tick(now: start)
        #expect(Set(first.map(\.record.topic)) == expected)
        #expect(first.allSatisfy { $0.record.partition == 1 && $0.record.value == nil && Wire.isBeat($0.incoming) })
        bench.logic.rolledBack()
        #expect(bench.logic.tick(now: start).count == expected.count)
        bench.logic.committed()
        #expect(bench.logic.tick(now: start + 3_600_000).isEmpty)
        bench.logic.committed()
        #expect(bench.logic.tick(now: start + 3 * 3_600_000).count == expected.count)
        bench.logic.committed()
        #expect(bench.feed(first.map { bench.incoming($0.record) }).isEmpty)
    }
}
