import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("What the desk can't take")
struct DeadLetterTests {
    private func reason(_ staged: [StagedRecord], _ bench: Bench) throws -> String? {
        let letter = try #require(staged.on(Catalogue.dead, bench).first)
        #expect(staged.count == 1)
        #expect(letter.stage == .effect)
        return letter.incoming.header("reason")
    }

    @Test(
        "a signed body that is no order is put aside with its reason, whole and sealed",
        arguments: [
            ("", "the body does not fit its topic: not JSON"), ("{", "the body does not fit its topic: not JSON"),
            ("[]", "the body does not fit its topic: document: of another type"),
            ("{}", "the body does not fit its topic: id: missing or no number"),
            (#"{"id": 5}"#, "the body does not fit its topic: created_at: missing or no RFC 3339 time"),
        ])
    func malformed(body: String, expected: String) throws {
        let bench = try Bench()
        try bench.install()
        let message = try bench.webhook("orders/create", Array(body.utf8))
        let staged = bench.feed(message)
        #expect(try reason(staged, bench) == expected)
        let letter = try DeadLetter(opening: staged[0].incoming, bench.keyring)
        #expect(letter.value.map { [UInt8]($0) } == message.value)
        #expect(bench.metric("otp_dead_letters_total") == 1)
    }

    @Test(
        "a body that does not fit its topic is put aside: headers are not signed",
        arguments: [
            ("orders/cancelled", Sample.india, "the body is not a cancelled order's"),
            ("orders/create", "shop-update", "the body does not fit its topic: myshopify_domain: an order has none"),
            ("orders/updated", "customers-redact", "the body does not fit its topic: id: missing or no number"),
            ("shop/update", Sample.india, "the body does not fit its topic: plan_name: missing"),
            ("customers/redact", "shop-redact", "the body does not fit its topic: another privacy request"),
            ("shop/redact", "customers-redact", "the body does not fit its topic: another privacy request"),
            ("customers/redact", "customers-data-request", "the body does not fit its topic: another privacy request"),
            ("customers/data_request", "customers-redact", "the body does not fit its topic: another privacy request"),
            ("app/uninstalled", Sample.india, "the body does not fit its topic: plan_name: missing"),
            (
                "customers/redact", "shop-update",
                "the body does not fit its topic: shop_domain: missing, or not a shop's domain"
            ),
            ("app_subscriptions/update", "shop-update", "the body does not fit its topic: app_subscription: missing"),
            (
                "app/scopes_update", "shop-update",
                "the body does not fit its topic: current: missing or no list of texts"
            ),
            ("carts/nonsense", Sample.india, "unknown topic"),
        ])
    func misfit(topic: String, sample: String, expected: String) throws {
        let bench = try Bench()
        try bench.install()
        #expect(try reason(bench.feed(try bench.webhook(topic, try Sample.bytes(sample))), bench) == expected)
    }

    @Test(
        "a topic of Shopify's that nobody here reads is passed over and counted",
        arguments: ["carts/update", "orders/edited"])
    func notForUs(topic: String) throws {
        let bench = try Bench()
        try bench.install()
        #expect(bench.feed(try bench.webhook(topic, try Sample.bytes(Sample.india))).isEmpty)
        #expect(bench.metric("otp_ingest_not_for_us_total") == 1 && bench.metric("otp_dead_letters_total") == 0)
    }

    @Test(
        "a body that names another shop is put aside",
        arguments: [
            ("orders/create", Sample.india, "order_status_url", "https://other.myshopify.com/2/orders/x"),
            ("customers/redact", "customers-redact", "shop_domain", "other.myshopify.com"),
            ("customers/data_request", "customers-data-request", "shop_domain", "other.myshopify.com"),
            ("shop/redact", "shop-redact", "shop_domain", "other.myshopify.com"),
            ("shop/update", "shop-update", "myshopify_domain", "other.myshopify.com"),
            ("app/uninstalled", "app-uninstalled", "myshopify_domain", "other.myshopify.com"),
        ])
    func foreign(topic: String, sample: String, field: String, value: String) throws {
        let bench = try Bench()
        try bench.install()
        bench.put(anotherShop: "other.myshopify.com")
        let body = try Sample.order(sample, [field: value])
        #expect(try reason(bench.feed(try bench.webhook(topic, body)), bench) == "the body names another shop")
    }

    @Test(
        "a privacy request that is put aside is counted by itself",
        arguments: [("customers/redact", 1.0), ("orders/create", 0)])
    func privacy(topic: String, count: Double) throws {
        let bench = try Bench()
        try bench.install()
        bench.feed(try bench.webhook(topic, Array("{}".utf8)))
        #expect(bench.metric("otp_ingest_privacy_dead_letters_total") == count)
    }

    @Test("a body sealed under a key that is gone is dropped and counted")
    func keyGone() throws {
        let bench = try Bench()
        try bench.install()
        let version = try #require(bench.directory[Bench.shop]).version
        #expect(bench.feed(try bench.webhook("orders/create", try Sample.order(), version: version - 1)).isEmpty)
        let early = try bench.webhook("orders/create", try Sample.order())
        bench.feed(WebhookMessage.shopDelete(.init(requestId: "r")).record(shop: Bench.shop, bench.topology))
        #expect(bench.feed(early).isEmpty)
        try bench.install()
        #expect(bench.feed(early).isEmpty)
        #expect(bench.metric("otp_ingest_key_gone_total") == 3)
    }

    @Test("a seal that does not fit, a foreign type and a message without key are put aside and block nothing")
    func unreadable() throws {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(1))
        var broken = try bench.webhook("orders/create", try Sample.order())
        broken.value?[20] ^= 1
        var foreign = broken
        foreign.headers = [KafkaHeader("otp-type", "letter"), KafkaHeader("otp-version", "1")]
        var keyless = broken
        keyless.key = nil
        let good = try bench.webhook("orders/create", try Sample.order(Sample.india, OrderTests.fresh))
        let staged = bench.feed([broken, foreign, keyless, good].map { bench.incoming($0) })
        let reasons = staged.on(Catalogue.dead, bench).map { $0.incoming.header("reason") }
        #expect(reasons == ["the seal does not fit", "unknown type", "no key"])
        #expect(staged.on(Catalogue.requests, bench).count == 1)
    }
}
