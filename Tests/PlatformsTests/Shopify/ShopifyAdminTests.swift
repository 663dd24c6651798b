import HTTP
import Platforms
import Security
import Testing

@Suite("Shopify's Admin API")
struct ShopifyAdminTests {
    static let shop = ShopRef(domain: "demo.myshopify.com", accessToken: Secret(text: "shpat_secret"))
    static let gid = "gid://shopify/Order/6502000000002"

    static func admin(_ http: ScriptedHTTP, now: Int64 = 1_795_168_920_000) -> ShopAdmin {
        ShopifyAdmin.make(http: http.client, now: { now })
    }

    static func sample(_ file: String, _ part: String) throws -> [String: Any] {
        try #require(try Vectors.json("shopify/graphql/\(file).json")[part] as? [String: Any])
    }

    static func sent(_ http: ScriptedHTTP) throws -> (request: OutboundRequest, body: [String: Any]) {
        let request = try #require(http.requests.last)
        return (request, try Vectors.object(request.body))
    }

    @Test("A request goes to the shop's own address with its token")
    func request() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("tagsAdd", "response")))
        try await Self.admin(http).addTags(Self.shop, Self.gid, ["otp-verified"])
        let (request, body) = try Self.sent(http)
        #expect(request.method == "POST")
        #expect(request.url == "https://demo.myshopify.com/admin/api/2026-10/graphql.json")
        #expect(request.headers["X-Shopify-Access-Token"] == "shpat_secret")
        #expect(request.headers["Content-Type"] == "application/json")
        #expect(try Vectors.same(body, Self.sample("tagsAdd", "request")))
    }

    @Test(
        "The base may be another one, with or without the shop in it",
        arguments: [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/admin/api/unstable/graphql.json"),
            (
                "http://127.0.0.1:9000/{shop}/",
                "http://127.0.0.1:9000/demo.myshopify.com/admin/api/unstable/graphql.json"
            ),
        ])
    func base(base: String, url: String) async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("tagsAdd", "response")))
        let admin = ShopifyAdmin.make(http: http.client, baseURL: base, version: "unstable")
        try await admin.addTags(Self.shop, Self.gid, [])
        #expect(http.requests.last?.url == url)
    }

    @Test("A domain that is no shop's never becomes a URL")
    func domain() async {
        let http = ScriptedHTTP()
        let shop = ShopRef(domain: "evil.example.com/?", accessToken: Secret(text: "t"))
        await #expect(throws: ShopAdminError.self) { try await Self.admin(http).order(shop, Self.gid) }
        #expect(http.requests.isEmpty)
    }

    @Test("An order is read as it is at the shop")
    func order() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("order-query", "response")))
        let order = try await Self.admin(http).order(Self.shop, Self.gid)
        #expect(
            order
                == OrderSnapshot(
                    gid: Self.gid, fulfillment: "UNFULFILLED", financial: "PENDING", tags: ["otp-pending"]))
        #expect(try Self.sent(http).body["variables"] as? [String: String] == ["id": Self.gid])
    }

    @Test("A cancelled order has its time, a missing one is nil")
    func cancelledOrMissing() async throws {
        let cancelled = [
            "data": [
                "order": [
                    "id": Self.gid, "cancelledAt": "2026-11-20T10:02:40Z", "tags": [], "note": "hello",
                    "displayFulfillmentStatus": "UNFULFILLED",
                ]
            ]
        ]
        let http = ScriptedHTTP(
            try .json(200, cancelled), .answer(200, Array(#"{"data":{"order":null}}"#.utf8)))
        let order = try await Self.admin(http).order(Self.shop, Self.gid)
        #expect(order?.cancelledAt == 1_795_168_960_000)
        #expect(order?.note == "hello")
        #expect(try await Self.admin(http).order(Self.shop, Self.gid) == nil)
    }

    @Test("Tags are removed and notes written by the schema's input")
    func tagsAndNote() async throws {
        let http = ScriptedHTTP(
            .answer(200, Array(#"{"data":{"tagsRemove":{"node":{"id":"x"},"userErrors":[]}}}"#.utf8)),
            .answer(200, Array(#"{"data":{"orderUpdate":{"order":{"id":"x"},"userErrors":[]}}}"#.utf8)))
        let admin = Self.admin(http)
        try await admin.removeTags(Self.shop, Self.gid, ["otp-pending"])
        #expect(try Self.sent(http).body["query"] as? String == ShopifyOperation.tagsRemove.document)
        try await admin.setNote(Self.shop, Self.gid, "Phone verified")
        let variables = try Self.sent(http).body["variables"] as? [String: [String: String]]
        #expect(variables == ["input": ["id": Self.gid, "note": "Phone verified"]])
    }

    @Test("A cancellation is asked for as in the sample, and its job followed to the end")
    func cancel() async throws {
        let poll = try Self.sample("orderCancel", "job_poll")
        let http = ScriptedHTTP(
            try .json(200, Self.sample("orderCancel", "response_ok")),
            try .json(200, #require(poll["response"])), .answer(200, Array(#"{"data":{"job":null}}"#.utf8)))
        let admin = Self.admin(http)
        let cancellation = OrderCancellation(orderGid: Self.gid, staffNote: "Phone not verified in time")
        let job = try await admin.cancel(Self.shop, cancellation)
        let id = "gid://shopify/Job/8b7f2c1e-0000-4000-8000-000000000000"
        #expect(job == CancelJob(id: id, done: false))
        #expect(try Vectors.same(Self.sent(http).body, Self.sample("orderCancel", "request")))
        #expect(try await admin.jobDone(Self.shop, id))
        #expect(try Self.sent(http).body["variables"] as? [String: String] == ["id": id])
        #expect(try await admin.jobDone(Self.shop, id), "a job that is forgotten has ended")
    }

    @Test("A staff note is cut to what Shopify takes")
    func staffNote() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("orderCancel", "response_ok")))
        let cancellation = OrderCancellation(orderGid: Self.gid, staffNote: String(repeating: "é", count: 300))
        _ = try await Self.admin(http).cancel(Self.shop, cancellation)
        let variables = try Self.sent(http).body["variables"] as? [String: Any]
        #expect((variables?["staffNote"] as? String)?.count == 255)
    }

    @Test("Refund, restock and notice are asked for as told, and no other way", arguments: [true, false])
    func cancelSwitches(isOn: Bool) async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("orderCancel", "response_ok")))
        _ = try await Self.admin(http).cancel(
            Self.shop,
            OrderCancellation(orderGid: Self.gid, refund: isOn, restock: !isOn, notifyCustomer: isOn, staffNote: nil))
        let variables = try #require(try Self.sent(http).body["variables"] as? [String: Any])
        #expect(variables["refundMethod"] as? [String: Bool] == ["originalPaymentMethodsRefund": isOn])
        #expect(variables["restock"] as? Bool == !isOn)
        #expect(variables["notifyCustomer"] as? Bool == isOn)
        #expect(variables["staffNote"] as? String == nil)
    }

    @Test("INVALID on an order that is cancelled already is success, on another it is the shop's no")
    func alreadyCancelled() async throws {
        let invalid = try Self.sample("orderCancel", "response_error")
        func order(_ cancelledAt: String) -> [UInt8] {
            Array(#"{"data":{"order":{"id":"x","cancelledAt":\#(cancelledAt),"tags":[]}}}"#.utf8)
        }
        let http = ScriptedHTTP(
            try .json(200, invalid), .answer(200, order(#""2026-11-20T10:02:40Z""#)),
            try .json(200, invalid), .answer(200, order("null")))
        let admin = Self.admin(http)
        let cancellation = OrderCancellation(orderGid: Self.gid)
        #expect(try await admin.cancel(Self.shop, cancellation) == CancelJob(id: nil, done: true))
        let error = await #expect(throws: ShopAdminError.self) { try await admin.cancel(Self.shop, cancellation) }
        #expect(error?.kind == .business(message: "Cannot cancel order", code: "INVALID"))
        #expect(error?.retry == .never)
    }
}
