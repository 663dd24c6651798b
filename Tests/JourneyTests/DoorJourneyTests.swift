import Foundation
import HTTP
import Pipeline
import TestWorld
import Testing

/// What the doors refuse, and what they take although it makes no sense.
@Suite("At the doors", .world)
struct DoorJourneyTests {
    private let world = World.now

    private func post(_ body: String, shop: String, signature: String?) async throws -> OutboundResponse {
        var headers: HTTPHeaders = [
            "Content-Type": "application/json", "X-Shopify-Topic": "orders/create",
            "X-Shopify-Shop-Domain": shop, "X-Shopify-Webhook-Id": UUID().uuidString,
        ]
        if let signature { headers.set("X-Shopify-Hmac-Sha256", signature) }
        return try await world.http.send(
            OutboundRequest(
                method: "POST", url: "http://127.0.0.1:\(world.ports.ingest)/webhooks/shopify", headers: headers,
                body: Array(body.utf8), deadline: .seconds(10)))
    }

    @Test("a missing or wrong signature is 401, whatever the body")
    func signature() async throws {
        #expect(try await post("{}", shop: "a.myshopify.com", signature: nil).status == 401)
        #expect(try await post("{}", shop: "a.myshopify.com", signature: "AAAA").status == 401)
    }

    @Test("a body announced too large is 413")
    func tooLarge() async throws {
        let body = String(repeating: "x", count: (2 << 20) + 1)
        #expect(try await post(body, shop: "a.myshopify.com", signature: "AAAA").status == 413)
    }

    @Test("a webhook of an unknown shop is taken and leaves nothing behind")
    func unknownShop() async throws {
        let marker = "marker-\(UUID().uuidString)"
        let answer = try await world.sandbox(
            "POST", "/webhooks",
            ["topic": "orders/create", "shop": "unknown.myshopify.com", "body": "{\"id\":1,\"note\":\"\(marker)\"}"])
        #expect(answer.json["status"] as? Int == 200)
        let shop = "after-unknown.myshopify.com"
        try await world.register(shop)
        _ = try await world.place(shop, phone: "+12025550190")
        _ = try await world.text(to: "+12025550190")
        #expect(!world.topics.on(Catalogue.webhooks).contains { $0.key == Array("unknown.myshopify.com".utf8) })
    }

    @Test(
        "a signed webhook nobody can understand is taken, and put aside sealed with its reason",
        arguments: [
            ("orders/create", "this is not JSON"), ("orders/create", "{\"no\":\"order\"}"), ("products/nonsense", "{}"),
        ])
    func malformed(topic: String, body: String) async throws {
        let shop = "malformed-\(body.count)-\(topic.count).myshopify.com"
        try await world.register(shop)
        let answer = try await world.sandbox("POST", "/webhooks", ["topic": topic, "shop": shop, "body": body])
        #expect(answer.json["status"] as? Int == 200)
        let letter = try await world.eventually("the dead letter") {
            world.topics.on(Catalogue.dead).first { $0.key == Array(shop.utf8) }
        }
        #expect(letter.header("reason")?.isEmpty == false)
        let value = String(decoding: letter.value ?? [], as: UTF8.self)
        #expect(!value.contains(body) || body == "{}")
    }

    @Test("31 forged links from an address keep its other shoppers neither from the page nor from their code")
    func sharedAddress() async throws {
        let shop = "shared-address.myshopify.com"
        let phone = "+12025550191"
        try await world.register(shop)
        _ = try await world.place(shop, phone: phone)
        let text = try await world.text(to: phone)
        func send(_ method: String, _ path: String, _ body: String = "") async throws -> OutboundResponse {
            try await world.http.send(
                OutboundRequest(
                    method: method, url: "http://127.0.0.1:\(world.ports.verifier)\(path)",
                    headers: ["X-Forwarded-For": "198.51.100.91"], body: Array(body.utf8), deadline: .seconds(10)))
        }
        for _ in 0..<31 {
            #expect([404, 429].contains(try await send("GET", "/v/\(UUID().uuidString.lowercased())").status))
        }
        #expect(try await send("GET", "/v/\(UUID().uuidString.lowercased())").status == 429)
        for behind in ["", ".", "/", "%E2%80%9D"] {
            #expect(try await send("GET", "/v/\(text.token)\(behind)").status == 200)
        }
        let page = try await send("POST", "/v/\(text.token)).", "code=%22\(text.code)%22,")
        #expect(page.status == 200 && String(decoding: page.body, as: UTF8.self).contains("Thank you!"))
    }

