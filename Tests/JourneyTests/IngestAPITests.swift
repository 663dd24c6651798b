import Foundation
import HTTP
import Platforms
import Security
import Testing

/// The published description of Ingest's door for operators and other platforms, held against the running daemon.
@Suite("The OpenAPI file of Ingest", .world, .timeLimit(.minutes(3)))
struct IngestAPITests {
    private static let event = "../schemas/order-webhook.schema.json"
    private let world = World.now
    private let api: PublishedAPI
    private let secret = Secret([UInt8](repeating: 9, count: 32))

    init() throws {
        api = try PublishedAPI(
            "ingest.json", headers: ["Cache-Control", "Retry-After", "ETag", "WWW-Authenticate"], schemas: [Self.event])
    }

    private func send(
        _ method: String, _ path: String, _ body: String = "", _ more: HTTPHeaders = [:], token: String? = nil
    ) async throws -> OutboundResponse {
        var headers = more
        headers.set("Authorization", "Bearer \(token ?? world.secrets.adminToken)")
        return try await world.http.send(
            OutboundRequest(
                method: method, url: "http://127.0.0.1:\(world.ports.ingest)/admin/shops\(path)", headers: headers,
                body: Array(body.utf8), deadline: .seconds(15)))
    }

    private func post(_ body: [UInt8], _ query: String = "?source=api.example.com", isSigned: Bool = true) async throws
        -> OutboundResponse
    {
        // Each is another delivery: one that is stored and comes again is answered from memory.
        let (id, timestamp) = (UUID().uuidString, Int64(Date.now.timeIntervalSince1970))
        let secrets = [isSigned ? secret : Secret([UInt8](repeating: 1, count: 32))]
        return try await world.http.send(
            OutboundRequest(
                method: "POST", url: "http://127.0.0.1:\(world.ports.ingest)/webhooks/orders\(query)",
                headers: [
                    "webhook-id": id, "webhook-timestamp": String(timestamp),
                    "webhook-signature": StandardWebhooks.sign(
                        id: id, timestamp: timestamp, body: body, secrets: secrets),
                ], body: body, deadline: .seconds(15)))
    }

    private var put: String {
        #"{"platform": "orders", "webhookSecrets": ["\#(StandardWebhooks.text(of: secret))"], "settings": {"name": null}}"#
    }

    private let large = #"{"platform": "\#(String(repeating: "x", count: 70_000))"}"#
    private let event = Array(
        """
        {"type": "order.updated", "timestamp": "2026-11-20T10:02:41Z",
         "data": {"shop": "api.example.com", "id": "1", "createdAt": "2026-11-20T10:02:40Z"}}
        """.utf8)

    @Test("every status of every operation is provoked, is as described, and nothing else comes")
    func complete() async throws {
        try await puts()
        try await events()
        try await patches()
        try await reads()
        try await away()
        try await tooFast()
        // Only while the shops are being read, which is over before anybody can ask.
        let early: Set = ["listShops 503", "getShop 503"]
        #expect(api.provoked.union(early) == (try api.described()))
    }

    @Test("every schema uses only what is checked, its examples hold, and every status has a description")
    func document() throws {
        try api.check()
    }

