import Testing

@testable import HTTP

@Suite("Router")
struct RouterTests {
    private func router() -> Router {
        var router = Router()
        let nothing: RouteHandler = { _, _, responder in responder.respond(.empty()) }
        router.on("GET", "/", handler: nothing)
        router.on("GET", "/v/:token", handler: nothing)
        router.on("POST", "/v/:token", handler: nothing)
        router.on("POST", "/v/new", handler: nothing)
        router.on("POST", "/v/:token/resend", handler: nothing)
        router.on("PUT", "/admin/shops/:domain", handler: nothing)
        return router
    }

    private func resolve(_ router: Router, _ method: String, _ path: String) -> (String, PathParameters, HTTPResponse?)
    {
        switch router.resolve(method: method, path: path) {
        case .route(let route, let parameters): ("\(route.method) \(route.pattern)", parameters, nil)
        case .refused(let response): ("", PathParameters(), response)
        }
    }

    @Test(
        "The right route is found",
        arguments: [
            ("GET", "/", "GET /"), ("HEAD", "/", "GET /"), ("GET", "/v/abc", "GET /v/:token"),
            ("GET", "/v/new", "GET /v/:token"), ("POST", "/v/new", "POST /v/new"), ("POST", "/v/%6eew", "POST /v/new"),
            ("POST", "/v/abc/resend", "POST /v/:token/resend"), ("PUT", "/admin/shops/a.b", "PUT /admin/shops/:domain"),
        ])
    func found(_ method: String, _ path: String, _ expected: String) {
        #expect(resolve(router(), method, path).0 == expected)
    }

    @Test(
        "404, 405 with Allow, 400 for a bad encoding",
        arguments: [
            ("GET", "/none", 404, nil), ("GET", "/v/", 404, nil), ("GET", "/v/a/b", 404, nil),
            ("OPTIONS", "*", 404, nil),
            ("GET", "//", 404, nil), ("PUT", "/", 405, "GET, HEAD"), ("DELETE", "/v/abc", 405, "GET, HEAD, POST"),
            ("DELETE", "/v/new", 405, "GET, HEAD, POST"), ("GET", "/v/abc/resend", 405, "POST"),
            ("GET", "/v/%", 400, nil), ("GET", "/v/%4", 400, nil), ("GET", "/%gg", 400, nil),
            ("GET", "/v/%c3", 400, nil),
        ] as [(String, String, Int, String?)])
    func refused(_ method: String, _ path: String, _ status: Int, _ allow: String?) {
        let response = resolve(router(), method, path).2
        #expect(response?.status == status)
        #expect(response?.headers["allow"] == allow)
    }

    @Test("Parameters are percent-decoded, an escaped slash stays inside its segment")
    func parameters() {
        #expect(resolve(router(), "GET", "/v/a%2Fb%20%C3%A9+").1["token"] == "a/b é+")
        #expect(resolve(router(), "GET", "/v/x").1["other"] == nil)
    }

    @Test("The fallback gets what no pattern matches, but not another method")
    func fallback() {
        var router = router()
        router.fallback { _, _, responder in responder.respond(.empty()) }
        #expect(resolve(router, "GET", "/none").0 == " fallback")
        #expect(resolve(router, "PUT", "/").2?.status == 405)
    }

    @Test(
        "A star takes what no other pattern fits, as it came, a bad encoding too",
        arguments: [
            ("GET", "/v/abc", "GET /v/:token", nil), ("GET", "/v/abc/", "GET /v/*rest", "abc/"),
            ("HEAD", "/v/a/b%2", "GET /v/*rest", "a/b%2"), ("GET", "/v/%c3", "GET /v/*rest", "%c3"),
            ("GET", "/v/", "GET /v/*rest", ""), ("GET", "/v/x/y/z", "GET /v/x/*rest", "y/z"),
            ("GET", "/v/\u{301}/x", "GET /v/*rest", "\u{301}/x"),
        ])
    func star(_ method: String, _ path: String, _ expected: String, _ rest: String?) {
        var router = router()
        let nothing: RouteHandler = { _, _, responder in responder.respond(.empty()) }
        router.on("GET", "/v/*rest", handler: nothing)
        router.on("GET", "/v/x/*rest", handler: nothing)
        let found = resolve(router, method, path)
        #expect(found.0 == expected && found.1["rest"] == rest)
    }

    @Test("Beside a star other methods are 405, other paths 404 or 400, and merging keeps it")
    func starRefused() {
        var other = Router()
        other.on("GET", "/v/*rest") { _, _, responder in responder.respond(.empty()) }
        var router = router()
        router.merge(other)
        #expect(resolve(router, "GET", "/v/a/b").0 == "GET /v/*rest")
        #expect(resolve(router, "PUT", "/v/a/b").2?.headers["Allow"] == "GET, HEAD")
        #expect(resolve(router, "GET", "/v/abc/resend").2?.status == 405)
        #expect(resolve(router, "GET", "/w/").2?.status == 404 && resolve(router, "GET", "/w/%").2?.status == 400)
    }

    @Test("A router answers without sockets: route, dropped responder, body limit, task")
    func answer() async {
        var router = router()
        router.on("GET", "/dropped") { _, _, _ in }
        router.on("POST", "/small", options: RouteOptions(maximumBodyBytes: 1)) { _, _, r in r.respond(.empty()) }
        router.onAsync("GET", "/task/:name") { _, parameters in .text(parameters["name"] ?? "") }
        #expect(await router.answer(HTTPRequest(method: "GET", target: "/v/a?x")).status == 204)
        #expect(await router.answer(HTTPRequest(method: "GET", target: "/none")).status == 404)
        #expect(await router.answer(HTTPRequest(method: "GET", target: "/dropped")).status == 500)
        #expect(await router.answer(HTTPRequest(method: "POST", target: "/small", body: [1, 2])).status == 413)
        #expect(await router.answer(HTTPRequest(method: "GET", target: "/task/me")).body == Array("me".utf8))
    }

    @Test("Merged routers keep all their routes")
    func merge() {
        var health = Router()
        health.on("GET", "/healthz") { _, _, responder in responder.respond(.empty()) }
        var both = router()
        both.merge(health)
        #expect(resolve(both, "GET", "/healthz").0 == "GET /healthz")
        #expect(resolve(both, "GET", "/v/a").0 == "GET /v/:token")
    }
}