    @Test(
        "topics of Shopify's that nobody reads, and the admin's test notification, are taken and leave nothing behind")
    func notForUs() async throws {
        let shop = "not-for-us.myshopify.com"
        try await world.register(shop)
        let notification =
            #"{"id":820982911946154508,"created_at":"2021-12-31T19:00:00-05:00","test":true,"cancelled_at":null,"#
            + #""order_status_url":"https://jsmith.myshopify.com/548380009/orders/b19/authenticate?key=a"}"#
        for (topic, body) in [("orders/edited", "{}"), ("carts/update", "[]"), ("orders/create", notification)] {
            let answer = try await world.sandbox("POST", "/webhooks", ["topic": topic, "shop": shop, "body": body])
            #expect(answer.json["status"] as? Int == 200)
        }
        // What comes after them is decided after them.
        _ = try await world.place(shop, phone: "+12025550184")
        _ = try await world.text(to: "+12025550184")
        #expect(!world.topics.on(Catalogue.dead).contains { $0.key == Array(shop.utf8) })
    }

    @Test("the admin door wants its token, and names every problem of a body")
    func admin() async throws {
        let url = "http://127.0.0.1:\(world.ports.ingest)/admin/shops/admin.myshopify.com"
        #expect(try await world.call("GET", url).status == 401)
        let authorized: HTTPHeaders = ["Authorization": "Bearer \(world.secrets.adminToken)"]
        #expect(try await world.call("GET", url, headers: authorized).status == 404)
        let bad = try await world.call(
            "PUT", url,
            [
                "platform": "shopify", "plan": "huge", "colour": "red",
                "settings": ["timerSeconds": 1, "codeLength": 99],
            ], headers: authorized)
        #expect(bad.status == 400)
        let errors = bad.json["errors"] as? [String] ?? []
        for name in ["accessToken", "plan", "colour", "timerSeconds", "codeLength"] {
            #expect(errors.contains { $0.contains(name) }, "\(name) is not named in \(errors)")
        }
    }
}

/// Kafka away: the sandbox, and with it the broker, is stopped for a while.
@Suite("Kafka away", .disabled(if: Broker.real != nil, "the broker that is stopped is the sandbox's"), .world)
struct KafkaAwayTests {
    @Test("Ingest says 503 within a second, every daemon is unready within seconds, and all recover by themselves")
    func away() async throws {
        let world = World.now
        let shop = "away.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: "+12025550191")
        let body = String(
            decoding: try JSONSerialization.data(
                withJSONObject: try await world.sandbox("GET", "/orders/\(order.id)/payload").json), as: UTF8.self)
        let signature = Signature.shopify(body, secret: world.secrets.clientSecret)
        let request = OutboundRequest(
            method: "POST", url: "http://127.0.0.1:\(world.ports.ingest)/webhooks/shopify",
            headers: [
                "X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": shop,
                "X-Shopify-Webhook-Id": UUID().uuidString, "X-Shopify-Hmac-Sha256": signature,
            ], body: Array(body.utf8), deadline: .seconds(10))
        #expect(try await world.http.send(request).status == 200)
        world["otp-sandbox"].signal(SIGSTOP)
        defer { world["otp-sandbox"].signal(SIGCONT) }
        for _ in 0..<3 {
            let start = ContinuousClock.now
            let answer = try await world.http.send(request)
            #expect(answer.status == 503)
            #expect(answer.headers["Retry-After"] != nil)
            #expect(ContinuousClock.now - start < .milliseconds(1100))
        }
        for daemon in Environment.daemons where daemon != "otp-sandbox" {
            _ = try await world.eventually("\(daemon) to be unready", within: 10) {
                try await readiness(daemon) == 503 ? true : nil
            }
        }
        world["otp-sandbox"].signal(SIGCONT)
        for daemon in Environment.daemons {
            _ = try await world.eventually("\(daemon) to be ready again", within: 30) {
                try await readiness(daemon) == 200 ? true : nil
            }
        }
        _ = try await world.eventually("Ingest to recover") {
            try await world.http.send(request).status == 200 ? true : nil
        }
    }

    private func readiness(_ daemon: String) async throws -> Int {
        let world = World.now
        let request = OutboundRequest(
            method: "GET", url: "http://127.0.0.1:\(world.ports[daemon])/readyz", headers: [:], body: [],
            deadline: .seconds(2))
        return try await world.http.send(request).status
    }
}
