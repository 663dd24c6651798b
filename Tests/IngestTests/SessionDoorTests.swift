import Foundation
import HTTP
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Ingest

@Suite("Installing the app: token exchange")
struct SessionDoorTests {
    private let bench: Bench
    private let oauth = ScriptedOAuth()
    private let door: InstallDoor

    init() throws {
        bench = try Bench()
        door = bench.installDoor(oauth)
    }

    private func installed() async throws {
        #expect(await door.session(bench.post(session: bench.sessionToken())).status == 200)
    }

    @Test("a session token installs the shop once; from then on its token is the one we have")
    func exchange() async throws {
        let answer = await door.session(bench.post(session: bench.sessionToken()))
        #expect(answer.status == 200)
        let json = try answer.json()
        #expect(json["shop"] as? String == Bench.shop && json["installed"] as? Bool == true)
        #expect(json["scopes"] as? [String] == ["read_orders", "write_orders"])
        #expect(try bench.storedToken() == Bench.accessToken)
        try await installed()
        #expect(oauth.asked == ["exchange \(Bench.shop)"])
    }

    @Test("tokens that are none, old, another app's, or badly signed are 401 and let App Bridge try again")
    func badTokens() async throws {
        let tokens: [String?] = [
            nil, "", "x.y.z", bench.sessionToken(at: -71_000), bench.sessionToken(at: 11_000),
            bench.sessionToken(clientId: "another"), bench.sessionToken(secret: Secret(text: "wrong")),
            bench.sessionToken(shop: "evil.example"), bench.sessionToken() + "A",
        ]
        for token in tokens {
            let answer = await door.session(bench.post(session: token))
            #expect(answer.status == 401)
            #expect(answer.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1")
            #expect(answer.headers["Content-Type"] == "application/problem+json")
        }
        var basic = bench.post(session: bench.sessionToken())
        basic.headers.set("Authorization", "Basic \(bench.sessionToken())")
        #expect(await door.session(basic).status == 401)
        #expect(oauth.asked.isEmpty && bench.sent.isEmpty)
    }

    @Test("a token that an operator put is replaced by the shop's own, its settings stay")
    func operatorsShop() async throws {
        try bench.install { $0.codeLength = 8 }
        oauth.answer(.success(ScriptedOAuth.grant("shpat_own")))
        try await installed()
        #expect(try bench.storedToken() == "shpat_own")
        #expect(bench.directory[Bench.shop]?.installation?.settings.codeLength == 8)
    }

    @Test("a token whose refresh has run out is asked for anew")
    func runOut() async throws {
        try await installed()
        bench.clock.advance(by: .seconds(7_776_001))
        try await installed()
        #expect(oauth.asked.count == 2)
    }

    @Test("a removed shop that comes back gets a new data key")
    func comesBack() async throws {
        try await installed()
        let first = try #require(bench.directory[Bench.shop])
        let delete = WebhookMessage.shopDelete(WebhookMessage.ShopDelete(requestId: "r"))
        bench.feed(delete.record(shop: Bench.shop, bench.topology))
        #expect(bench.directory[Bench.shop] == nil)
        try await installed()
        let second = try #require(bench.directory[Bench.shop])
        #expect(second.version > first.version && second.wrappedKey != first.wrappedKey)
        #expect(oauth.asked.count == 2)
    }

    @Test("less than was asked for is 403 with what is missing, and nothing is stored")
    func narrower() async throws {
        oauth.answer(.success(ScriptedOAuth.grant(scopes: ["read_orders"])))
        let answer = await door.session(bench.post(session: bench.sessionToken()))
        #expect(answer.status == 403 && answer.text.contains("write_orders"))
        #expect(bench.sent.isEmpty)
    }

    @Test("Shopify's own refusals: of the session token 401 for a fresh one, of the moment 503, of us 502")
    func refusals() async throws {
        for (kind, status) in [(ShopAdminError.Kind.unauthorized, 401), (.transient, 503), (.rejected, 502)] {
            oauth.answer(.failure(ShopAdminError(kind, message: "token exchange: HTTP 400")))
            let answer = await door.session(bench.post(session: bench.sessionToken()))
            #expect(answer.status == status)
            #expect((answer.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1") == (status == 401))
        }
        bench.isCaughtUp = false
        #expect(await door.session(bench.post(session: bench.sessionToken())).status == 503)
    }

