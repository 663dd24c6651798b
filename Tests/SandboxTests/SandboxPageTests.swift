import HTTP
import Testing

@testable import Sandbox

@Suite("The sandbox's page")
struct SandboxPageTests {
    @Test(
        "comes from its own files under a strict policy",
        arguments: [
            ("/", "text/html; charset=utf-8"), ("/sandbox.css", "text/css; charset=utf-8"),
            ("/sandbox.js", "text/javascript; charset=utf-8"), ("/world.js", "text/javascript; charset=utf-8"),
        ])
    func files(_ path: String, _ type: String) async throws {
        try await TestWorld.run { test in
            let request = OutboundRequest(method: "GET", url: test.base + path)
            let answer = try await test.http.send(request)
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == type)
            let policy = try #require(answer.headers["Content-Security-Policy"])
            #expect(policy.contains("default-src 'none'"))
            #expect(!policy.contains("unsafe"))
            let text = String(decoding: answer.body, as: UTF8.self)
            #expect(!text.contains("innerHTML"))
            #expect(!text.contains("style="))
            // Nothing is loaded from anywhere else: the only absolute address is SVG's own name.
            let addresses = text.matches(of: #/https?://[^\s'"]+/#).map { String($0.output) }
            #expect(addresses.allSatisfy { $0 == "http://www.w3.org/2000/svg" })
        }
    }

    @Test(
        "and its API are for this machine only: other names and other sites are refused",
        arguments: [
            (["Host": "rebound.example:8080"], 403), (["Origin": "https://evil.example"], 403),
            (["Origin": "null"], 403), (["Origin": "http://localhost:8080"], 200), ([:], 200),
        ] as [([String: String], Int)])
    func localOnly(_ headers: [String: String], _ status: Int) {
        var fields = HTTPHeaders([("Host", "127.0.0.1:8080")])
        for (name, value) in headers { fields.set(name, value) }
        #expect(LocalRequest.isLocal(fields) == (status == 200))
    }
}
