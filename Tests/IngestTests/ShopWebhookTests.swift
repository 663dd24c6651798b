import Base
import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("What a shop's own webhooks change")
struct ShopWebhookTests {
    func open() throws -> Bench {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(10))
        return bench
    }

    func installation(_ bench: Bench) throws -> ShopRecord.Installation {
        try #require(bench.logic.shops[Bench.shop]?.installation)
    }

    @Test("shop/update tells the time zone, the currency and Shopify's plan; nothing of the owner is kept")
    func profile() throws {
        let bench = try open()
        let staged = bench.feed(try bench.webhook("shop/update", try Sample.bytes("shop-update")))
        #expect(staged.topics(bench) == ["shops"])
        let shop = try installation(bench)
        #expect(
            shop.profile
                == ShopProfile(
                    id: "gid://shopify/Shop/60000000001", name: "OTP Guard Demo", timeZone: "Asia/Kolkata",
                    currency: "INR", updatedAt: 1_795_149_000_000))
        let older = try Sample.order(
            "shop-update", ["updated_at": "2026-11-19T10:00:00+05:30", "iana_timezone": "UTC"])
        bench.feed(try bench.webhook("shop/update", older))
        #expect(try installation(bench).profile?.timeZone == "Asia/Kolkata")
        #expect(shop.shopifyPlan == "Basic")
        let text = String(decoding: try #require(staged.first?.record.value), as: UTF8.self)
        #expect(!text.contains("supertoys") && !text.contains("John Smith") && !text.contains("3213213210"))
    }

    @Test("once the shop has said its number, a body of another shop's is put aside")
    func foreign() throws {
        let bench = try open()
        bench.feed(try bench.webhook("shop/update", try Sample.bytes("shop-update")))
        let shop = "gid://shopify/Shop/1"
        let bodies: [(String, [UInt8])] = [
            ("shop/update", try Sample.order("shop-update", ["id": 1])),
            ("app/scopes_update", try Sample.order("app-scopes-update", ["shop_id": shop])),
            (
                "app_subscriptions/update",
                try Sample.order(
                    "app-subscriptions-update-active", ["app_subscription.admin_graphql_api_shop_id": shop])
            ),
        ]
        for (topic, body) in bodies {
            let staged = bench.feed(try bench.webhook(topic, body))
            #expect(staged.first?.incoming.header("reason") == "the body names another shop")
        }
        #expect(try installation(bench).subscription == nil)
    }

    private func order(_ url: String, _ id: Int) throws -> [UInt8] {
        let more: [String: Any] = [
            "order_status_url": url, "id": id, "admin_graphql_api_id": "gid://shopify/Order/\(id)",
        ]
        return try Sample.order(Sample.india, (OrderTests.fresh as [String: Any]).merging(more) { $1 })
    }

    @Test(
        "a shop has one number and may have two names: the number decides, without it only another shop of ours can't be it"
    )
    func twoNames() throws {
        let other = "https://a1b2c3-4d.myshopify.com"
        let bench = try open()
        bench.put(anotherShop: "ours.myshopify.com")
        func isTaken(_ url: String, _ id: Int) throws -> Bool {
            let staged = bench.feed(try bench.webhook("orders/create", try order(url, id)))
            let reason = staged.on(Catalogue.dead, bench).first?.incoming.header("reason")
            #expect(reason == nil || reason == "the body names another shop")
            return staged.on(Catalogue.requests, bench).count == 1
        }
        // Before the shop has said its number.
        #expect(try isTaken("\(other)/60000000001/orders/x/authenticate", 1))
        #expect(try isTaken("https://shop.example.com/60000000001/orders/x", 2))
        #expect(try !isTaken("https://ours.myshopify.com/60000000001/orders/x", 3))
        // The words of the shop itself come under the other name as well.
        bench.feed(try bench.webhook("shop/update", try Sample.bytes("shop-update")))
        #expect(try isTaken("\(other)/60000000001/orders/x/authenticate", 4))
        #expect(try isTaken("https://ours.myshopify.com/60000000001/orders/x", 5))
        #expect(try !isTaken("\(other)/7/orders/x/authenticate", 6))
        #expect(try !isTaken("https://shop.example.com/7/orders/x", 7))
        #expect(try isTaken("https://\(Bench.shop)/7/orders/x", 8))
        let named = try Sample.order("shop-update", ["myshopify_domain": "a1b2c3-4d.myshopify.com", "name": "New"])
        bench.feed(try bench.webhook("shop/update", named))
        #expect(try installation(bench).profile?.name == "New")
        let redaction = try Sample.order(
            "customers-redact", ["shop_domain": "a1b2c3-4d.myshopify.com", "shop_id": 60_000_000_001])
        #expect(!bench.feed(try bench.webhook("customers/redact", redaction)).on(Catalogue.erasures, bench).isEmpty)
    }

    @Test("before a shop has said its number, a body with the number of another shop of ours is put aside")
    func foreignNumber() throws {
        let bench = try open()
        bench.feed(try bench.webhook("shop/update", try Sample.bytes("shop-update")))
        #expect(bench.directory.hasNumber("gid://shopify/Shop/60000000001", beside: "tea.myshopify.com"))
        #expect(!bench.directory.hasNumber("gid://shopify/Shop/60000000001", beside: Bench.shop))
        let fresh = try open()
        var other = try #require(fresh.logic.shops[Bench.shop])
        other.installation?.profile = try installation(bench).profile
        fresh.logic.shops.restore("tea.myshopify.com", other)
        func isTaken(_ number: String, _ id: Int) throws -> Bool {
            let body = try order("https://tea.example.com/\(number)/orders/x", id)
            let staged = fresh.feed(try fresh.webhook("orders/create", body))
            let reason = staged.on(Catalogue.dead, fresh).first?.incoming.header("reason")
            #expect(reason == nil || reason == "the body names another shop")
            return staged.on(Catalogue.requests, fresh).count == 1
        }
        #expect(try !isTaken("60000000001", 1))
        #expect(try isTaken("60000000002", 2))
    }

    @Test("a delivery comes once: known by its id, and by shop, topic, resource and event where the id is another")
    func duplicates() throws {
        let bench = try open()
        let body = try Sample.bytes("shop-update")
        #expect(!bench.feed(try bench.webhook("shop/update", body, delivery: "d1", event: "e1")).isEmpty)
        #expect(bench.feed(try bench.webhook("shop/update", body, delivery: "d1", event: "e9")).isEmpty)
        bench.restart()
        #expect(bench.feed(try bench.webhook("shop/update", body, delivery: "d2", event: "e1")).isEmpty)
        #expect(!bench.feed(try bench.webhook("shop/update", body, delivery: "d3", event: "e3")).isEmpty)
        // One event of the merchant's on two orders is two deliveries.
        let first = try Sample.order(Sample.india, OrderTests.fresh)
        let other: [String: Any] = ["admin_graphql_api_id": "gid://shopify/Order/7", "id": 7]
        let second = try Sample.order(Sample.india, (OrderTests.fresh as [String: Any]).merging(other) { $1 })
        for body in [first, second] {
            let staged = bench.feed(try bench.webhook("orders/create", body, event: "e4"))
            #expect(staged.on(Catalogue.requests, bench).count == 1)
        }
        #expect(bench.feed(try bench.webhook("orders/create", second, event: "e4")).isEmpty)
        #expect(bench.metric("otp_ingest_duplicates_total") == 3)
    }

    @Test("a key is made for a shop of the platform that its name says, and of no other")
    func platformOfKey() throws {
        let bench = try open()
        for (shop, platform) in [("b.myshopify.com", "orders"), ("b.example.com", "shopify"), ("c.example.com", "x")] {
            bench.feed(
                WebhookMessage.shopKey(.init(platform: platform, putId: "p")).record(shop: shop, bench.topology))
            #expect(bench.logic.shops[shop] == nil)
        }
        #expect(bench.dead() == Array(repeating: "the platform is not that of the shop's name", count: 3))
    }

    @Test("what Shopify refuses of orders is named once, kept, shown, and forgotten when it is not refused any more")
    func accessDenied() async throws {
        let bench = try open()
        bench.report(.denied(["customer"]))
        #expect(try installation(bench).care?.accessDenied == ["customer"])
        #expect(bench.metric("otp_ingest_access_denied_total") == 1)
        #expect(bench.logLines.all.filter { $0.contains("customer") && $0.contains(Bench.shop) }.count == 1)
        let shown = try await bench.admin.get(bench.admin("GET"), Bench.shop).json()
        #expect(shown["accessDenied"] as? [String] == ["customer"])
        bench.restart()
        #expect(try installation(bench).care?.accessDenied == ["customer"])
        bench.report(.denied([]))
        #expect(try installation(bench).care?.accessDenied == nil)
        #expect(try await bench.admin.get(bench.admin("GET"), Bench.shop).json()["accessDenied"] == nil)
        #expect(bench.metric("otp_ingest_access_denied_total") == 1)
    }

    @Test("an uninstall is believed when the platform refuses our token, and not before")
    func uninstall() throws {
        for topic in ["app/uninstalled", "shop/redact"] {
            let bench = try open()
            let sample = topic == "shop/redact" ? "shop-redact" : "app-uninstalled"
            bench.feed(try bench.webhook(topic, try Sample.bytes(sample), triggeredAt: bench.clock.now))
            #expect(try installation(bench).care?.uninstallToldAt == bench.clock.now)
            // Asked before, or at once: the platform may not have got round to it.
            bench.report(.alive(ShopProfile(), shopifyPlan: nil), askedAfter: ShopCare.doubtMs - 1)
            #expect(try installation(bench).care?.uninstallToldAt != nil)
            // Somebody else's word under our shop's name: the token works, and nothing has happened.
            bench.report(.alive(ShopProfile(), shopifyPlan: nil), askedAfter: ShopCare.doubtMs)
            #expect(try installation(bench).care?.uninstallToldAt == nil)
            bench.feed(try bench.webhook(topic, try Sample.bytes(sample), triggeredAt: bench.clock.now))
            let staged = bench.report(.refused)
            #expect(staged.topics(bench) == ["erasures", "shops"])
            #expect(bench.logic.shops[Bench.shop] == nil)
        }
    }

    @Test("a word about an installation before this one changes nothing")
    func late() throws {
        let bench = try open()
        let before = try installation(bench).activatedAt - 1
        for (topic, sample) in [("shop/redact", "shop-redact"), ("app/uninstalled", "app-uninstalled")] {
            bench.feed(try bench.webhook(topic, try Sample.bytes(sample), triggeredAt: before))
            #expect(try installation(bench).care?.uninstallToldAt == nil)
        }
    }

    @Test("a lasting refusal is an uninstall nobody told us of; one that passes is forgotten")
    func refused() throws {
        let bench = try open()
        bench.report(.refused)
        bench.clock.advance(by: .milliseconds(ShopCare.lastingMs - 1))
        #expect(bench.report(.refused).topics(bench) == ["shops"])
        bench.report(.alive(ShopProfile(), shopifyPlan: "Basic"))
        bench.clock.advance(by: .seconds(10))
        bench.report(.refused)
        #expect(bench.logic.shops[Bench.shop] != nil)
        bench.clock.advance(by: .milliseconds(ShopCare.lastingMs))
        bench.report(.refused)
        #expect(bench.logic.shops[Bench.shop] == nil)
    }

    @Test("a reinstalled shop has another key; what was left of the old installation is taken back, the new one stays")
    func reinstalled() throws {
        let bench = try open()
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, OrderTests.fresh)))
        let old = try #require(bench.directory[Bench.shop]?.version)
        bench.feed(try bench.webhook("app/uninstalled", try Sample.bytes("app-uninstalled")))
        bench.report(.refused)
        try bench.install()
        #expect(try #require(bench.directory[Bench.shop]).version > old)
        bench.clock.advance(by: .seconds(1))
        let time = RFC3339.text(bench.clock.now)
        let next: [String: Any] = [
            "admin_graphql_api_id": "gid://shopify/Order/8", "created_at": time, "updated_at": time,
        ]
        bench.feed(try bench.webhook("orders/create", try Sample.order(Sample.india, next)))
        let swept = bench.tick()
        #expect(swept.on(Catalogue.orders, bench).map(\.record.keyText) == ["\(Bench.shop)/\(Sample.indiaOrder)"])
        #expect(bench.logic.orders[OrderKey(shop: Bench.shop, order: "gid://shopify/Order/8")] != nil)
    }

    @Test("scopes taken away are known, and said to the operator")
    func scopes() throws {
        let bench = try open()
        let body = try Sample.order("app-scopes-update", ["current": ["read_orders"]])
        bench.feed(try bench.webhook("app/scopes_update", body))
        #expect(bench.logLines.all.contains { $0.contains("write_orders") })
    }
}

extension Bench {
    /// What the owner's own calls learned.
    @discardableResult
    func report(_ news: WebhookMessage.ShopReport.News, askedAfter delay: Int64 = 0) -> [StagedRecord] {
        let record = directory[Self.shop]
        return feed(
            WebhookMessage.shopReport(
                .init(
                    shopVersion: record?.version ?? 0, grantNumber: record?.installation?.grant?.number,
                    putId: record?.putId, askedAt: clock.now + delay, news: news)
            ).record(shop: Self.shop, topology))
    }
}
