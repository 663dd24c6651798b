import Base
import HTTP
import Platforms
import Security
import Testing

@testable import Sandbox

@Suite("The stand-in Shopify's tokens")
struct StandInOAuthTests {
    private static let shop = TestWorld.shop
    private static let order = ShopifyOperation.order.document

    private static func oauth(_ test: TestWorld, secret: String = TestWorld.secret) -> ShopOAuth {
        ShopifyOAuth.make(
            http: test.http, baseURL: test.base + "/shopify/{shop}", clientId: "sandbox-client-id",
            clientSecret: Secret(text: secret))
    }

    private static func opens(_ test: TestWorld, _ token: Secret) async throws -> Bool {
        try await test.graphQL(order, ["id": "gid://shopify/Order/1"], token: token.text).status == 200
    }

    @Test("a session token is exchanged for a pair; a bad one, another shop's, and a wrong secret are refused")
    func exchange() async throws {
        try await TestWorld.run { test in
            let token = test.world.shopify.sessionToken(Self.shop)
            let grant = try await Self.oauth(test).exchange(Self.shop, token)
            #expect(grant.scopes == ["read_orders", "write_orders"])
            #expect(grant.expiresIn == 3600 && grant.refreshToken != nil && grant.refreshExpiresIn == 7_776_000)
            #expect(try await Self.opens(test, grant.accessToken))
            let old = test.world.shopify.sessionToken(Self.shop, at: -120)
            for (shop, token) in [(Self.shop, old), ("other.myshopify.com", token)] {
                let error = await #expect(throws: ShopAdminError.self) {
                    try await Self.oauth(test).exchange(shop, token)
                }
                #expect(error?.kind == .unauthorized)
            }
            let error = await #expect(throws: ShopAdminError.self) {
                try await Self.oauth(test, secret: "wrong").exchange(Self.shop, token)
            }
            #expect(error?.kind == .rejected)
        }
    }

    @Test("after a refresh the old pair works until the new one is first used")
    func refresh() async throws {
        try await TestWorld.run { test in
            let oauth = Self.oauth(test)
            let first = try await oauth.exchange(Self.shop, test.world.shopify.sessionToken(Self.shop))
            let refresh = try #require(first.refreshToken)
            let lost = try await oauth.refresh(Self.shop, refresh)
            #expect(try await Self.opens(test, first.accessToken))
            let second = try await oauth.refresh(Self.shop, refresh)
            #expect(lost.accessToken != second.accessToken)
            #expect(try await Self.opens(test, second.accessToken))
            #expect(try await !Self.opens(test, first.accessToken))
            #expect(try await !Self.opens(test, lost.accessToken))
            let error = await #expect(throws: ShopAdminError.self) { try await oauth.refresh(Self.shop, refresh) }
            #expect(error?.kind == .unauthorized)
        }
    }

    @Test("tokens run out when they are told to, and can be refreshed")
    func expiry() async throws {
        try await TestWorld.run { test in
            test.world.shopify.prepare(Self.shop, tokenSeconds: 7)
            let oauth = Self.oauth(test)
            let grant = try await oauth.exchange(Self.shop, test.world.shopify.sessionToken(Self.shop))
            #expect(grant.expiresIn == 7)
            #expect(try await Self.opens(test, grant.accessToken))
            #expect(try await test.api("POST", "/shops/\(Self.shop)/expire-tokens").status == 204)
            #expect(try await !Self.opens(test, grant.accessToken))
            let next = try await oauth.refresh(Self.shop, try #require(grant.refreshToken))
            #expect(try await Self.opens(test, next.accessToken))
        }
    }

    @Test("asks the merchant, who agrees: a code for one pair, once")
    func code() async throws {
        try await TestWorld.run { test in
            let query = URIComponent.query([
                ("client_id", "sandbox-client-id"), ("scope", "read_orders"),
                ("redirect_uri", "http://127.0.0.1:1/back"), ("state", "s1"),
            ])
            let answer = try await test.send("GET", "/shopify/\(Self.shop)/admin/oauth/authorize?\(query)")
            #expect(answer.status == 302)
            let location = try #require(answer.headers["Location"])
            #expect(location.hasPrefix("http://127.0.0.1:1/back?"))
            let back = try ShopifyQuery(
                HTTPRequest(method: "GET", target: location).queryItems(), secrets: [Secret(text: TestWorld.secret)],
                now: Clock.system.now())
            #expect(back.shop == Self.shop && back["state"] == "s1" && back["host"] != nil)
            let code = Secret(text: try #require(back["code"]))
            let grant = try await Self.oauth(test).redeem(Self.shop, code)
            #expect(grant.scopes == ["read_orders"])
            let error = await #expect(throws: ShopAdminError.self) {
                try await Self.oauth(test).redeem(Self.shop, code)
            }
            #expect(error?.kind == .unauthorized)
            let other = try await test.send(
                "GET", "/shopify/\(Self.shop)/admin/oauth/authorize?client_id=x&redirect_uri=http://a")
            #expect(other.status == 400)
        }
    }

    @Test("after an uninstall every token is dead, and Ingest is told")
    func uninstall() async throws {
        try await TestWorld.run { test in
            let oauth = Self.oauth(test)
            let operators = try await test.order().token
            let grant = try await oauth.exchange(Self.shop, test.world.shopify.sessionToken(Self.shop))
            let answer = try await test.api("POST", "/shops/\(Self.shop)/uninstall")
            #expect(answer.status == 200 && answer.json["webhook"]?["status"] == 200)
            for token in [grant.accessToken, Secret(text: operators)] {
                #expect(try await !Self.opens(test, token))
            }
            let error = await #expect(throws: ShopAdminError.self) {
                try await oauth.refresh(Self.shop, try #require(grant.refreshToken))
            }
            #expect(error?.kind == .unauthorized)
            let webhooks = test.daemons.requests.filter { $0.headers["X-Shopify-Topic"] == "app/uninstalled" }
            #expect(webhooks.count == 1)
            #expect(try await test.api("POST", "/shops/never.myshopify.com/uninstall").status == 404)
        }
    }

    @Test("a lost or refused answer of the token endpoint, on demand")
    func faults() async throws {
        try await TestWorld.run { test in
            let fault: JSONTree = ["mode": "status", "operation": "accessToken", "status": 503, "times": 1]
            #expect(try await test.api("POST", "/shopify/failures", fault).status == 201)
            let token = test.world.shopify.sessionToken(Self.shop)
            let error = await #expect(throws: ShopAdminError.self) {
                try await Self.oauth(test).exchange(Self.shop, token)
            }
            #expect(error?.kind == .transient)
            _ = try await Self.oauth(test).exchange(Self.shop, token)
        }
    }

    @Test("a merchant's browser asks Ingest as Shopify would have it asked")
    func merchant() async throws {
        try await TestWorld.run { test in
            let answer = try await test.api("POST", "/shops/\(Self.shop)/install")
            #expect(answer.status == 200)
            let asked = test.daemons.requests
            #expect(asked.map(\.path) == ["/shopify/app", "/shopify/session"])
            let opened = try #require(asked.first)
            let query = try ShopifyQuery(
                opened.queryItems(), secrets: [Secret(text: TestWorld.secret)], now: Clock.system.now())
            #expect(query.shop == Self.shop && query["embedded"] == "1" && query["id_token"] != nil)
            test.daemons.answer(.text("no", status: 403))
            #expect(try await test.api("POST", "/shops/\(Self.shop)/install", ["way": "code"]).status == 403)
        }
    }
}
