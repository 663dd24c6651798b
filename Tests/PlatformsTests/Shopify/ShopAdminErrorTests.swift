import HTTP
import Platforms
import Security
import Testing

@Suite("Refusals of Shopify's Admin API")
struct ShopAdminErrorTests {
    typealias Kind = ShopAdminError.Kind

    static func failure(_ answer: Result<OutboundResponse, OutboundError>) async -> ShopAdminError? {
        await #expect(throws: ShopAdminError.self) {
            try await ShopifyAdminTests.admin(ScriptedHTTP(answer)).addTags(ShopifyAdminTests.shop, "gid", ["t"])
        }
    }

    @Test(
        "The HTTP status tells the kind and whether to come back",
        arguments: [
            (400, .rejected, .never), (401, .unauthorized, .never), (402, .frozen, .after(.seconds(3600))),
            (403, .accessDenied, .never), (404, .notFound, .never), (408, .transient, .after(.seconds(1))),
            (423, .frozen, .after(.seconds(3600))), (429, .throttled(after: .seconds(2)), .after(.seconds(2))),
            (301, .rejected, .never), (500, .transient, .after(.seconds(1))), (502, .transient, .after(.seconds(1))),
            (503, .transient, .after(.seconds(1))), (504, .transient, .after(.seconds(1))),
        ] as [(Int, Kind, ShopAdminError.Retry)])
    func statuses(status: Int, kind: Kind, retry: ShopAdminError.Retry) async {
        let error = await Self.failure(.answer(status, Array("<html>".utf8), headers: ["x-request-id": "r-1"]))
        #expect(error?.kind == kind)
        #expect(error?.retry == retry)
        #expect(error?.requestId == "r-1")
        #expect(error?.description == "tagsAdd: HTTP \(status) (request r-1)")
    }

    @Test(
        "Retry-After is honoured in both forms",
        arguments: [
            (429, "7", Duration.seconds(7)), (503, "7", .seconds(7)),
            (503, "Fri, 20 Nov 2026 10:02:41 GMT", .seconds(41)),
        ])
    func retryAfter(status: Int, header: String, wait: Duration) async {
        let error = await Self.failure(.answer(status, headers: ["Retry-After": header]))
        #expect(error?.retry == .after(wait))
    }

    @Test("Throttled comes as HTTP 200: the wait is what is missing by the rate")
    func throttled() async throws {
        let body = try #require(try Vectors.json("shopify/graphql/throttled.json")["body"])
        let error = await Self.failure(try .json(200, body))
        #expect(error?.kind == .throttled(after: .seconds(1)))
        let dearer =
            #"{"errors":[{"message":"x","extensions":{"code":"THROTTLED"}}],"extensions":{"cost":{"#
            + #""requestedQueryCost":900,"throttleStatus":{"maximumAvailable":2000.0,"currentlyAvailable":118,"#
            + #""restoreRate":100.0}}}}"#
        #expect(await Self.failure(.answer(200, Array(dearer.utf8)))?.retry == .after(.seconds(8)))
        let bare = #"{"errors":[{"extensions":{"code":"THROTTLED"}}]}"#
        #expect(await Self.failure(.answer(200, Array(bare.utf8)))?.retry == .after(.seconds(1)))
    }

    @Test("Access denied comes as HTTP 200 too, with data of any shape beside it")
    func accessDenied() async throws {
        let body = try #require(try Vectors.json("shopify/graphql/access-denied.json")["body"])
        #expect(await Self.failure(try .json(200, body))?.kind == .accessDenied)
    }

    @Test(
        "Other codes of GraphQL errors",
        arguments: [
            ("INTERNAL_SERVER_ERROR", .transient), ("SHOP_INACTIVE", .frozen), ("MAX_COST_EXCEEDED", .rejected),
            ("undefinedField", .rejected),
        ] as [(String, Kind)])
    func codes(code: String, kind: Kind) async throws {
        let error = await Self.failure(try .json(200, ["errors": [["message": "m", "extensions": ["code": code]]]]))
        #expect(error?.kind == kind)
    }

    @Test("What the shop itself refuses is business, with Shopify's words")
    func business() async throws {
        let body = try ShopifyAdminTests.sample("tagsAdd", "response_not_found")
        let error = await Self.failure(try .json(200, body))
        #expect(error?.kind == .business(message: "Invalid id", code: nil))
        #expect(error?.retry == .never)
    }

    @Test(
        "An answer that is none is transient",
        arguments: [
            "", "<html>", "{}", #"{"data":null}"#, #"{"data":{}}"#, #"{"data":{"tagsAdd":null}}"#,
            #"{"data":{"tagsAdd":{"node":null}}}"#, "[]",
        ])
    func unusable(body: String) async {
        #expect(await Self.failure(.answer(200, Array(body.utf8)))?.kind == .transient)
    }

    @Test("No answer is transient, sent or not", arguments: [true, false])
    func lost(maybeSent: Bool) async {
        let error = await Self.failure(.lost(.timedOut, maybeSent: maybeSent))
        #expect(error?.kind == .transient)
        #expect(error?.message == "tagsAdd: no answer, timedOut")
    }

    @Test("A shop without points left is not asked again before its time, another one is")
    func pacing() async throws {
        let body = try #require(try Vectors.json("shopify/graphql/throttled.json")["body"])
        let spent =
            #"{"data":{"tagsAdd":{"userErrors":[]}},"extensions":{"cost":{"throttleStatus":"#
            + #"{"maximumAvailable":100,"currentlyAvailable":3,"restoreRate":1}}}}"#
        let http = ScriptedHTTP(.answer(200, Array(spent.utf8)), try .json(200, body))
        let admin = ShopifyAdminTests.admin(http)
        try await admin.addTags(ShopifyAdminTests.shop, "gid", ["t"])
        let error = await #expect(throws: ShopAdminError.self) {
            try await admin.addTags(ShopifyAdminTests.shop, "gid", ["t"])
        }
        #expect(error?.kind == .throttled(after: .seconds(7)))
        #expect(http.requests.count == 1)
        let other = ShopRef(domain: "other.myshopify.com", accessToken: Secret(text: "t"))
        await #expect(throws: ShopAdminError.self) { try await admin.addTags(other, "gid", ["t"]) }
        #expect(http.requests.count == 2)
    }

    @Test("After Retry-After the shop is left alone for so long")
    func held() async {
        let http = ScriptedHTTP(.answer(429, headers: ["Retry-After": "5"]))
        let admin = ShopifyAdminTests.admin(http)
        for _ in 0..<2 {
            let error = await #expect(throws: ShopAdminError.self) {
                try await admin.addTags(ShopifyAdminTests.shop, "gid", ["t"])
            }
            #expect(error?.kind == .throttled(after: .seconds(5)))
        }
        #expect(http.requests.count == 1)
    }
}