    private func puts() async throws {
        #expect(try api.isOfSchema("putShop", Array(put.utf8)))
        try api.expect("putShop", try await send("PUT", "/api.example.com", put), 200)
        try api.expect("putShop", try await send("PUT", "/api.example.com", put, ["If-None-Match": "*"]), 412)
        let bad = #"{"platform": "orders", "settings": {"active": null}}"#
        #expect(try !api.isOfSchema("putShop", Array(bad.utf8)))
        try api.expect("putShop", try await send("PUT", "/api.example.com", bad), 400)
        try api.expect("putShop", try await send("PUT", "/api.example.com", put, token: "wrong"), 401)
        try api.expect("putShop", try await send("PUT", "/api.example.com", large), 413)
        try api.expect(
            "putShop",
            try await send("PUT", "/api.myshopify.com", #"{"platform": "shopify", "accessToken": "shpat_x"}"#), 200)
    }

    private func events() async throws {
        #expect(try api.isOfSchema("orderEvent", event))
        try api.expect("orderEvent", try await post(event), 200)
        try api.expect("orderEvent", try await post(event, ""), 400)
        try api.expect("orderEvent", try await post(event, isSigned: false), 401)
        try api.expect("orderEvent", try await post(Array(repeating: 0x20, count: (2 << 20) + 1)), 413)
        let odd = Array(#"{"type": "order.sold", "timestamp": "now", "data": {"shop": "api.example.com"}}"#.utf8)
        #expect(try !api.isOfSchema("orderEvent", odd))
        try api.expect("orderEvent", try await post(odd), 422)
    }

    /// More at once than a source may.
    private func tooFast() async throws {
        let answers = try await withThrowingTaskGroup(of: OutboundResponse.self) { group in
            for _ in 0..<150 { group.addTask { try await post(event) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let refused = try #require(answers.first { $0.status == 429 })
        try api.expect("orderEvent", refused, 429)
        #expect(refused.headers["Retry-After"] != nil)
    }

    private func patches() async throws {
        let pause = #"{"plan": null, "settings": {"active": false, "channels": null, "skipVerified": null}}"#
        #expect(try api.isOfSchema("patchShop", Array(pause.utf8)))
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", pause), 200)
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", pause, ["If-Match": "\"x\""]), 412)
        let bad = #"{"accessToken": "shpat_x"}"#
        #expect(try !api.isOfSchema("patchShop", Array(bad.utf8)))
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", bad), 400)
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", pause, token: "wrong"), 401)
        try api.expect("patchShop", try await send("PATCH", "/nobody.example.com", pause), 404)
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", large), 413)
    }

    private func reads() async throws {
        let whole = """
            {"platform": "shopify", "accessToken": "shpat_x", "settings": {"texts": {"code": {"de": "{{code}} {{link}}"}},
             "countries": ["DE"], "staffNote": "n", "minimumTotal": "1.00", "name": "N", "colour": "#1a2b3c"}}
            """
        #expect(try api.isOfSchema("putShop", Array(whole.utf8)))
        try api.expect("putShop", try await send("PUT", "/api.myshopify.com", whole), 200)
        for shop in ["api.example.com", "api.myshopify.com"] {
            try api.expect("getShop", try await send("GET", "/\(shop)"), 200)
        }
        try api.expect("getShop", try await send("GET", "/nobody"), 400)
        try api.expect("getShop", try await send("GET", "/api.example.com", token: "wrong"), 401)
        try api.expect("getShop", try await send("GET", "/nobody.example.com"), 404)
        try api.expect("listShops", try await send("GET", "?limit=1"), 200)
        try api.expect("listShops", try await send("GET", "?after=api.example.com"), 200)
        try api.expect("listShops", try await send("GET", "?limit=0"), 400)
        try api.expect("listShops", try await send("GET", "", token: "wrong"), 401)
        try api.expect("deleteShop", try await send("DELETE", "/nobody"), 400)
        try api.expect("deleteShop", try await send("DELETE", "/nobody.example.com"), 404)
        try api.expect("deleteShop", try await send("DELETE", "/api.myshopify.com", token: "wrong"), 401)
        try api.expect("deleteShop", try await send("DELETE", "/api.myshopify.com"), 204)
    }

    /// Without Kafka.
    private func away() async throws {
        _ = try await world.sandbox("POST", "/kafka/faults", ["down": true])
        try api.expect("orderEvent", try await post(event), 503)
        try api.expect("putShop", try await send("PUT", "/api.example.com", put), 503)
        try api.expect("patchShop", try await send("PATCH", "/api.example.com", #"{"plan": "pro"}"#), 503)
        try api.expect("deleteShop", try await send("DELETE", "/api.example.com"), 503)
        _ = try await world.sandbox("DELETE", "/kafka/faults")
        _ = try await world.eventually("Kafka again", within: 40) {
            try await post(event).status == 200 ? true : nil
        }
    }
}
