import Base
import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("Customers verified before")
struct CustomerTests {
    private static let day: Int64 = 86_400_000

    private func open(_ change: (inout ShopSettings) -> Void = { $0.skipVerified = true }) throws -> Bench {
        let bench = try Bench()
        try bench.install(change)
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    private func gid(_ number: Int) -> String { "gid://shopify/Order/\(number)" }

    @discardableResult
    private func place(_ number: Int, _ bench: Bench, _ changes: [String: Any] = [:]) throws -> [StagedRecord] {
        let time = RFC3339.text(bench.clock.now)
        let fields: [String: Any] = [
            "created_at": time, "updated_at": time, "admin_graphql_api_id": gid(number), "id": number,
        ]
        return bench.feed(
            try bench.webhook("orders/create", try Sample.order(Sample.india, fields.merging(changes) { $1 })))
    }

    /// `request`, or the reason it was skipped for.
    private func became(_ staged: [StagedRecord], _ bench: Bench) throws -> String? {
        if !staged.on(Catalogue.requests, bench).isEmpty { return "request" }
        return try staged.on(Catalogue.outcomes, bench).first?.record.decode(OutcomeData.self).reason
    }

    @discardableResult
    private func verify(_ number: Int, _ bench: Bench) -> [StagedRecord] {
        bench.feed(bench.notice(.verified, order: gid(number)))
    }

    private func key(_ bench: Bench, _ phone: String = "+918123456789") -> CustomerKey {
        CustomerKey(shop: Bench.shop, phoneHash: bench.identity.phoneHash(phone))
    }

    private func caughtUpTick(_ bench: Bench, durable: Bool = true) -> [StagedRecord] {
        bench.logic.caughtUp(now: bench.clock.now)
        let staged = bench.logic.tick(now: bench.clock.now).filter { !Wire.isBeat($0.incoming) }
        if durable { bench.logic.committed() } else { bench.logic.rolledBack() }
        return staged
    }

    @Test("a verified number is a row, written before the ledger's, with hashes and orders only")
    func row() throws {
        let bench = try open()
        try place(1, bench)
        let staged = verify(1, bench)
        let row = try #require(staged.on(Catalogue.customers, bench).first)
        #expect(row.stage == .effect)
        #expect(row.record.keyText == key(bench).text)
        #expect(row.record.partition == bench.topology.partition(of: Bench.shop))
        #expect(
            try row.record.decode(CustomerRecord.self)
                == CustomerRecord(
                    verifiedAt: bench.clock.now,
                    customerHash: bench.identity.customerHash(shop: Bench.shop, customer: "7701000000002"),
                    orders: [gid(1)], applied: bench.nextOffset))
        let text = row.record.keyText + String(decoding: row.record.value ?? [], as: UTF8.self)
        for secret in PrivacyTests.secrets { #expect(!text.contains(secret)) }
        #expect(verify(1, bench).isEmpty)
    }

    @Test("the next order with the number is skipped, over a restart too; another number is asked")
    func skipped() throws {
        let bench = try open()
        #expect(try became(place(1, bench), bench) == "request")
        // Not verified yet: two orders in a row are both asked.
        #expect(try became(place(2, bench), bench) == "request")
        verify(1, bench)
        #expect(try became(place(3, bench), bench) == "customer_verified")
        bench.restart()
        #expect(try became(place(4, bench), bench) == "customer_verified")
        #expect(try became(place(5, bench, ["shipping_address.phone": "+918123456780"]), bench) == "request")
        // The same number, written otherwise, by a guest.
        let guest: [String: Any] = ["shipping_address.phone": "+91 81234 56789", "customer": NSNull()]
        #expect(try became(place(6, bench, guest), bench) == "customer_verified")
    }

    @Test(
        "no other outcome makes a number known",
        arguments: [OutcomeKind.sent, .delivered, .expired, .undeliverable, .cancelled])
    func otherOutcomes(outcome: OutcomeKind) throws {
        let bench = try open()
        try place(1, bench)
        #expect(bench.feed(bench.notice(outcome, order: gid(1))).on(Catalogue.customers, bench).isEmpty)
        #expect(try became(place(2, bench), bench) == "request")
    }

    @Test("a shop that wants every order verified keeps nothing and skips nobody")
    func off() throws {
        let bench = try open { _ in }
        try place(1, bench)
        #expect(verify(1, bench).on(Catalogue.customers, bench).isEmpty)
        #expect(try became(place(2, bench), bench) == "request")
        #expect(
            try bench.staged.on(Catalogue.orders, bench).allSatisfy {
                try $0.record.decode(OrderEntry.self).customerHash == nil
            })
    }