    // MARK: The app's page

    private static let frames = "frame-ancestors https://\(Bench.shop) https://admin.shopify.com"

    @Test("opened in the admin, the app installs itself and says so, in a frame of this shop's alone")
    func opened() async throws {
        let request = bench.get("/shopify/app", [("embedded", "1"), ("id_token", bench.sessionToken())])
        let answer = await door.open(request)
        #expect(answer.status == 200 && oauth.asked == ["exchange \(Bench.shop)"])
        #expect(answer.headers["Content-Security-Policy"]?.contains(Self.frames) == true)
        let html = answer.text
        let bridge = #"<script src="https://cdn.shopify.com/shopifycloud/app-bridge.js"></script>"#
        let first = try #require(html.range(of: "<script"))
        #expect(html[first.lowerBound...].hasPrefix(bridge))
        #expect(html.contains(#"<meta name="shopify-api-key" content="\#(Bench.clientId)">"#))
        #expect(html.contains("is installed") && html.contains(Bench.shop) && html.contains("15 minutes"))
        let policy = try #require(answer.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        #expect(!html.contains("shpat_"))
        #expect(try bench.storedToken() == Bench.accessToken)
    }

    @Test("a session token of another shop, or a bad one, or a query unsigned, installs nothing")
    func badOpenings() async throws {
        let other = await door.open(
            bench.get("/shopify/app", [("id_token", bench.sessionToken(shop: "other.myshopify.com"))]))
        #expect(other.status == 400)
        let old = await door.open(bench.get("/shopify/app", [("id_token", bench.sessionToken(at: -80_000))]))
        #expect(old.status == 401 && old.headers["Content-Security-Policy"]?.contains(Self.frames) == true)
        #expect(old.text.contains("app-bridge.js") && old.text.contains(#"fetch("session""#))
        // Our own script runs by a number that no other answer has; nobody else's runs.
        let nonce = try #require(old.text.firstMatch(of: #/<script nonce="([A-Za-z0-9_-]{22})">/#)?.output.1)
        let policy = try #require(old.headers["Content-Security-Policy"])
        #expect(policy.contains("script-src 'nonce-\(nonce)' https://cdn.shopify.com;"))
        let again = await door.open(bench.get("/shopify/app", [("id_token", bench.sessionToken(at: -80_000))]))
        #expect(!again.text.contains(nonce))
        let unsigned = HTTPRequest(
            method: "GET", target: "/shopify/app?shop=evil.example&id_token=\(bench.sessionToken())")
        let refused = await door.open(unsigned)
        #expect(refused.status == 401)
        #expect(refused.headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(oauth.asked.isEmpty && bench.sent.isEmpty)
    }

    @Test("without a session token the way is the code grant's: by a redirect, or out of the frame")
    func withoutToken() async throws {
        let request = bench.get("/shopify/app", [("host", "aG9zdA")])
        let answer = await door.open(request)
        #expect(answer.status == 302)
        let location = try #require(answer.headers["Location"])
        #expect(location.hasPrefix("https://app.example.com/shopify/install?"))
        let target = String(location.dropFirst("https://app.example.com".count))
        #expect(door.install(HTTPRequest(method: "GET", target: target)).status == 302)
        let framed = await door.open(bench.get("/shopify/app", [("embedded", "1"), ("x", #"</script>"\"#)]))
        #expect(framed.status == 200 && framed.text.contains(#"open("https://app.example.com/shopify/install?"#))
        #expect(!framed.text.contains(#"</script>""#) && framed.text.contains("%3C%2Fscript%3E%22%5C"))
    }

    @Test("a shop that is installed sees the page without a session token as well, framed by nobody outside the admin")
    func installedAlready() async throws {
        try await installed()
        let outside = await door.open(bench.get("/shopify/app"))
        #expect(outside.status == 200 && !outside.text.contains("app-bridge.js"))
        #expect(outside.headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        let inside = await door.open(bench.get("/shopify/app", [("embedded", "1")]))
        #expect(inside.status == 200 && inside.text.contains("app-bridge.js"))
    }

    @Test("two pages that open together ask for one token")
    func together() async throws {
        let (door, bench) = (door, bench)
        let request = bench.post(session: bench.sessionToken())
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { await door.session(request).status } }
            for await status in group { #expect(status == 200) }
        }
        #expect(oauth.asked.count == 1)
    }
}
