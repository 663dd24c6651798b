import Base
import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("What a shop's plan allows")
struct PlanTests {
    private func open(
        limit: Int = 3, _ change: (inout ShopSettings) -> Void = { _ in }
    ) throws -> Bench {
        let bench = try Bench(planLimits: PlanLimits(monthly: [.starter: limit, .growth: 2 * limit]))
        try bench.install(change)
        bench.clock.advance(by: .seconds(1))
        return bench
    }

    private func place(_ number: Int, _ bench: Bench) throws -> [StagedRecord] {
        let time = RFC3339.text(bench.clock.now)
        return bench.feed(
            try bench.webhook(
                "orders/create",
                try Sample.order(
                    Sample.india,
                    ["created_at": time, "updated_at": time, "admin_graphql_api_id": gid(number), "id": number])))
    }

    private func gid(_ number: Int) -> String { "gid://shopify/Order/\(number)" }

    private func skip(_ staged: [StagedRecord], _ bench: Bench) throws -> String? {
        try staged.on(Catalogue.outcomes, bench).first?.record.decode(OutcomeData.self).reason
    }

    private func row(_ bench: Bench, _ month: String = "2026-11") -> UsageRecord? {
        bench.logic.usage[UsageKey(shop: Bench.shop, month: month)]
    }

    @Test("exactly the limit's orders are asked for, over a restart too, in one batch or many")
    func exact() throws {
        let bench = try open()
        let reasons = try (1...2).map { try skip(try place($0, bench), bench) }
        bench.restart()
        let more = try (3...5).map { try skip(try place($0, bench), bench) }
        #expect(reasons + more == [nil, nil, nil, "plan_limit", "plan_limit"])
        #expect(row(bench)?[.charged] == 3)
        #expect(row(bench)?.limit == 3)
    }

    @Test("80 and 100 percent are told once each, with their time")
    func shares() throws {
        let bench = try open(limit: 5)
        for number in 1...3 { _ = try place(number, bench) }
        #expect(row(bench)?.reached == nil)
        _ = try place(4, bench)
        let at = bench.clock.now
        #expect(row(bench)?.reached == ["80": at])
        bench.clock.advance(by: .seconds(60))
        _ = try place(5, bench)
        #expect(row(bench)?.reached == ["80": at, "100": at + 60_000])
        #expect(bench.metric("otp_ingest_plan_share_total", #"percent="80""#) == 1)
        #expect(bench.metric("otp_ingest_plan_share_total", #"percent="100""#) == 1)
    }

    @Test("a page of orders that were asked for counts each of them, up to the limit, over a replay too")
    func page() throws {
        let bench = try open(limit: 2)
        let time = RFC3339.text(bench.clock.now)
        let orders = try (1...3).map { number in
            let body = try Sample.order(
                Sample.india,
                ["created_at": time, "updated_at": time, "admin_graphql_api_id": gid(number), "id": number])
            return try JSONSerialization.jsonObject(with: Data(body))
        }
        let (record, key) = try #require(bench.directory.current(Bench.shop))
        let json = [UInt8](try JSONSerialization.data(withJSONObject: orders))
        let page = WebhookMessage.polled(
            .init(
                shopVersion: record.version, upTo: bench.clock.now,
                body: key.seal(json, topic: "webhooks", key: Bench.shop, field: "polled"))
        ).record(shop: Bench.shop, bench.topology)
        let message = bench.incoming(page)
        let before = bench.staged
        let staged = bench.feed([message])
        #expect(staged.on(Catalogue.requests, bench).count == 2)
        #expect(try skip(staged, bench) == "plan_limit")
        #expect(row(bench)?[.charged] == 2)
        // Killed between the counts and the ledger: what was let in is let in again, and counted once.
        let partial = bench.makeLogic()
        for record in (before + staged.on(Catalogue.usage, bench)).map(\.record) {
            partial.restore(bench.incoming(record))
        }
        partial.restored(now: bench.clock.now)
        let again = partial.decide([message])
        #expect(again.on(Catalogue.requests, bench).count >= 2)
        #expect(partial.usage[UsageKey(shop: Bench.shop, month: "2026-11")]?[.charged] == 2)
    }

    @Test("another limit has shares of its own: told after an upgrade, and when it has come down")
    func otherLimit() throws {
        let bench = try open(limit: 5)
        for number in 1...5 { _ = try place(number, bench) }
        #expect(row(bench)?.reached?.keys.sorted() == ["100", "80"])
        try subscribe(bench, "active")
        _ = try place(6, bench)
        #expect(row(bench)?.reached == nil)
        _ = try place(7, bench)
        _ = try place(8, bench)
        #expect(row(bench)?.reached?.keys.sorted() == ["80"])
    }

    @Test("an order whose text could not be sent is given back; one that was sent to nobody's answer is not")
    func givenBack() throws {
        let bench = try open()
        for number in 1...3 { _ = try place(number, bench) }
        bench.feed(bench.notice(.undeliverable, order: gid(1)))
        #expect(row(bench)?[.charged] == 2)
        // Over a restart and in a repetition it is given back once.
        bench.restart()
        bench.feed(bench.notice(.undeliverable, order: gid(1)))
        #expect(row(bench)?[.charged] == 2)
        bench.feed(bench.sent(1, order: gid(2)))
        bench.feed(bench.notice(.undeliverable, order: gid(2)))
        #expect(row(bench)?[.charged] == 2)
        #expect(try skip(try place(4, bench), bench) == nil)
        #expect(try skip(try place(5, bench), bench) == "plan_limit")
    }

