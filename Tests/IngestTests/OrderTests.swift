import Base
import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Security
import Testing

@Suite("Orders at the desk")
struct OrderTests {
    private func open(_ change: (inout ShopSettings) -> Void = { _ in }) throws -> Bench {
        let bench = try Bench()
        try bench.install(change)
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    @Test("an order in scope opens a verification, asks for its text, enters the ledger and is counted")
    func requested() throws {
        let bench = try open { $0.timerSeconds = 1200 }
        // Activated at 10:02:45; created a second before the webhook comes.
        let staged = bench.feed(
            try bench.webhook("orders/create", try Sample.order(Sample.india, ["created_at": "2026-11-20T10:02:45Z"])))
        #expect(staged.topics(bench) == ["attempts", "orders", "requests", "shops", "usage"])

        let id = bench.id(of: Sample.indiaOrder)
        let opened = try #require(staged.on(Catalogue.attempts, bench).first)
        #expect(opened.stage == .opening)
        #expect(opened.record.keyText == id.text)
        guard case .opened(let subject) = try AttemptMessage(opened.incoming) else {
            Issue.record("not opened")
            return
        }
        #expect(subject.shop == Bench.shop)
        #expect(subject.order == Sample.indiaOrder)
        #expect(subject.orderName == "#1102")
        #expect(subject.phoneMask == "+91*****6789")
        #expect(subject.phoneHash == bench.identity.phoneHash("+918123456789"))
        #expect(subject.range == bench.identity.rangeHash("+918123456789"))
        #expect(subject.customerHash == bench.identity.customerHash(shop: Bench.shop, customer: "7701000000002"))
        #expect(subject.locale == "en-IN")
        #expect(subject.keyId == "k1")
        #expect(subject.timerSeconds == 1200)
        #expect(subject.codeSeconds == 600)
        #expect(subject.codeLength == 6)

        let asked = try #require(staged.on(Catalogue.requests, bench).first)
        #expect(asked.stage == .effect)
        #expect(asked.record.keyText == id.text)
        #expect(asked.record.partition == bench.topology.partition(of: subject.range))
        let now = bench.clock.now
        #expect(
            try RequestMessage(asked.incoming)
                == .send(SendRequest(number: 1, generation: 1, subject: subject, sendBy: now + 1_200_000)))

        let (_, key) = try #require(bench.directory.current(Bench.shop))
        let phone = try key.open(subject.phone.bytes, topic: "requests", key: id.text, field: "phone")
        #expect(String(decoding: phone, as: UTF8.self) == "+918123456789")

        let row = try #require(staged.on(Catalogue.orders, bench).first)
        #expect(row.stage == .state)
        #expect(row.record.keyText == "\(Bench.shop)/\(Sample.indiaOrder)")
        #expect(try row.record.decode(OrderEntry.self).verification == id)
        let usage = try #require(staged.on(Catalogue.usage, bench).first)
        #expect(usage.record.keyText == "\(Bench.shop)/2026-11")
        #expect(try usage.record.decode(UsageRecord.self)[.requested] == 1)
        #expect(bench.metric("otp_ingest_decisions_total", #"effect="request",reason="""#) == 1)
    }