    @Test(
        "switching it off forgets everybody, by a put or a patch; anything else forgets nobody",
        arguments: [true, false])
    func switchedOff(isPatch: Bool) throws {
        let bench = try open()
        try place(1, bench)
        verify(1, bench)
        let version = try #require(bench.directory[Bench.shop]).version
        func change(_ settings: ShopSettings) throws -> [StagedRecord] {
            let over = try #require(bench.directory[Bench.shop]).putId
            let message: WebhookMessage =
                isPatch
                ? .shopPatch(.init(putId: over + "+", over: over, shopVersion: version, settings: settings))
                : .shopPut(
                    .init(
                        putId: over + "+", shopVersion: version, accessToken: Sealed([1]), plan: .pro,
                        shopifyPlan: nil, settings: settings))
            return bench.feed(message.record(shop: Bench.shop, bench.topology))
        }
        var on = ShopSettings()
        (on.skipVerified, on.timerSeconds) = (true, 1200)
        #expect(try change(on).on(Catalogue.customers, bench).isEmpty)
        #expect(bench.directory[Bench.shop]?.installation?.settings == on)
        _ = try change(ShopSettings())
        let tombstones = bench.tick().on(Catalogue.customers, bench)
        #expect(tombstones.map(\.record.keyText) == [key(bench).text])
        #expect(tombstones.allSatisfy { $0.record.value == nil })
    }

    @Test(
        "a row gets its tombstone 88 days after the last verification; an order in between is skipped and renews nothing"
    )
    func retention() throws {
        let bench = try open()
        try place(1, bench)
        verify(1, bench)
        bench.clock.advance(by: .seconds(87 * 86_400))
        #expect(try became(place(2, bench), bench) == "customer_verified")
        bench.clock.advance(by: .seconds(86_399))
        #expect(caughtUpTick(bench).on(Catalogue.customers, bench).isEmpty)
        #expect(try became(place(3, bench), bench) == "customer_verified")
        bench.clock.advance(by: .seconds(1))
        // Over by the messages' time, whether or not its tombstone is written.
        #expect(try became(place(4, bench), bench) == "request")
        let undone = caughtUpTick(bench, durable: false).on(Catalogue.customers, bench)
        let staged = caughtUpTick(bench).on(Catalogue.customers, bench)
        #expect(staged == undone)
        #expect(staged.map(\.record.keyText) == [key(bench).text])
        #expect(staged.allSatisfy { $0.record.value == nil && $0.stage == .effect })
        #expect(bench.metric("otp_ingest_retired_total", #"what="customer""#) == 1)
        #expect(caughtUpTick(bench).on(Catalogue.customers, bench).isEmpty)
    }

    @Test("a removed shop's rows go; what was left over is of no account to the shop installed anew")
    func removed() throws {
        let bench = try open()
        try place(1, bench)
        let row = try #require(verify(1, bench).on(Catalogue.customers, bench).first).record
        let removal = bench.feed(
            WebhookMessage.shopDelete(.init(requestId: "r")).record(shop: Bench.shop, bench.topology))
        let gone = removal + caughtUpTick(bench)
        #expect(gone.on(Catalogue.customers, bench).map(\.record.keyText) == [key(bench).text])
        #expect(gone.on(Catalogue.customers, bench).allSatisfy { $0.record.value == nil })

        try bench.install { $0.skipVerified = true }
        bench.logic.restore(bench.incoming(row))
        bench.clock.advance(by: .seconds(1))
        #expect(try became(place(2, bench), bench) == "request")
        #expect(caughtUpTick(bench).on(Catalogue.customers, bench).map(\.record.value) == [nil])
    }

