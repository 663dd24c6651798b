import Foundation
import HTTP
import Model
import Pipeline
import TestWorld
import Testing

/// A merchant installs the app without an operator, and what nobody gets in with.
@Suite("Installing the app", .scannedWorld)
struct InstallJourneyTests {
    private let world = World.now
    private var ingest: String { "http://127.0.0.1:\(world.ports.ingest)" }

    private func install(_ shop: String, _ body: [String: Any] = [:]) async throws -> (status: Int, json: [String: Any])
    {
        let answer = try await world.sandbox("POST", "/shops/\(shop)/install", body)
        return (answer.status, answer.json)
    }

    /// The newest row of a shop; nil once it is a tombstone, or where there is none.
    private func row(_ shop: String) throws -> ShopRecord? {
        let row = world.topics.on(Catalogue.shops).last { $0.key == Array(shop.utf8) }
        return try row?.value.map { try JSONDecoder().decode(ShopRecord.self, from: Data($0)) }
    }

    /// The row of an installed shop, once it has come by; a later one than `before`, where there was one.
    private func installed(_ shop: String, after before: ShopRecord? = nil) async throws -> ShopRecord {
        try await world.eventually("the shop's row") {
            guard let row = try row(shop), row.installation != nil, row.version > before?.version ?? -1 else {
                return nil
            }
            return row
        }
    }

    /// Whether Ingest knows nothing of the shop.
    private func isUnknown(_ shop: String) async throws -> Bool {
        let authorized: HTTPHeaders = ["Authorization": "Bearer \(world.secrets.adminToken)"]
        let status = try await world.call("GET", "\(ingest)/admin/shops/\(shop)", headers: authorized).status
        return try status == 404 && row(shop) == nil
    }

    /// From the order to its tag at the shop, which only the shop's own token can set.
    private func verify(_ shop: String, phone: String) async throws {
        let order = try await world.place(shop, phone: phone)
        #expect(order.webhookStatus == 200)
        let text = try await world.text(to: phone)
        #expect(try await world.guess(text.code, text.token).status == 200)
        _ = try await world.eventually("the tag") {
            try await world.tags(order).contains("otp-verified") ? true : nil
        }
        // How soon this process comes to read it is not the daemons' affair.
        _ = try await world.eventually("the outcome") {
            world.outcomes(order.gid).contains { $0.hasPrefix("verified") } ? true : nil
        }
    }

    @Test("by token exchange, from nothing to a verified order")
    func exchange() async throws {
        let shop = "exchange.myshopify.com"
        let answer = try await install(shop)
        #expect(answer.status == 200)
        let said = answer.json["answer"] as? [String: Any]
        #expect(said?["shop"] as? String == shop && said?["installed"] as? Bool == true)
        #expect(said?["scopes"] as? [String] == ["read_orders", "write_orders"])
        try await verify(shop, phone: "+12025550150")
        let grant = try await installed(shop).installation?.grant
        #expect(grant?.refreshToken != nil && grant?.expiresAt != nil)
    }

    @Test("by the authorization code grant, from nothing to a verified order")
    func codeGrant() async throws {
        let shop = "code-grant.myshopify.com"
        #expect(try await install(shop, ["way": "code"]).status == 200)
        try await verify(shop, phone: "+12025550151")
    }

    @Test("after an uninstall the old key is gone; who comes back gets a new one")
    func comesBack() async throws {
        let shop = "comes-back.myshopify.com"
        #expect(try await install(shop).status == 200)
        try await verify(shop, phone: "+12025550152")
        let first = try await installed(shop)
        #expect(try await world.sandbox("POST", "/shops/\(shop)/uninstall").status == 200)
        _ = try await world.eventually("the shop's row to go") { try row(shop) == nil ? true : nil }
        let texts = try await world.texts(to: "+12025550152").count
        #expect(try await world.place(shop, phone: "+12025550152").webhookStatus == 200)
        #expect(try await install(shop).status == 200)
        #expect(try await installed(shop, after: first).wrappedKey != first.wrappedKey)
        try await verify(shop, phone: "+12025550153")
        #expect(try await world.texts(to: "+12025550152").count == texts)
    }

    @Test("a word of an uninstall that did not happen changes nothing")
    func notUninstalled() async throws {
        let shop = "stays.myshopify.com"
        #expect(try await install(shop).status == 200)
        let before = try await installed(shop)
        let word = try await world.sandbox(
            "POST", "/webhooks", ["topic": "app/uninstalled", "shop": shop, "body": "{\"id\":null,\"domain\":null}"])
        #expect(word.json["status"] as? Int == 200)
        _ = try await world.eventually("the word to be looked into") {
            let care = try row(shop)?.installation?.care
            return care?.checkedAt != nil && care?.uninstallToldAt == nil ? true : nil
        }
        #expect(try row(shop)?.version == before.version)
        try await verify(shop, phone: "+12025550154")
    }

    /// The shop's own token, once another has taken the place of `first` and has worked.
    private func renewed(_ shop: String, _ first: ShopRecord.Installation) async throws -> ShopRecord.Installation {
        try await world.eventually("a new pair, and that it worked", within: 40) {
            guard let now = try row(shop)?.installation, now.grant?.number != first.grant?.number,
                now.grant?.previous == nil
            else { return nil }
            return now
        }
    }

