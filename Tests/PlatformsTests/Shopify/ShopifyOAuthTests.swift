import HTTP
import Platforms
import Security
import Testing

@Suite("Shopify's token endpoint")
struct ShopifyOAuthTests {
    static let shop = "otp-guard-demo.myshopify.com"
    static let clientId = "0123456789abcdef0123456789abcdef"

    static func oauth(_ http: ScriptedHTTP, base: String = "https://{shop}") -> ShopOAuth {
        ShopifyOAuth.make(
            http: http.client, baseURL: base, clientId: clientId, clientSecret: Secret(text: "***"),
            now: { 1_795_176_000_000 })
    }

    static func sample(_ name: String) throws -> [String: Any] {
        try #require(try Vectors.json("shopify/token-responses.json")[name] as? [String: Any])
    }

    private static func body(_ http: ScriptedHTTP) throws -> [String: Any] {
        try Vectors.object(try #require(http.requests.last).body)
    }

    @Test("a code becomes an offline token that expires, at the shop's own address")
    func redeem() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("authorization_code_expiring_offline")))
        let grant = try await Self.oauth(http).redeem(Self.shop, Secret(text: "code-1"))
        #expect(grant.accessToken.text == "shpat_example_access_token")
        #expect(grant.refreshToken?.text == "shprt_example_refresh_token")
        #expect(grant.expiresIn == 3600 && grant.refreshExpiresIn == 7_776_000)
        #expect(grant.scopes == ["read_orders", "write_orders"])
        let request = try #require(http.requests.last)
        #expect(request.method == "POST" && request.headers["Content-Type"] == "application/json")
        #expect(request.url == "https://\(Self.shop)/admin/oauth/access_token")
        let expected = ["client_id": Self.clientId, "client_secret": "***", "code": "code-1", "expiring": "1"]
        #expect(try Vectors.same(Self.body(http), expected))
    }

    @Test("a session token is exchanged with exactly the documented request")
    func exchange() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("authorization_code_expiring_offline")))
        _ = try await Self.oauth(http).exchange(Self.shop, Secret(text: "<session token>"))
        #expect(try Vectors.same(Self.body(http), Self.sample("token_exchange_request")))
    }

    @Test("a refresh is exactly the documented request and brings a new pair")
    func refresh() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("refresh_response")))
        let grant = try await Self.oauth(http, base: "http://127.0.0.1:1/shopify/{shop}/")
            .refresh(Self.shop, Secret(text: "shprt_example_refresh_token"))
        #expect(try Vectors.same(Self.body(http), Self.sample("refresh_request")))
        #expect(http.requests.last?.url == "http://127.0.0.1:1/shopify/\(Self.shop)/admin/oauth/access_token")
        #expect(grant.accessToken.text == "shpat_example_access_token_2")
        #expect(grant.refreshToken?.text == "shprt_example_refresh_token_2")
    }

    @Test("a token that does not expire is taken as such")
    func lasting() async throws {
        let http = ScriptedHTTP(try .json(200, Self.sample("authorization_code_non_expiring_offline")))
        let grant = try await Self.oauth(http).redeem(Self.shop, Secret(text: "c"))
        #expect(grant.refreshToken == nil && grant.expiresIn == nil && grant.refreshExpiresIn == nil)
    }

    @Test("a grant prints nothing of itself")
    func masked() throws {
        let grant = OAuthGrant(accessToken: Secret(text: "shpat_x"), scopes: ["read_orders"])
        var dumped = ""
        dump(grant, to: &dumped)
        #expect("\(grant)" == "•••" && !dumped.contains("shpat") && !String(reflecting: [grant]).contains("shpat"))
    }

    static let refusals: [(Int, [String: String], ShopAdminError.Kind)] = [
        (400, ["error": "invalid_grant"], .unauthorized),
        (401, ["error": "invalid_grant"], .unauthorized),
        (400, ["error": "invalid_subject_token", "error_description": "expired shpat_x"], .unauthorized),
        (401, [:], .unauthorized),
        (400, ["error": "invalid_client"], .rejected),
        (401, ["error": "invalid_client"], .rejected),
        (400, ["error": "invalid_request"], .rejected),
        (400, ["errors": "Bad shpat_x"], .rejected),
        (400, ["error": "shpat_x Y"], .rejected),
        (402, [:], .frozen), (403, [:], .accessDenied), (404, [:], .notFound), (423, [:], .frozen),
        (429, [:], .throttled(after: .seconds(7))), (503, [:], .transient), (301, [:], .rejected),
    ]

    @Test("a refusal is told apart: of what was shown, of ourselves, of the moment", arguments: refusals)
    func refused(status: Int, answer: [String: String], kind: ShopAdminError.Kind) async throws {
        let http = ScriptedHTTP(try .json(status, answer, headers: ["Retry-After": "7", "X-Request-Id": "r-1"]))
        let error = await #expect(throws: ShopAdminError.self) {
            try await Self.oauth(http).refresh(Self.shop, Secret(text: "t"))
        }
        #expect(error?.kind == kind && error?.requestId == "r-1")
        #expect(error?.description.contains("shpat") == false)
    }

    @Test("a code that is not known is the code's fault")
    func unknownCode() async throws {
        let http = ScriptedHTTP(try .json(400, ["error": "invalid_request"]))
        let error = await #expect(throws: ShopAdminError.self) {
            try await Self.oauth(http).redeem(Self.shop, Secret(text: "t"))
        }
        #expect(error?.kind == .unauthorized)
    }

    @Test(
        "an answer that is no grant may be asked for again",
        arguments: [
            #"{}"#, "no JSON", #"{"access_token":""}"#, #"{"access_token":"a b"}"#,
            #"{"access_token":"a\u000d\u000a"}"#,
            #"{"access_token":"a","expires_in":-1}"#, #"{"access_token":"a","refresh_token":"ü"}"#,
        ])
    func shape(answer: String) async {
        let http = ScriptedHTTP(.answer(200, Array(answer.utf8)))
        let error = await #expect(throws: ShopAdminError.self) {
            try await Self.oauth(http).refresh(Self.shop, Secret(text: "t"))
        }
        #expect(error?.kind == .transient)
    }

    @Test("without an answer it may be asked again; what is no shop's domain is never called")
    func unanswered() async {
        let silent = ScriptedHTTP(
            .failure(OutboundError(kind: .timedOut, message: "host", requestMayHaveBeenSent: true)))
        let error = await #expect(throws: ShopAdminError.self) {
            try await Self.oauth(silent).refresh(Self.shop, Secret(text: "t"))
        }
        #expect(error?.kind == .transient)
        let unused = ScriptedHTTP()
        await #expect(throws: ShopAdminError.self) {
            try await Self.oauth(unused).redeem("evil.example/?x.myshopify.com", Secret(text: "t"))
        }
        #expect(unused.requests.isEmpty)
    }

    @Test(
        "writing a thing covers reading it, nothing else covers anything",
        arguments: [
            ("read_orders,write_orders", "read_orders,write_orders", true),
            ("write_orders", "read_orders,write_orders", true),
            ("write_orders", "read_orders", true), ("read_orders", "write_orders", false), ("", "read_orders", false),
            ("read_orders read_products", " read_orders ", true), ("write_order", "read_orders", false), ("", "", true),
            ("write_orders", "read_all_orders", false),
        ])
    func scopes(granted: String, wanted: String, covers: Bool) {
        let (granted, wanted) = (ShopifyScopes.parse(granted), ShopifyScopes.parse(wanted))
        #expect(ShopifyScopes.covers(granted: granted, wanted: wanted) == covers)
    }
}