    static let named: [(String, phones: [String], customer: String?, orders: [Int], isGone: Bool)] = [
        ("by number", ["+918123456789"], nil, [], true), ("by another number", ["+918123456780"], nil, [], false),
        ("by customer", [], "7701000000002", [], true), ("by another customer", [], "7", [], false),
        ("by order", [], nil, [1], true), ("by another order", [], nil, [2], false), ("by nothing", [], nil, [], false),
    ]

    @Test("a customer who is to be forgotten is, however they are named", arguments: named.indices)
    func forgotten(index: Int) throws {
        let (_, phones, customer, orders, isGone) = Self.named[index]
        let bench = try open()
        try place(1, bench)
        verify(1, bench)
        bench.logic.forgetCustomers(
            shop: Bench.shop, phoneHashes: phones.map(bench.identity.phoneHash),
            customerHash: customer.map { bench.identity.customerHash(shop: Bench.shop, customer: $0) },
            orders: orders.map(gid))
        let rows = bench.logic.rows().on(Catalogue.customers, bench)
        #expect(rows.map(\.record.keyText) == (isGone ? [key(bench).text] : []))
        #expect(rows.allSatisfy { $0.record.value == nil })
        bench.logic.forgetCustomers(
            shop: "other.myshopify.com", phoneHashes: ["+918123456789"].map(bench.identity.phoneHash),
            customerHash: nil,
            orders: [gid(1)])
        bench.logic.committed()
        #expect(try became(place(3, bench), bench) == (isGone ? "request" : "customer_verified"))
    }

    static let redactions: [(String, Int, phone: String?, orders: [Int], isGone: Bool)] = [
        ("by number as typed", 5, "+918123456789", [], true), ("by customer", 7_701_000_000_002, nil, [], true),
        ("by order", 5, nil, [1, 299_938], true), ("somebody else", 5, "+918123456780", [2], false),
    ]

    @Test("the platform's word to erase a customer erases that they were verified", arguments: redactions.indices)
    func redacted(index: Int) throws {
        let (_, id, phone, orders, isGone) = Self.redactions[index]
        let bench = try open()
        try place(1, bench)
        verify(1, bench)
        let changes: [String: Any] = [
            "customer.id": id, "customer.phone": phone ?? NSNull(), "orders_to_redact": orders,
        ]
        let body = try Sample.order("customers-redact", changes)
        let rows = bench.feed(try bench.webhook("customers/redact", body)).on(Catalogue.customers, bench)
        #expect(rows.map(\.record.keyText) == (isGone ? [key(bench).text] : []))
        #expect(rows.allSatisfy { $0.record.value == nil })
    }

    @Test("killed between the row and the ledger, the word is decided again and the row is the same")
    func killed() throws {
        let bench = try open()
        try place(1, bench)
        let before = bench.staged
        let word = bench.incoming(bench.notice(.verified, order: gid(1)))
        let first = bench.feed([word]).on(Catalogue.customers, bench)
        let partial = bench.makeLogic()
        for record in (before + first).map(\.record) { partial.restore(bench.incoming(record)) }
        partial.restored(now: bench.clock.now)
        #expect(try same(partial.decide([word]), first, bench))
    }

    @Test("undone, nobody is known; decided again, the row is the same")
    func undone() throws {
        let bench = try open()
        try place(1, bench)
        let word = bench.incoming(bench.notice(.verified, order: gid(1)))
        let first = bench.logic.decide([word]).on(Catalogue.customers, bench)
        bench.logic.rolledBack()
        #expect(bench.logic.customers.count == 0)
        #expect(try same(bench.logic.decide([word]), first, bench))
    }

    /// Rows are the same by what they say: JSON promises no order of members.
    private func same(_ staged: [StagedRecord], _ first: [StagedRecord], _ bench: Bench) throws -> Bool {
        let again = staged.on(Catalogue.customers, bench)
        let rows = try (again + first).map { try $0.record.decode(CustomerRecord.self) }
        return again.count == 1 && first.count == 1 && rows[0] == rows[1]
            && again[0].record.keyText == first[0].record.keyText
    }
}