    @Test("a token that is about to end is renewed, and the new one is the one that works")
    func renewal() async throws {
        let shop = "renewed.myshopify.com"
        // Renewed after three quarters of its life. The next one lives an hour.
        #expect(try await install(shop, ["tokenSeconds": 8]).status == 200)
        #expect(try await world.sandbox("POST", "/shops/\(shop)/token-life", ["seconds": 3600]).status == 204)
        let first = try #require(try await installed(shop).installation)
        let second = try await renewed(shop, first)
        #expect(second.accessToken != first.accessToken && second.grant?.refreshToken != first.grant?.refreshToken)
        try await verify(shop, phone: "+12025550155")
    }

    @Test("a new pair whose answer was lost is had again with the old refresh token")
    func lostAnswer() async throws {
        let shop = "lost-answer.myshopify.com"
        #expect(try await install(shop, ["tokenSeconds": 12]).status == 200)
        #expect(try await world.sandbox("POST", "/shops/\(shop)/token-life", ["seconds": 3600]).status == 204)
        let fault: [String: Any] = ["mode": "hangAfter", "operation": "accessToken", "times": 1]
        #expect(try await world.sandbox("POST", "/shopify/failures", fault).status == 201)
        let first = try #require(try await installed(shop).installation)
        _ = try await renewed(shop, first)
        let left = try await world.http.send(
            OutboundRequest(method: "GET", url: "http://127.0.0.1:\(world.ports.sandbox)/sandbox/api/shopify/failures"))
        #expect(left.body == Array("[]".utf8), "no answer was lost")
        try await verify(shop, phone: "+12025550156")
    }

    @Test("less than was asked for is refused, whichever way it came, and nothing is stored")
    func narrower() async throws {
        for way in ["exchange", "code"] {
            let shop = "narrower-\(way).myshopify.com"
            #expect(try await install(shop, ["way": way, "scopes": ["read_orders"]]).status == 403)
            #expect(try await isUnknown(shop))
        }
    }

    private func sessionToken(_ shop: String, _ wish: [String: Any] = [:]) async throws -> String {
        try #require(try await world.sandbox("POST", "/shops/\(shop)/session-token", wish).json["token"] as? String)
    }

    private func query(_ shop: String, _ more: [String: String] = [:]) async throws -> String {
        try #require(try await world.sandbox("POST", "/shops/\(shop)/signed-query", more).json["query"] as? String)
    }

    private func get(_ path: String, _ headers: HTTPHeaders = [:]) async throws -> OutboundResponse {
        try await world.http.send(
            OutboundRequest(method: "GET", url: ingest + path, headers: headers, deadline: .seconds(20)))
    }

    @Test("a session token that is old, another app's, or made up installs nothing")
    func badTokens() async throws {
        let shop = "bad-tokens.myshopify.com"
        let tokens = [
            try await sessionToken(shop, ["at": -120]), try await sessionToken(shop, ["at": 120]),
            try await sessionToken(shop, ["clientId": "another"]), "a.b.c", "",
        ]
        for token in tokens {
            let answer = try await world.call(
                "POST", "\(ingest)/shopify/session", headers: ["Authorization": "Bearer \(token)"])
            #expect(answer.status == 401)
            #expect(answer.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1")
        }
        let other = try await sessionToken("other-bad-tokens.myshopify.com")
        let opened = try await get("/shopify/app?\(try await query(shop, ["embedded": "1", "id_token": other]))")
        #expect(opened.status == 400)
        #expect(try await isUnknown(shop))
    }

    @Test("a link or a way back with a wrong signature, state or shop installs nothing")
    func badLinks() async throws {
        let shop = "bad-links.myshopify.com"
        let signed = try await query(shop)
        #expect(try await get("/shopify/install?\(signed.replacing("bad-links", with: "evil-links"))").status == 401)
        #expect(try await get("/shopify/install?shop=\(shop)").status == 401)
        #expect(try await get("/shopify/app?shop=\(shop)").status == 401)

        let begun = try await get("/shopify/install?\(signed)")
        #expect(begun.status == 302)
        let cookie = String(try #require(begun.headers["Set-Cookie"]?.split(separator: ";").first))
        let location = try #require(URLComponents(string: begun.headers["Location"] ?? ""))
        let state = try #require(location.queryItems?.first { $0.name == "state" }?.value)
        let good = try await query(shop, ["code": "made-up", "state": state])
        let elsewhere = try await query("evil-links.myshopify.com", ["code": "made-up", "state": state])
        let otherState = try await query(shop, ["code": "made-up", "state": "another"])
        #expect(try await get("/shopify/callback?\(good)").status == 403)
        #expect(try await get("/shopify/callback?\(otherState)", ["Cookie": cookie]).status == 403)
        #expect(try await get("/shopify/callback?\(elsewhere)", ["Cookie": cookie]).status == 403)
        #expect(try await get("/shopify/callback?\(good)&state=x", ["Cookie": cookie]).status == 400)
        // All is right but the code, which Shopify never gave out.
        let answer = try await get("/shopify/callback?\(good)", ["Cookie": cookie])
        #expect(answer.status == 401)
        #expect(try await isUnknown(shop))
    }
}
