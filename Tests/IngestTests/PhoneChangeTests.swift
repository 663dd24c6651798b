import Base
import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("What another number of an order costs")
struct PhoneChangeTests {
    private func open(
        limit: Int = 10, _ change: (inout ShopSettings) -> Void = { _ in }
    ) throws -> Bench {
        let bench = try Bench(planLimits: PlanLimits(monthly: [.starter: limit]))
        try bench.install(change)
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    private func body(_ bench: Bench, _ changes: [String: Any] = [:]) throws -> [UInt8] {
        let time = RFC3339.text(bench.clock.now)
        return try Sample.order(
            Sample.india, ["created_at": "2026-11-20T10:02:46Z", "updated_at": time].merging(changes) { $1 })
    }

    /// Another mobile number each time, in another range.
    private func change(_ number: Int, _ bench: Bench) throws -> [StagedRecord] {
        bench.clock.advance(by: .seconds(1))
        let phone = "+91 98\(100 + number)12345"
        return bench.feed(
            try bench.webhook("orders/updated", try body(bench, ["shipping_address.phone": phone])))
    }

    private func asked(_ staged: [StagedRecord], _ bench: Bench) throws -> Int {
        try staged.on(Catalogue.attempts, bench).count {
            if case .phoneChanged = try AttemptMessage($0.incoming) { return true }
            return false
        }
    }

    @Test(
        "with a cap of one text, or a plan of one order, forty changes bring no second text",
        arguments: [(1, 10), (0, 1), (1, 1)])
    func forty(cap: Int, limit: Int) throws {
        let bench = try open(limit: limit) { $0.dailyCap = cap }
        let first = bench.feed(try bench.webhook("orders/create", try body(bench)))
        #expect(first.on(Catalogue.requests, bench).count == 1)
        for number in 1...20 { #expect(try asked(try change(number, bench), bench) == 0) }
        bench.restart()
        for number in 21...40 { #expect(try asked(try change(number, bench), bench) == 0) }
        #expect(bench.logic.usage[UsageKey(shop: Bench.shop, month: "2026-11")]?[.charged] == 1)
    }

    @Test("an order asks three other numbers, each charged and counted for the day, over a restart too")
    func three() throws {
        let bench = try open { $0.dailyCap = 100 }
        bench.feed(try bench.webhook("orders/create", try body(bench)))
        var changes = 0
        for number in 1...10 {
            changes += try asked(try change(number, bench), bench)
            if number == 2 { bench.restart() }
        }
        #expect(changes == 3)
        #expect(bench.logic.usage[UsageKey(shop: Bench.shop, month: "2026-11")]?[.charged] == 4)
        #expect(bench.logic.dailyTexts.count(Bench.shop, now: bench.clock.now) == 4)
        #expect(
            bench.metric("otp_ingest_decisions_total", #"effect="ignore",reason="phone_changes""#) == 7)
    }

    @Test("a number corrected after a failure of the number's is asked, and the second end is settled with its round")
    func reopened() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/create", try body(bench)))
        func notice(_ outcome: OutcomeKind, _ fault: Verification.Fault?, round: Int?) -> [StagedRecord] {
            bench.feed(
                WebhookMessage.notice(
                    Notice(
                        verification: bench.id(of: Sample.indiaOrder), order: Sample.indiaOrder, outcome: outcome,
                        number: nil, fault: fault, round: round)
                ).record(shop: Bench.shop, bench.topology))
        }
        func settled(_ staged: [StagedRecord]) throws -> [AttemptMessage] {
            try staged.on(Catalogue.attempts, bench).map { try AttemptMessage($0.incoming) }
        }
        #expect(try settled(notice(.undeliverable, .number, round: nil)) == [.settle(.review)])
        #expect(try asked(try change(1, bench), bench) == 1)
        #expect(try settled(notice(.expired, nil, round: nil)).isEmpty)
        #expect(try settled(notice(.verified, nil, round: 1)) == [.settle(.tagVerified, round: 1)])
    }

    @Test("gateways that are passed over are shown with the shop, each order of a page counted")
    func passedOver() async throws {
        let bench = try open { $0.orders = .cod }
        for (number, gateway) in ["Paga en casa", "paga en casa", "shopify_payments"].enumerated() {
            let status = gateway == "shopify_payments" ? "paid" : "pending"
            bench.feed(
                try bench.webhook(
                    "orders/create",
                    try body(
                        bench,
                        [
                            "id": number + 1, "admin_graphql_api_id": "gid://shopify/Order/\(number + 1)",
                            "payment_gateway_names": [gateway], "financial_status": status,
                        ])))
        }
        let shop = try await bench.admin.get(bench.admin("GET"), Bench.shop).json()
        let passed = try #require(shop["passedGateways"] as? [[String: Any]])
        #expect(passed.map { $0["name"] as? String } == ["Paga en casa"])
        #expect(passed.map { $0["orders"] as? Int } == [2])
    }

    @Test("an order without a usable number asks for a review, unless the shop does not want to know")
    func unusablePhone() throws {
        for (policy, isTold) in [(nil, true), (ShopSettings.UnusablePhonePolicy.tag, true), (.ignore, false)] {
            let bench = try open { $0.onUnusablePhone = policy }
            let staged = bench.feed(
                try bench.webhook("orders/create", try body(bench, ["shipping_address.phone": "call me"])))
            let told = try staged.on(Catalogue.attempts, bench).map { try AttemptMessage($0.incoming) }
            #expect(staged.on(Catalogue.outcomes, bench).count == 1)
            #expect(told.count == (isTold ? 1 : 0))
            guard isTold else { continue }
            guard case .skipped(let order)? = told.first else {
                Issue.record("no word of the skipped order")
                return
            }
            #expect(order.reason == .phoneUnusable)
            #expect(order.subject.phone.bytes.isEmpty)
            #expect(order.subject.phoneMask.isEmpty)
        }
    }
}
