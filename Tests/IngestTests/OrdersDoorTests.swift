import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Ingest

@Suite("The door of other platforms")
struct OrdersDoorTests {
    private let other = Secret([UInt8](repeating: 6, count: 24))

    private func open() async throws -> Bench {
        let bench = try Bench()
        #expect(try await bench.putSource().status == 200)
        return bench
    }

    @Test("a signed event is sealed, stored and answered 200; the order leads to a request")
    func accepted() async throws {
        let bench = try await open()
        let body = try Bench.event()
        let sent = bench.sent.count
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 200)
        let record = try #require(bench.sent.last)
        #expect(bench.sent.count == sent + 1)
        guard case .webhook(let webhook) = try WebhookMessage(record.incoming) else {
            Issue.record("no webhook")
            return
        }
        #expect(webhook.platform == "orders" && webhook.deliveryId?.hasPrefix("msg_") == true)
        #expect(record.keyText == Bench.source)
        #expect(String(decoding: record.value ?? [], as: UTF8.self).firstRange(of: "56789") == nil)
        let requests = bench.staged.filter { $0.record.topic == bench.topology.name(Catalogue.requests) }
        #expect(requests.count == 1)
        #expect(bench.dead() == [])
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="orders",result="accepted""#) == 1)
    }

    @Test(
        "what is signed and can't be understood is 422 with every place named, and nothing is sent",
        arguments: [
            (["type": "order.sold"], ["#/type"]), (["timestamp": "now"], ["#/timestamp"]), (["data": nil], ["#/data"]),
            (["data.id": nil, "data.createdAt": "yesterday"], ["#/data/id", "#/data/createdAt"]),
            (["data.id": "#1"], ["#/data/id"]), (["data.shop": "another.example.com"], ["#/data/shop"]),
            (["data.shop": "x", "data.tags": "a,b"], ["#/data/shop", "#/data/tags"]),
            (
                [
                    "data.total": ["amount": "12,50", "currency": "Euro"], "data.shipping": ["country": "Germany"],
                    "data.fulfilled": "shipped", "data.customer": "Ann",
                ],
                [
                    "#/data/total/amount", "#/data/total/currency", "#/data/shipping/country", "#/data/fulfilled",
                    "#/data/customer",
                ]
            ),
        ] as [([String: (any Sendable)?], [String])])
    func misfit(changes: [String: (any Sendable)?], places: [String]) async throws {
        let bench = try await open()
        let sent = bench.sent.count
        let answer = try #require(bench.orderAnswer(bench.orderPost(try Bench.event("order.created", changes))))
        #expect(answer.status == 422)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        let errors = try #require(try answer.json()["errors"] as? [[String: String]])
        #expect(Set(errors.compactMap { $0["pointer"] }) == Set(places), "\(errors)")
        #expect(errors.allSatisfy { $0["detail"]?.isEmpty == false && !"\($0)".contains("12,50") })
        #expect(bench.sent.count == sent)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="orders",result="misfit""#) == 1)
    }

    @Test("what is no JSON object is 422 of the whole body, once its signature fits", arguments: ["", "{", "[]", "7"])
    func noJSON(body: String) async throws {
        let bench = try await open()
        let answer = bench.orderAnswer(bench.orderPost(Array(body.utf8)))
        let errors = try #require(try answer?.json()["errors"] as? [[String: String]])
        #expect(answer?.status == 422 && errors.map { $0["pointer"] } == ["#"])
        #expect(bench.orderAnswer(bench.orderPost(Array(body.utf8), secrets: [other]))?.status == 401)
    }

    @Test("only what is known is stored, as it was understood, however much came with it")
    func known() async throws {
        let bench = try await open()
        let items = (0..<200).map { ["sku": "sku-\($0)", "title": String(repeating: "x", count: 1500)] }
        let body = try Bench.event(
            "order.created",
            [
                "data.items": items, "data.note": "gift for Ann", "data.id": 1001, "data.shipping.country": "in",
                "data.customer": [String](), "data.createdAt": "2026-11-20 10:02:46", "data.billing": "",
                "data.total": ["amount": 12.5, "currency": "inr", "tax": "1"],
            ])
        #expect(body.count > 300_000)
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 200)
        let stored = try bench.lastBody()
        let text = String(decoding: stored, as: UTF8.self)
        #expect(stored.count < 1000 && !text.contains("sku") && !text.contains("Ann") && !text.contains("tax"))
        let event = try OrderEvent.decode(stored)
        #expect(event.id == "1001" && event.createdAt == 1_795_168_966_000 && event.shipping?.country == "IN")
        #expect(event.total?.amount == "12.5" && event.total?.currency == "INR")
        #expect(bench.staged.on(Catalogue.requests, bench).count == 1 && bench.dead() == [])
    }

    @Test("fifty events at once, then 429 with Retry-After, for this source alone and only once it signed")
    func tooFast() async throws {
        let bench = try await open()
        let body = try Bench.event()
        for _ in 0..<60 { #expect(bench.orderAnswer(bench.orderPost(body, secrets: [other]))?.status == 401) }
        for index in 0..<50 {
            #expect(bench.orderAnswer(bench.orderPost(index == 0 ? Array("{".utf8) : body))?.status != 429)
        }
        let sent = bench.sent.count
        let answer = bench.orderAnswer(bench.orderPost(body))
        #expect(answer?.status == 429 && answer?.headers["Retry-After"] == "1" && bench.sent.count == sent)
        #expect(answer?.headers["Content-Type"] == "application/problem+json")
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="orders",result="throttled""#) == 1)
        #expect(bench.orderAnswer(bench.orderPost(body, secrets: [other]))?.status == 401)
        _ = try await bench.putSource("tea.example.com")
        let tea = try Bench.event("order.created", ["data.shop": "tea.example.com"])
        #expect(bench.orderAnswer(bench.orderPost(tea, source: "tea.example.com"))?.status == 200)
        bench.clock.advance(by: .milliseconds(50))
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 200)
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 429)
    }

    @Test("what was stored and comes again is 200 and takes nothing of the pace; what was not is never lost")
    func repeated() async throws {
        let bench = try await open()
        let body = try Bench.event()
        // Refused, then not stored: neither is known.
        #expect(bench.orderAnswer(bench.orderPost(Array("{".utf8), id: "msg_bad"))?.status == 422)
        #expect(bench.orderAnswer(bench.orderPost(Array("{".utf8), id: "msg_bad"))?.status == 422)
        bench.refusals = 1
        let lost = bench.orderPost(body, id: "msg_lost")
        #expect(bench.orderAnswer(lost)?.status == 503)
        let sent = bench.sent.count
        #expect(bench.orderAnswer(lost)?.status == 200 && bench.sent.count == sent + 1)
        for _ in 0..<200 { #expect(bench.orderAnswer(lost)?.status == 200) }
        #expect(bench.sent.count == sent + 1)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="orders",result="repeated""#) == 200)
        // Another body under the same id, and other events, go on as ever.
        let other = try Bench.event("order.created", ["data.id": "1002"])
        #expect(bench.orderAnswer(bench.orderPost(other, id: "msg_lost"))?.status == 200)
        #expect(bench.sent.count == sent + 2)
        for _ in 0..<45 { #expect(bench.orderAnswer(bench.orderPost(body))?.status == 200) }
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 429)
        #expect(bench.orderAnswer(lost)?.status == 200)
        bench.clock.advance(by: .seconds(301))
        #expect(bench.orderAnswer(lost)?.status == 401)
    }

    @Test("what is not signed by one of the source's secrets, lately, is 401, and nothing is sent")
    func refused() async throws {
        let bench = try await open()
        let body = try Bench.event()
        let sent = bench.sent.count
        let requests = [
            bench.orderPost(body, secrets: [other]),
            bench.orderPost(body, secrets: []),
            bench.orderPost(body, ago: 301),
            bench.orderPost(body, ago: -301),
            bench.orderPost(body) { $0.remove("webhook-signature") },
            bench.orderPost(body) { $0.remove("webhook-id") },
            bench.orderPost(body) { $0.set("webhook-timestamp", "soon") },
            bench.orderPost(body) { $0.set("webhook-id", "msg_2") },
            bench.orderPost(body, source: "unknown.example.com"),
            bench.orderPost(body, source: "unknown.example.com", secrets: bench.secrets.decoys + [other]),
            bench.orderPost(body, source: "unknown.myshopify.com"),
        ]
        for request in requests {
            let answer = bench.orderAnswer(request)
            #expect(answer?.status == 401)
            #expect(answer?.headers["Content-Type"] == "application/problem+json")
        }
        #expect(bench.sent.count == sent)
        #expect(
            bench.metric("otp_ingest_webhooks_total", #"source="orders",result="unsigned""#) == Double(requests.count))
    }

    @Test("an unknown source, one with a key only and a wrong signature are told apart by nothing")
    func secretive() async throws {
        let bench = try await open()
        bench.feed(
            WebhookMessage.shopKey(.init(platform: "orders", putId: "p")).record(
                shop: "half.example.com", bench.topology))
        try bench.install()
        let body = try Bench.event()
        let answers = ["unknown.example.com", "half.example.com", Bench.shop, Bench.source].map {
            bench.orderAnswer(bench.orderPost(body, source: $0, secrets: [other]))
        }
        #expect(Set(answers.map { $0?.text }).count == 1)
        #expect(answers.allSatisfy { $0?.status == 401 })
    }

    @Test(
        "an address that names no source, or two, is 400",
        arguments: ["", "?source=", "?source=x", "?source=a.example&source=a.example", "?shop=shop.example.com"])
    func noSource(query: String) async throws {
        let bench = try await open()
        var request = bench.orderPost(try Bench.event())
        request = HTTPRequest(
            method: "POST", target: "/webhooks/orders\(query)", headers: request.headers, body: request.body)
        #expect(bench.orderAnswer(request)?.status == 400)
    }

    @Test("until the shops are read, and while Kafka is away, it is 503 with Retry-After")
    func away() async throws {
        let bench = try await open()
        let body = try Bench.event()
        bench.isCaughtUp = false
        let early = bench.orderAnswer(bench.orderPost(body))
        #expect(early?.status == 503 && early?.headers["Retry-After"] != nil)
        bench.isCaughtUp = true
        bench.kafka = .full
        let away = bench.orderAnswer(bench.orderPost(body))
        #expect(away?.status == 503 && away?.headers["Retry-After"] != nil)
        bench.kafka = .acknowledging
        #expect(bench.orderAnswer(bench.orderPost(body))?.status == 200)
    }

    @Test("while a secret is rotated both count; once it is gone the old one does not")
    func rotation() async throws {
        let bench = try await open()
        let body = try Bench.event()
        func status(_ secrets: [Secret]) -> Int? {
            bench.orderAnswer(bench.orderPost(body, secrets: secrets))?.status
        }
        #expect(status([Bench.sourceSecret]) == 200 && status([other]) == 401)
        _ = try await bench.putSource(secrets: [other, Bench.sourceSecret])
        #expect(status([Bench.sourceSecret]) == 200 && status([other]) == 200)
        #expect(status([Bench.sourceSecret, other]) == 200)
        _ = try await bench.putSource(secrets: [other])
        #expect(status([Bench.sourceSecret]) == 401 && status([other]) == 200)
        _ = await bench.admin.delete(bench.admin("DELETE"), Bench.source)
        #expect(status([other]) == 401)
        // The new shop of that name has a new key, and secrets of its own.
        _ = try await bench.putSource()
        #expect(status([other]) == 401 && status([Bench.sourceSecret]) == 200)
    }

    @Test("the secrets are stored sealed, and shown to nobody")
    func sealed() async throws {
        let bench = try await open()
        let put = try await bench.putSource(secrets: [other])
        let got = await bench.admin.get(bench.admin("GET"), Bench.source)
        for answer in [put, got] {
            #expect(answer.status == 200)
            let json = try answer.json()
            #expect(json["webhookSecrets"] as? String == "•••" && json["accessToken"] is NSNull)
            #expect(json["platform"] as? String == "orders")
        }
        let text = StandardWebhooks.text(of: other).dropFirst(6)
        for record in bench.sent + bench.staged.map(\.record) {
            #expect(String(decoding: record.value ?? [], as: UTF8.self).firstRange(of: text) == nil)
        }
        let (record, key) = try #require(bench.directory.current(Bench.source))
        let kept = try #require(record.installation?.webhookSecrets)
        #expect(bench.secrets.of(Bench.source, kept, key) == [other])
    }

    @Test(
        "what an operator can't put: each with its reason",
        arguments: [
            (#"{"platform": "orders"}"#, "webhookSecrets: missing"),
            (#"{"platform": "orders", "webhookSecrets": []}"#, "webhookSecrets: must be 1 to 5"),
            (#"{"platform": "orders", "webhookSecrets": "whsec_x"}"#, "webhookSecrets: must be a list of texts"),
            (#"{"platform": "orders", "webhookSecrets": ["whsec_AAAA"]}"#, "webhookSecrets: must be 1 to 5"),
            (#"{"platform": "shopify", "accessToken": "t"}"#, #"platform: must be "orders""#),
            (#"{"platform": "woocommerce"}"#, #"platform: must be "orders""#),
            (
                #"{"platform": "orders", "accessToken": "t", "webhookSecrets": ["\#(StandardWebhooks.text(of: Bench.sourceSecret))"]}"#,
                "accessToken: unknown field"
            ),
        ])
    func badPut(body: String, problem: String) async throws {
        let bench = try Bench()
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.source)
        #expect(answer.status == 400)
        let errors = try #require(try answer.json()["errors"] as? [String])
        #expect(errors.contains { $0.hasPrefix(problem) }, "\(errors)")
        #expect(bench.sent.isEmpty)
    }

    @Test("a Shopify shop has a token and no webhook secrets of its own")
    func shopify() async throws {
        let bench = try Bench()
        let body = #"{"platform": "shopify", "accessToken": "t", "webhookSecrets": []}"#
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.shop)
        #expect(try answer.json()["errors"] as? [String] == ["webhookSecrets: unknown field"])
    }
}
