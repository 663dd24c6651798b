import Foundation
import HTTP
@testable import Ingest
import Kafka
import Pipeline
import Security
import Testing

@Suite("Shopify's door")
struct ShopifyDoorTests {
    private func open() throws -> Bench {
        let bench = try Bench()
        try bench.install()
        return bench
    }

    private struct Vectors: Decodable {
        struct Vector: Decodable {
            enum CodingKeys: String, CodingKey {
                case name
                case body = "body_base64"
                case signature = "x_shopify_hmac_sha256"
            }

            let name: String
            let body: Data
            let signature: String
        }

        let vectors: [Vector]
    }

    @Test("every published signature is accepted, with its first byte changed it is not")
    func signatures() throws {
        let bench = try open()
        let file = try JSONDecoder().decode(
            Vectors.self, from: Data(try Sample.bytes("webhook-hmac-vectors")))
        #expect(file.vectors.count >= 5)
        for vector in file.vectors {
            let body = [UInt8](vector.body)
            #expect(bench.answer(bench.post("orders/create", body, signature: vector.signature))?.status == 200)
            let forged = (vector.signature.hasPrefix("A") ? "B" : "A") + vector.signature.dropFirst()
            #expect(bench.answer(bench.post("orders/create", body, signature: forged))?.status == 401)
        }
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="shopify",result="accepted""#) == 5)
    }

    @Test("without or with a wrong signature it is 401 before anything else, and nothing is sent")
    func unsigned() throws {
        let bench = try open()
        bench.isCaughtUp = false
        let before = bench.staged.count
        for signature in ["", "AAAA", "bFreRKGlHQIxhWr1qwb/QdJVRsRONtN1IrV1WnlcsOs="] {
            for shop in [Bench.shop, "unknown.myshopify.com", "not a shop", nil] {
                let answer = bench.answer(bench.post("orders/create", [1], shop: shop, signature: signature))
                #expect(answer?.status == 401)
                #expect(answer?.headers["Content-Type"] == "application/problem+json")
            }
        }
        #expect(bench.sent.isEmpty)
        #expect(bench.staged.count == before)
    }

    @Test(
        "a missing or impossible shop domain is 400",
        arguments: [nil, "", "evil.example.com", "a.myshopify.com.evil.com", "../x.myshopify.com", "-a.myshopify.com"])
    func badShop(domain: String?) throws {
        let bench = try open()
        #expect(bench.answer(bench.post("orders/create", [1], shop: domain))?.status == 400)
        #expect(bench.sent.isEmpty)
    }

    @Test("an unknown shop, or one with a key only, is 200 and counted; nothing of it is stored")
    func unknownShop() throws {
        let bench = try Bench()
        bench.feed(
            WebhookMessage.shopKey(.init(platform: "shopify", putId: "p")).record(shop: Bench.shop, bench.topology))
        #expect(bench.directory[Bench.shop] != nil)
        let before = bench.staged.count
        for shop in [Bench.shop, "other.myshopify.com"] {
            #expect(bench.answer(bench.post("orders/create", try Sample.order(), shop: shop))?.status == 200)
        }
        #expect(bench.sent.isEmpty)
        #expect(bench.staged.count == before)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="shopify",result="unknown_shop""#) == 2)
    }

    @Test("a shop whose row can't be read here is 503, not unknown: its order must come again")
    func unreadableShop() throws {
        let bench = try open()
        let row = Wire.record(
            Catalogue.shops, bench.topology, key: Bench.shop, type: "shop", value: Array("{}".utf8))
        bench.directory.take(
            IncomingRecord(
                topic: row.topic, partition: 0, offset: 9, timestamp: 0, key: row.key, value: row.value,
                headers: row.headers))
        #expect(bench.answer(bench.post("orders/create", [1]))?.status == 503)
        #expect(bench.sent.isEmpty)
    }

    @Test("until the table of shops has been read it is 503 with Retry-After")
    func notReady() throws {
        let bench = try open()
        bench.isCaughtUp = false
        let answer = bench.answer(bench.post("orders/create", [1]))
        #expect(answer?.status == 503)
        #expect(answer?.headers["Retry-After"] != nil)
    }

