import Foundation
import HTTP
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Ingest

@Suite("Installing the app: the authorization code grant")
struct InstallDoorTests {
    private let bench: Bench
    private let oauth = ScriptedOAuth()
    private let door: InstallDoor

    init() throws {
        bench = try Bench()
        door = bench.installDoor(oauth)
    }

    /// The state and the cookie that a beginning gave out.
    private func begun(_ bench: Bench, _ door: InstallDoor) throws -> (state: String, cookie: String) {
        let answer = door.install(bench.get("/shopify/install"))
        let location = try #require(URLComponents(string: answer.headers["Location"] ?? ""))
        let state = try #require(location.queryItems?.first { $0.name == "state" }?.value)
        let cookie = try #require(answer.headers["Set-Cookie"]?.split(separator: ";").first)
        return (state, String(cookie))
    }

    private func back(_ state: String, code: String = "c0de", shop: String = Bench.shop, cookie: String?) -> HTTPRequest
    {
        bench.get("/shopify/callback", [("code", code), ("state", state)], shop: shop, cookie: cookie)
    }

    @Test("the beginning leads to the shop's own page, with what is asked for and a cookie of this browser's own")
    func beginning() throws {
        let answer = door.install(bench.get("/shopify/install", [("host", "aGk")]))
        #expect(answer.status == 302)
        let location = try #require(URLComponents(string: answer.headers["Location"] ?? ""))
        #expect(location.scheme == "https" && location.host == Bench.shop)
        #expect(location.path == "/admin/oauth/authorize")
        let query = Dictionary(
            uniqueKeysWithValues: try #require(location.queryItems).map { ($0.name, $0.value ?? "") })
        #expect(Set(query.keys) == ["client_id", "scope", "redirect_uri", "state"])
        #expect(query["client_id"] == Bench.clientId && query["scope"] == "read_orders,write_orders")
        #expect(query["redirect_uri"] == "https://app.example.com/shopify/callback")
        let cookie = try #require(answer.headers["Set-Cookie"])
        #expect(cookie.hasPrefix("__Host-otp-install="))
        for part in ["Path=/", "Max-Age=600", "HttpOnly", "SameSite=Lax", "Secure"] {
            #expect(cookie.contains("; \(part)"))
        }
        #expect(answer.headers["Cache-Control"] == "no-store")
        let plain = bench.installDoor(oauth, ownURL: "http://127.0.0.1:8081").install(bench.get("/shopify/install"))
        let plainCookie = try #require(plain.headers["Set-Cookie"])
        #expect(plainCookie.hasPrefix("otp-install=") && !plainCookie.contains("Secure"))
    }

    @Test("who comes back with the code has the shop installed, its tokens sealed, and sees the app in the admin")
    func whole() async throws {
        let (state, cookie) = try begun(bench, door)
        let answer = await door.callback(back(state, cookie: cookie))
        #expect(answer.status == 302)
        #expect(answer.headers["Location"] == "https://\(Bench.shop)/admin/apps/\(Bench.clientId)")
        #expect(answer.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        #expect(oauth.asked == ["redeem \(Bench.shop) c0de"])
        #expect(try bench.storedToken() == Bench.accessToken)
        let (record, key) = try #require(bench.directory.current(Bench.shop))
        let grant = try #require(record.installation?.grant)
        #expect(grant.scopes == ["read_orders", "write_orders"])
        #expect(grant.expiresAt == Bench.start + 3_600_000 && grant.refreshExpiresAt == Bench.start + 7_776_000_000)
        let refresh = try key.open(
            try #require(grant.refreshToken).bytes, topic: "shops", key: Bench.shop, field: "refreshToken")
        #expect(refresh == Array("shprt_refresh".utf8))
        #expect(record.installation?.settings == ShopSettings())
        let written = String(decoding: bench.sent.flatMap { $0.value ?? [] }, as: UTF8.self)
        #expect(!written.contains("shpat_") && !written.contains("shprt_") && !written.contains("c0de"))
        #expect(!bench.logLines.all.joined().contains("shp") && !bench.logLines.all.joined().contains("c0de"))
    }

    @Test("an installation leaves a shop's settings as they are")
    func again() async throws {
        try bench.install { $0.timerSeconds = 1234 }
        let before = try #require(bench.directory[Bench.shop])
        let (state, cookie) = try begun(bench, door)
        oauth.answer(.success(ScriptedOAuth.grant("shpat_other")))
        #expect(await door.callback(back(state, cookie: cookie)).status == 302)
        let after = try #require(bench.directory[Bench.shop])
        #expect(after.installation?.settings.timerSeconds == 1234 && after.version == before.version)
        #expect(try bench.storedToken() == "shpat_other")
    }

    @Test("a beginning that Shopify did not sign, or long ago, or for no shop, leads nowhere")
    func unsigned() {
        let bad: [(HTTPRequest, Int)] = [
            (bench.get("/shopify/install", secret: Secret(text: "wrong")), 401),
            (bench.get("/shopify/install", at: -91_000), 401), (bench.get("/shopify/install", at: 92_000), 401),
            (bench.get("/shopify/install", shop: "evil.example.com"), 400),
            (bench.get("/shopify/install", shop: "\(Bench.shop)/.evil.example"), 400),
            (bench.get("/shopify/install", [("shop", "evil.myshopify.com")]), 400),
            (HTTPRequest(method: "GET", target: "/shopify/install?shop=\(Bench.shop)"), 401),
            (HTTPRequest(method: "GET", target: "/shopify/install"), 401),
        ]
        for (request, status) in bad {
            let answer = door.install(request)
            #expect(answer.status == status)
            #expect(answer.headers["Location"] == nil && answer.headers["Set-Cookie"] == nil)
            #expect(answer.headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        }
    }

    @Test("whoever comes back without the cookie, with another state or shop, or without a signature, gets nothing")
    func forged() async throws {
        let (state, cookie) = try begun(bench, door)
        let (otherState, otherCookie) = try begun(bench, door)
        let other = "other.myshopify.com"
        let bad: [(String, HTTPRequest, Int)] = [
            ("no cookie", back(state, cookie: nil), 403), ("empty", back(state, cookie: "__Host-otp-install="), 403),
            ("other state", back(otherState, cookie: cookie), 403),
            ("other cookie", back(state, cookie: otherCookie), 403),
            ("other name", back(state, cookie: cookie.replacing("__Host-", with: "")), 403),
            ("other shop", back(state, shop: other, cookie: cookie), 403),
            ("no state", bench.get("/shopify/callback", [("code", "c")], cookie: cookie), 403),
            ("no code", bench.get("/shopify/callback", [("state", state)], cookie: cookie), 400),
            ("empty code", back(state, code: "", cookie: cookie), 400),
            ("no shop", back(state, shop: "evil.example", cookie: cookie), 400),
            (
                "two states",
                bench.get("/shopify/callback", [("code", "c"), ("state", state), ("state", state)], cookie: cookie), 400
            ),
            (
                "wrong secret",
                bench.get(
                    "/shopify/callback", [("code", "c"), ("state", state)], secret: Secret(text: "x"), cookie: cookie),
                401
            ),
        ]
        for (name, request, status) in bad {
            let answer = await door.callback(request)
            #expect(answer.status == status, "\(name)")
            #expect(answer.headers["Set-Cookie"]?.contains("Max-Age=0") == true)
        }
        bench.clock.advance(by: .seconds(601))
        #expect(await door.callback(back(state, cookie: cookie)).status == 403)
        #expect(oauth.asked.isEmpty && bench.sent.isEmpty && bench.directory.count == 0)
    }

    @Test("a shop that granted less than was asked for is told so, and is not stored")
    func narrower() async throws {
        oauth.answer(.success(ScriptedOAuth.grant(scopes: ["read_orders"])))
        let (state, cookie) = try begun(bench, door)
        let answer = await door.callback(back(state, cookie: cookie))
        #expect(answer.status == 403 && answer.text.contains("write_orders"))
        #expect(bench.sent.isEmpty && bench.directory.count == 0)
        oauth.answer(.success(ScriptedOAuth.grant(scopes: ["write_orders"])))
        let (next, nextCookie) = try begun(bench, door)
        #expect(await door.callback(back(next, cookie: nextCookie)).status == 302)
    }

    static let refusals: [(ShopAdminError.Kind, Int)] = [
        (.unauthorized, 401), (.transient, 503), (.throttled(after: .seconds(1)), 503), (.rejected, 502),
        (.frozen, 403), (.notFound, 502), (.accessDenied, 403),
    ]

    @Test("what Shopify refuses is not stored", arguments: refusals)
    func refused(kind: ShopAdminError.Kind, status: Int) async throws {
        oauth.answer(.failure(ShopAdminError(kind, message: "code grant: HTTP 400 invalid_request")))
        let (state, cookie) = try begun(bench, door)
        let answer = await door.callback(back(state, cookie: cookie))
        #expect(answer.status == status && answer.headers["Location"] == nil)
        #expect((answer.headers["Retry-After"] != nil) == (status == 503))
        #expect(bench.sent.isEmpty)
    }

    @Test("a look at a page's head does nothing")
    func head() async throws {
        var router = Router()
        door.addRoutes(&router)
        let (state, cookie) = try begun(bench, door)
        var request = back(state, cookie: cookie)
        request.method = "HEAD"
        #expect(await router.answer(request).status == 405)
        #expect(oauth.asked.isEmpty)
        #expect(await router.answer(back(state, cookie: cookie)).status == 302)
    }

    @Test("without Kafka, or before the shops are read, nothing is promised")
    func unavailable() async throws {
        let (state, cookie) = try begun(bench, door)
        bench.isCaughtUp = false
        #expect(await door.callback(back(state, cookie: cookie)).status == 503)
        #expect(oauth.asked.isEmpty)
        bench.isCaughtUp = true
        bench.kafka = .full
        #expect(await door.callback(back(state, cookie: cookie)).status == 503)
        #expect(bench.directory.count == 0)
    }
}