    @Test("the same order again, in the same batch or another, by the same delivery or another, asks for nothing")
    func duplicates() throws {
        let bench = try open()
        let message = try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh))
        let staged = bench.feed([bench.incoming(message), bench.incoming(message)])
        #expect(staged.on(Catalogue.requests, bench).count == 1)
        #expect(bench.feed(message).isEmpty)
        bench.restart()
        #expect(bench.feed(message).isEmpty)
        #expect(bench.metric("otp_ingest_duplicates_total") == 3)
        let other = try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh))
        #expect(bench.feed(other).isEmpty)
        #expect(bench.metric("otp_ingest_decisions_total", #"effect="ignore",reason="duplicate""#) == 1)
    }

    static let fresh = ["created_at": "2026-11-20T10:02:46Z", "updated_at": "2026-11-20T10:02:46Z"]

    struct Case: Sendable, CustomTestStringConvertible {
        let reason: SkipReason
        var sample = Sample.india
        var body: String = "{}"
        var settings: @Sendable (inout ShopSettings) -> Void = { _ in }
        var testDescription: String { reason.rawValue }
    }

    static let skips: [Case] = [
        Case(reason: .shopInactive, settings: { $0.active = false }),
        Case(reason: .beforeActivation, body: #"{"created_at": "2026-11-20T15:32:40+05:30"}"#),
        Case(reason: .testOrder, body: #"{"test": true}"#),
        Case(reason: .alreadyCancelled, body: #"{"cancelled_at": "2026-11-20T10:02:46Z"}"#),
        Case(reason: .alreadyFulfilled, body: #"{"fulfillment_status": "fulfilled"}"#),
        Case(reason: .approved, body: #"{"tags": "vip, otp-approve"}"#),
        Case(
            reason: .outOfScope, sample: "orders-create-01-us-top-level-phone", settings: { $0.orders = .cod }),
        Case(reason: .noPhone, sample: "orders-create-06-fr-no-phone"),
        Case(reason: .phoneUnusable, body: #"{"shipping_address": {"phone": "call me", "country_code": "IN"}}"#),
        Case(
            reason: .numberType,
            body: #"{"shipping_address": {"phone": "+448712345678", "country_code": "GB"}}"#),
        Case(
            reason: .numberType,
            body: #"{"shipping_address": {"phone": "+442079460123", "country_code": "GB"}}"#),
        Case(reason: .countryNotServed, settings: { $0.countries = ["DE"] }),
        Case(reason: .channel, body: #"{"source_name": "shopify_draft_order"}"#),
        Case(reason: .belowMinimum, settings: { $0.minimumTotal = "1899.01" }),
        Case(reason: .countryOutOfScope, settings: { $0.shippingCountries = ["DE"] }),
        Case(reason: .tagMissing, body: #"{"tags": "vip, new"}"#, settings: { $0.onlyTags = ["check"] }),
        Case(reason: .tagExcluded, body: #"{"tags": "vip, new"}"#, settings: { $0.exceptTags = ["NEW"] }),
    ]

    @Test("an order outside the rules gives a skipped outcome with its reason, once", arguments: skips)
    func skipped(_ example: Case) throws {
        let bench = try open(example.settings)
        let extra = try #require(JSONSerialization.jsonObject(with: Data(example.body.utf8)) as? [String: Any])
        let body = try Sample.order(example.sample, (Self.fresh as [String: Any]).merging(extra) { $1 })
        let staged = bench.feed(try bench.webhook("orders/create", body))
        let told = example.reason.isOfPhone ? ["attempts"] : []
        #expect(staged.topics(bench).filter { $0 != "shops" } == told + ["orders", "outcomes"])
        let outcome = try #require(staged.on(Catalogue.outcomes, bench).first)
        #expect(outcome.stage == .effect)
        let data = try outcome.record.decode(OutcomeData.self)
        #expect(data.reason == example.reason.rawValue)
        #expect(data.verification == nil)
        #expect(data.phone == nil)
        let order = data.order
        #expect(
            outcome.incoming.header("ce_id") == OutcomeRecord.eventId(bench.id(of: order), .skipped))
        #expect(bench.feed(try bench.webhook("orders/create", body)).isEmpty)
    }

    @Test("an order of yesterday is stale, one older than six days leaves a counter only")
    func old() throws {
        let bench = try open()
        bench.clock.advance(by: .seconds(86_400 * 2))
        let stale = bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh)))
        #expect(try stale.on(Catalogue.outcomes, bench).first?.record.decode(OutcomeData.self).reason == "stale")
        bench.clock.advance(by: .seconds(86_400 * 5))
        let other = (Self.fresh as [String: Any]).merging(["admin_graphql_api_id": "gid://shopify/Order/9"]) { $1 }
        #expect(bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, other))).isEmpty)
        #expect(bench.metric("otp_ingest_decisions_total", #"effect="ignore",reason="too_old""#) == 1)
    }

    @Test("a shop's daily cap counts its orders' texts; the next day begins anew")
    func dailyCap() throws {
        let bench = try open { $0.dailyCap = 2 }
        func place(_ number: Int) throws -> String? {
            let day = bench.clock.now
            let created = RFC3339.text(day)
            let body = try Sample.order(
                Sample.india,
                [
                    "created_at": created, "updated_at": created,
                    "admin_graphql_api_id": "gid://shopify/Order/9\(number)",
                ])
            let staged = bench.feed(try bench.webhook("orders/create", body))
            return try staged.on(Catalogue.outcomes, bench).first?.record.decode(OutcomeData.self).reason
        }
        #expect(try [place(1), place(2), place(3)] == [nil, nil, "daily_cap"])
        bench.clock.advance(by: .seconds(86_400))
        #expect(try place(4) == nil)
    }

    @Test("every reason to skip has its case here, or where customers and plans are tested")
    func complete() {
        let elsewhere: Set<SkipReason> = [.stale, .dailyCap, .customerVerified, .planLimit, .planEnded]
        #expect(Set(Self.skips.map(\.reason)).union(elsewhere) == Set(SkipReason.allCases))
    }

    @Test("a cancellation is passed on once; one that overtakes its order closes it")
    func cancelled() throws {
        let bench = try open()
        let create = try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh))
        let cancel = try bench.webhook(
            "orders/cancelled", try Sample.order("orders-cancelled", Self.fresh))
        bench.feed(create)
        let told = bench.feed(cancel)
        #expect(told.topics(bench) == ["attempts", "orders"])
        let message = try #require(told.on(Catalogue.attempts, bench).first)
        #expect(try AttemptMessage(message.incoming) == .orderCancelled)
        #expect(message.record.keyText == bench.id(of: Sample.indiaOrder).text)
        #expect(bench.feed(cancel).isEmpty)

        let other = try open()
        let early = try other.webhook("orders/cancelled", try Sample.order("orders-cancelled", Self.fresh))
        #expect(other.feed(early).topics(other) == ["orders", "outcomes"])
        #expect(other.feed(try other.webhook("orders/create", try Sample.order(Sample.india, Self.fresh))).isEmpty)
    }

    @Test("updates keep the ledger current; of an order never seen they do nothing")
    func updated() throws {
        let bench = try open()
        let update = try bench.webhook(
            "orders/updated",
            try Sample.order(
                "orders-updated-tag-added",
                ["fulfillment_status": "fulfilled", "updated_at": "2026-11-20T10:05:00Z"]))
        #expect(bench.feed(update).isEmpty)
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh)))
        let staged = bench.feed(update)
        #expect(staged.topics(bench) == ["attempts", "orders"])
        #expect(
            try AttemptMessage(try #require(staged.on(Catalogue.attempts, bench).first).incoming)
                == .released(.fulfilled))
        #expect(try #require(staged.on(Catalogue.orders, bench).first).record.decode(OrderEntry.self).isFulfilled)
        let paid = try bench.webhook("orders/paid", try Sample.order("orders-paid", Self.fresh))
        #expect(bench.feed(paid).isEmpty)
        let settled = bench.feed(bench.notice(.expired))
        #expect(try settlement(settled, bench) == Settlement.Action.none)
    }

    @Test("what is first heard of an order, an update too, tells where the shop ships to; later updates do not")
    func shipping() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/updated", try Sample.order(Sample.india, Self.fresh)))
        #expect(bench.logic.shops[Bench.shop]?.shipsTo == ["IN"])
        let moved: [String: Any] = [
            "created_at": "2026-11-20T10:02:46Z", "updated_at": "2026-11-20T10:02:50Z",
            "shipping_address": ["phone": "+918123456789", "country_code": "NP"],
        ]
        bench.feed(try bench.webhook("orders/updated", try Sample.order(Sample.india, moved)))
        #expect(bench.logic.shops[Bench.shop]?.shipsTo == ["IN"])
    }

    private func settlement(_ staged: [StagedRecord], _ bench: Bench) throws -> Settlement.Action? {
        for record in staged.on(Catalogue.attempts, bench) {
            if case .settle(let action, _) = try AttemptMessage(record.incoming) { return action }
        }
        return nil
    }

    @Test("a notice is counted and settled once, over a restart too")
    func notices() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, Self.fresh)))
        #expect(bench.feed(bench.notice(.sent)).topics(bench) == ["orders", "usage"])
        let staged = bench.feed(bench.notice(.verified))
        #expect(staged.topics(bench) == ["attempts", "orders", "usage"])
        #expect(try settlement(staged, bench) == .tagVerified)
        let usage = try #require(staged.on(Catalogue.usage, bench).first).record.decode(UsageRecord.self)
        #expect(usage.counts == ["requested": 1, "charged": 1, "sent": 1, "verified": 1])
        bench.restart()
        #expect(bench.feed(bench.notice(.verified)).isEmpty)
    }

    @Test("the brake: more cancellations an hour than the shop allows become reviews, with a metric and a line")
    func brake() throws {
        let bench = try open { $0.maxCancelsPerHour = 2 }
        var actions: [Settlement.Action?] = []
        for number in 1...5 {
            if number == 4 { bench.restart() }
            if number == 5 { bench.clock.advance(by: .seconds(3600)) }
            let gid = "gid://shopify/Order/\(number)"
            let time = RFC3339.text(bench.clock.now)
            bench.feed(
                try bench.webhook(
                    "orders/create",
                    try Sample.order(Sample.india, ["created_at": time, "admin_graphql_api_id": gid])))
            actions.append(try settlement(bench.feed(bench.notice(.expired, order: gid)), bench))
        }
        #expect(actions == [.cancel, .cancel, .review, .review, .cancel])
        #expect(bench.metric("otp_ingest_braked_total") == 2)
        let lines = bench.logLines.all.filter { $0.contains("became a review") }
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains(Bench.shop) && $0.contains("verification=") })
    }

    @Test("OTP_CANCEL=off turns every cancellation into a review")
    func switchedOff() throws {
        let bench = try Bench(mayCancel: false)
        try bench.install()
        bench.feed(
            try bench.webhook("orders/create", try Sample.order(Sample.india, ["created_at": "2026-11-20T10:02:45Z"])))
        #expect(try settlement(bench.feed(bench.notice(.expired)), bench) == .review)
    }
}