    @Test("the body is sealed for the shop's owner and for no other place")
    func sealed() throws {
        let bench = try open()
        let body = try Sample.order()
        #expect(bench.answer(bench.post("ORDERS/create", body))?.status == 200)
        let message = try #require(bench.sent.first)
        #expect(message.keyText == Bench.shop)
        #expect(message.partition == bench.topology.partition(of: Bench.shop))
        guard case .webhook(let webhook) = try WebhookMessage(message.incoming) else {
            Issue.record("not a webhook")
            return
        }
        #expect(webhook.topic == "orders/create")
        #expect(webhook.deliveryId == "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")
        let (record, key) = try #require(bench.directory.current(Bench.shop))
        #expect(webhook.shopVersion == record.version)
        #expect(try key.open(webhook.body, topic: "webhooks", key: Bench.shop, field: "body") == body)
        #expect(throws: CryptoError.self) {
            try key.open(webhook.body, topic: "webhooks", key: "b.myshopify.com", field: "body")
        }
    }

    @Test("with Kafka away it is 503 after 800 ms, and an acknowledgement that comes later changes nothing")
    func kafkaAway() throws {
        let bench = try open()
        bench.kafka = .silent
        let box = AnswerBox()
        bench.shopify.handle(bench.post("orders/create", try Sample.order()), box.responder)
        bench.clock.advance(by: .milliseconds(799))
        bench.outbox.expire()
        #expect(box.answer == nil)
        #expect(bench.outbox.trouble == nil)
        bench.clock.advance(by: .milliseconds(1))
        bench.outbox.expire()
        #expect(box.answer?.status == 503)
        #expect(box.answer?.headers["Retry-After"] == "2")
        #expect(bench.outbox.trouble != nil)
        for report in bench.reports { report(.success(Delivery(partition: 0, offset: 1))) }
        #expect(box.answer?.status == 503)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="shopify",result="accepted""#) == 0)
        bench.clock.advance(by: .seconds(5))
        #expect(bench.outbox.trouble == nil)
    }

    @Test("a full queue is 503 at once")
    func queueFull() throws {
        let bench = try open()
        bench.kafka = .full
        #expect(bench.answer(bench.post("orders/create", try Sample.order()))?.status == 503)
    }

    @Test(
        "topics nobody here reads and test notifications are 200, counted and not kept",
        arguments: [
            ("orders/edited", nil), ("orders/delete", nil), ("carts/update", nil), ("products/create", nil),
            ("fulfillment_orders/moved", nil),
            ("shop/update", "true"), ("app/uninstalled", "true"), ("customers/redact", "TRUE"),
        ] as [(String, String?)])
    func notOurs(topic: String, test: String?) throws {
        let bench = try open()
        let sent = bench.sent.count
        var request = bench.post(topic, Array("{}".utf8))
        if let test { request.headers.set("X-Shopify-Test", test) }
        #expect(bench.answer(request)?.status == 200)
        #expect(bench.sent.count == sent && bench.dead().isEmpty)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="shopify",result="ignored""#) == 1)
        request.headers.set("X-Shopify-Hmac-Sha256", "AAAA")
        #expect(bench.answer(request)?.status == 401)
    }

    @Test("the admin's test notification of an order is passed over; a test order's own webhook is told as one")
    func testNotification() throws {
        let bench = try open()
        var request = bench.post(
            "orders/create", try Sample.bytes("orders-create-14-admin-test-notification"))
        request.headers.set("X-Shopify-Test", "true")
        #expect(bench.answer(request)?.status == 200)
        #expect(bench.dead().isEmpty && bench.staged.on(Catalogue.outcomes, bench).isEmpty)
        #expect(bench.metric("otp_ingest_not_for_us_total") == 1)
        bench.clock.advance(by: .seconds(1))
        let own = try Sample.order(Sample.india, (OrderTests.fresh as [String: Any]).merging(["test": true]) { $1 })
        bench.feed(try bench.webhook("orders/create", own))
        #expect(bench.staged.on(Catalogue.outcomes, bench).count == 1)
    }
}
