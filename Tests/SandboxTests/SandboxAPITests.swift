import Base
import HTTP
import Platforms
import Security
import Testing

@testable import Sandbox

@Suite("The sandbox's API")
struct SandboxAPITests {
    @Test("registers a shop at Ingest with a token of its own")
    func shops() async throws {
        try await TestWorld.run { test in
            let answer = try await test.api(
                "POST", "/shops",
                ["shop": "Demo.myshopify.com", "timerSeconds": 5, "plan": "pro", "settings": ["orders": "cod"]])
            #expect(answer.status == 200)
            let put = try #require(test.daemons.requests.first)
            #expect(put.method == "PUT")
            #expect(put.path == "/admin/shops/demo.myshopify.com")
            #expect(put.headers["Authorization"] == "Bearer \(TestWorld.admin)")
            let body = try #require(JSONTree(parsing: put.body))
            #expect(body["platform"] == "shopify")
            #expect(body["plan"] == "pro")
            #expect(body["settings"] == ["timerSeconds": 5, "orders": "cod"])
            #expect(body["accessToken"]?.string == test.world.shopify.shops.first?.accessToken.text)
        }
    }

    @Test("passes on why Ingest refused a shop, and says when it is away")
    func refusals() async throws {
        try await TestWorld.run { test in
            test.daemons.answer(.problem(400, detail: "no", errors: ["settings.timerSeconds: 1 is outside"]))
            let refused = try await test.api("POST", "/shops", ["shop": "demo.myshopify.com", "timerSeconds": 1])
            #expect(refused.status == 400)
            #expect(refused.json["answer"]?["errors"]?.strings == ["settings.timerSeconds: 1 is outside"])
            #expect(try await test.api("POST", "/shops", ["shop": "evil.example"]).status == 400)
            #expect(try await test.api("POST", "/orders", ["shop": "unknown.myshopify.com"]).status == 409)
            #expect(try await test.api("POST", "/orders", [:]).status == 400)
            #expect(try await test.api("GET", "/orders/17").status == 404)
        }
    }

    @Test("places an order as Shopify would tell of it, signed")
    func orders() async throws {
        try await TestWorld.run { test in
            _ = try await test.api("POST", "/shops", ["shop": .string(TestWorld.shop)])
            let placed = try await test.api(
                "POST", "/orders",
                [
                    "shop": .string(TestWorld.shop), "phone": "081234 56789", "country": "IN",
                    "name": "Meera Krishnan", "cod": true,
                ])
            #expect(placed.status == 201)
            #expect(placed.json["webhook"]?["status"] == 200)
            #expect(placed.json["e164"] == "+918123456789")
            let webhook = try #require(test.daemons.requests.last)
            #expect(webhook.headers["X-Shopify-Topic"] == "orders/create")
            #expect(
                ShopifyWebhook.verify(
                    body: webhook.body, signature: webhook.headers["X-Shopify-Hmac-Sha256"],
                    secrets: [Secret(text: TestWorld.secret)]))
            #expect((6000...9000).contains(webhook.body.count))
            let order = try ShopifyOrder.decode(webhook.body)
            #expect(order.gid == placed.json["gid"]?.string)
            #expect(order.gateways == ["Cash on Delivery (COD)"])
            #expect(order.phoneCandidates().map(\.raw) == ["081234 56789"])
            let payload = try await test.send("GET", "/sandbox/api/orders/\(order.id)/payload")
            #expect(payload.json == JSONTree(parsing: webhook.body))
        }
    }

    @Test("lets the merchant cancel once, and change an order")
    func merchant() async throws {
        try await TestWorld.run { test in
            let order = try await test.order()
            let changed = try await test.api(
                "POST", "/orders/\(order.id)/update", ["phone": "+12025550199", "addTags": ["otp-approve"]])
            #expect(changed.json["e164"] == "+12025550199")
            #expect(try await test.api("POST", "/orders/\(order.id)/cancel").status == 200)
            #expect(try await test.api("POST", "/orders/\(order.id)/cancel").status == 409)
            let topics = test.daemons.requests.compactMap { $0.headers["X-Shopify-Topic"] }
            #expect(topics == ["orders/create", "orders/updated", "orders/cancelled"])
            let last = try #require(test.daemons.requests.last.flatMap { JSONTree(parsing: $0.body) })
            #expect(last["cancel_reason"] == "customer")
            #expect(last["tags"] == "otp-approve")
            #expect(last["shipping_address"]?["phone"] == "+12025550199")
            let shown = try await test.api("GET", "/orders/\(order.gid.replacing("/", with: "%2F"))")
            #expect(shown.json["cancelled"] == true)
            let kinds = shown.json["timeline"]?.array?.compactMap { $0["kind"]?.string }
            #expect(
                kinds == [
                    "order.placed", "webhook.orders/create", "order.changed", "webhook.orders/updated",
                    "order.cancelled", "webhook.orders/cancelled",
                ])
        }
    }

    @Test("sends any webhook, with the right signature or another one")
    func webhooks() async throws {
        try await TestWorld.run { test in
            var webhook: JSONTree = [
                "topic": "orders/create", "shop": "demo.myshopify.com", "deliveryId": "d-1", "body": "{not json",
            ]
            let sent = try await test.api("POST", "/webhooks", webhook)
            #expect(sent.json["deliveryId"] == "d-1")
            #expect(sent.json["status"] == 200)
            webhook["signature"] = "wrong"
            _ = try await test.api("POST", "/webhooks", webhook)
            webhook["signature"] = ""
            _ = try await test.api("POST", "/webhooks", webhook)
            let signatures = test.daemons.requests.map { $0.headers["X-Shopify-Hmac-Sha256"] }
            let right = ShopifyWebhook.sign(body: Array("{not json".utf8), secret: Secret(text: TestWorld.secret))
            #expect(signatures == [right, "wrong", nil])
            #expect(test.daemons.requests.map { $0.headers["X-Shopify-Webhook-Id"] } == ["d-1", "d-1", "d-1"])
        }
    }

    @Test("passes a typed code on to Verifier, and its answer back")
    func verify() async throws {
        try await TestWorld.run { test in
            test.daemons.answer(.json(["verdict": "mismatch"] as JSONTree), .problem(429).with("Retry-After", "3"))
            let answer = try await test.api("POST", "/verify", ["token": "ab-12", "code": "123456"])
            #expect(answer.json["verdict"] == "mismatch")
            let asked = try #require(test.daemons.requests.first)
            #expect(asked.path == "/api/v1/verifications/ab-12/attempts")
            #expect(JSONTree(parsing: asked.body) == ["code": "123456"])
            let body: JSONTree = ["token": "ab-12", "code": "1"]
            let slow = try await test.send("POST", "/sandbox/api/verify", body: body.bytes)
            #expect(slow.status == 429)
            #expect(slow.headers["Retry-After"] == "3")
            for bad in ["", "../x", "a b", "a?b"] {
                #expect(try await test.api("POST", "/verify", ["token": .string(bad)]).status == 400)
            }
        }
    }
}