    @Test("a month ends at the shop's own midnight, and what was charged is given back to its own month")
    func timeZone() throws {
        let bench = try open()
        bench.feed(try bench.webhook("shop/update", try Sample.bytes("shop-update")))
        // 18:29 UTC of 30 November is 23:59 in Kolkata; a minute later it is December there.
        bench.clock.advance(by: .milliseconds(1_796_063_340_000 - bench.clock.now))
        for number in 1...3 { _ = try place(number, bench) }
        #expect(try skip(try place(4, bench), bench) == "plan_limit")
        bench.clock.advance(by: .seconds(60))
        #expect(try skip(try place(5, bench), bench) == nil)
        #expect(row(bench)?[.charged] == 3)
        #expect(row(bench, "2026-12")?[.charged] == 1)
        bench.feed(bench.notice(.undeliverable, order: gid(2)))
        #expect(row(bench)?[.charged] == 2)
        #expect(row(bench, "2026-12")?[.undeliverable] == 1)
    }

    @Test("above the limit a shop may have its orders tagged: opened and ended by a fault of ours, without a text")
    func review() throws {
        let bench = try open(limit: 1) { $0.aboveLimit = .review }
        _ = try place(1, bench)
        let staged = try place(2, bench)
        #expect(staged.topics(bench) == ["attempts", "attempts", "orders"])
        let messages = try staged.on(Catalogue.attempts, bench).map { try AttemptMessage($0.incoming) }
        guard case .opened = messages.first, case .failed(let failure) = messages.last else {
            Issue.record("not opened and failed")
            return
        }
        #expect(failure == TextFailure(number: 1, generation: 1, reason: "plan_limit", fault: .ours))
        let notice = Notice(
            verification: bench.id(of: gid(2)), order: gid(2), outcome: .undeliverable, number: nil, fault: .ours)
        let settled = bench.feed(WebhookMessage.notice(notice).record(shop: Bench.shop, bench.topology))
        let settlement = try settled.on(Catalogue.attempts, bench).map { try AttemptMessage($0.incoming) }
        #expect(settlement == [.settle(.review)])
        #expect(row(bench)?[.charged] == 1)
    }

    private func subscribe(_ bench: Bench, _ sample: String, _ change: [String: Any] = [:]) throws {
        bench.feed(
            try bench.webhook(
                "app_subscriptions/update", try Sample.order("app-subscriptions-update-\(sample)", change)))
    }

    private func subscription(_ bench: Bench) -> ShopSubscription? {
        bench.logic.shops[Bench.shop]?.installation?.subscription
    }

    @Test("subscription webhooks set, freeze and end the plan, in either shape")
    func subscriptions() throws {
        for sample in ["active", "active-older-shape"] {
            let bench = try open(limit: 1)
            try subscribe(bench, sample)
            #expect(subscription(bench)?.plan == .growth)
            #expect(try (1...3).map { try skip(try place($0, bench), bench) } == [nil, nil, "plan_limit"])
            try subscribe(bench, "frozen")
            #expect(try skip(try place(4, bench), bench) == "plan_ended")
            try subscribe(bench, sample)
            #expect(subscription(bench)?.state == .active)
            try subscribe(bench, "cancelled")
            #expect(subscription(bench)?.state == .ended)
        }
    }

    @Test("another subscription that is pending, declined or over changes nothing; a newer one that begins takes over")
    func others() throws {
        let bench = try open()
        try subscribe(bench, "active")
        let other: [String: Any] = ["app_subscription.admin_graphql_api_id": "gid://shopify/AppSubscription/2"]
        for sample in ["pending", "declined", "expired", "cancelled", "frozen"] {
            try subscribe(bench, sample, other)
            #expect(subscription(bench)?.state == .active)
            #expect(subscription(bench)?.id == "gid://shopify/AppSubscription/1029266951")
        }
        let pro = other.merging(["app_subscription.name": "Pro", "app_subscription.plan_handle": "pro"]) { $1 }
        try subscribe(bench, "active", pro)
        #expect(subscription(bench)?.plan == .pro)
        // The old one ends after it: nothing to do with the new one. An older word about the new one neither.
        try subscribe(bench, "cancelled")
        let older = pro.merging(["app_subscription.updated_at": "2026-11-19T00:00:00Z"]) { $1 }
        try subscribe(bench, "cancelled", older)
        #expect(subscription(bench)?.state == .active)
    }

    @Test("charges near the cap are remembered with the subscription they are of")
    func nearCap() throws {
        let bench = try open()
        try subscribe(bench, "active")
        let body = try Sample.bytes("app-subscriptions-update-active")
        bench.feed(try bench.webhook("app_subscriptions/approaching_capped_amount", body))
        #expect(subscription(bench)?.nearCapAt == bench.clock.now)
    }
}
