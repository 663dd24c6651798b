import Testing

@testable import Runtime

/// The Caddyfile, read for what it passes on: `handle PATH { import replicas SERVICE PORT }`.
@Suite("The proxy")
struct ProxyTests {
    private struct Pass {
        /// Without the star at its end.
        let prefix: Substring
        let service: Substring
        let port: UInt16
    }

    private let passes: [Pass]
    private let text: String

    init() throws {
        text = try Repository.text("compose/Caddyfile")
        passes = try text.matches(of: #/handle (/\S*)\* \{\s+import replicas (\S+) (\d+)\s+\}/#).map { match in
            Pass(prefix: match.1, service: match.2, port: try #require(UInt16(match.3)))
        }
        // Nothing passes in another way.
        #expect(text.matches(of: #/import replicas/#).count == passes.count)
        #expect(text.matches(of: #/reverse_proxy/#).count == 1)
    }

    @Test(
        "the public paths reach the daemon that answers them",
        arguments: [
            ("/webhooks/shopify", "otp-ingest"), ("/webhooks/twilio/status", "otp-ingest"),
            ("/webhooks/twilio/inbound", "otp-ingest"), ("/webhooks/orders", "otp-ingest"),
            ("/shopify/install", "otp-ingest"), ("/shopify/callback", "otp-ingest"),
            ("/shopify/session", "otp-ingest"), ("/shopify/app", "otp-ingest"),
            ("/v/logo/0b4e1d5e", "otp-verifier"), ("/proxy/v/logo/0b4e1d5e", "otp-verifier"),
            ("/v/0b4e1d5e", "otp-verifier"), ("/v/0b4e1d5e/resend", "otp-verifier"),
            ("/proxy/v/0b4e1d5e", "otp-verifier"), ("/proxy/v/0b4e1d5e/resend", "otp-verifier"),
            ("/api/v1/verifications/0b4e1d5e", "otp-verifier"),
            ("/api/v1/verifications/0b4e1d5e/attempts", "otp-verifier"),
            ("/api/v1/verifications/0b4e1d5e/resend", "otp-verifier"),
        ])
    func passesOn(_ path: String, _ daemon: String) throws {
        let pass = try #require(passes.first { path.hasPrefix($0.prefix) })
        #expect(!isTwisted(path))
        let services = try #require(try YAMLReader.read(Repository.text("compose/compose.yaml"))["services"])
        #expect(services[String(pass.service)]?["command"]?.texts == [daemon])
        #expect(Daemons.port(of: try #require(Daemons.named(daemon))) == pass.port)
    }

    @Test("every path of the two doors is either passed on or the operator's", arguments: ["Ingest", "Verifier"])
    func routes(_ target: String) throws {
        let patterns = try Repository.swiftSources(under: target)
            .matches(of: #/"(/(?:[a-z0-9]+|:[a-z]+)(?:/(?:[a-z0-9]+|:[a-z]+))*)"/#).map { $0.1 }
        #expect(patterns.count >= 3)
        for pattern in patterns where !pattern.hasPrefix("/admin/") {
            let pass = try #require(passes.first { pattern.hasPrefix($0.prefix) }, "\(pattern) is not passed on")
            #expect(pass.service == target.lowercased())
        }
    }

    @Test(
        "everything else stays inside",
        arguments: ["/", "/admin/shops/a.myshopify.com", "/metrics", "/healthz", "/readyz", "/v", "/api/v1/other"])
    func keepsInside(_ path: String) {
        #expect(!passes.contains { path.hasPrefix($0.prefix) })
    }

    @Test(
        "a path that means another one once it is decoded is refused",
        arguments: [
            "/admin/shops/..%2f..%2fwebhooks%2fx", "/admin/../webhooks/x", "/webhooks/../admin/shops/x",
            "/webhooks//x", "/v/%2e%2e/metrics", "/v/..\\metrics", "/./v/x", "/v/%2E/x", "/v/x%2F..", "/v/x%5cy",
            "/v/x%5Cy", "/v/%252e%252e/metrics", "/v/x%00", "/v/x%0d%0aHost:y", "/v/x%7F", "/v/x%", "/v/x%2", "/v/x%zz",
            "/v/x%4g", "/v/x%E2%80/%2e",
        ])
    func refusesTwisted(_ path: String) {
        #expect(isTwisted(path))
    }

    @Test(
        "a link passes that was copied together with what stood behind it",
        arguments: [
            "/v/0b4e1d5e.", "/v/0b4e1d5e)", "/v/0b4e1d5e,", "/v/0b4e1d5e/", "/v/0b4e1d5e%20", "/v/0b4e1d5e%22",
            "/v/0b4e1d5e'", "/v/0b4e1d5e%E2%80%9D", "/v/0b4e1d5e%C2%BB", "/v/0b4e1d5e%3E", "/v/0b4e1d5e%20next%20word",
        ])
    func copiedLinks(_ path: String) {
        #expect(!isTwisted(path))
        #expect(passes.first { path.hasPrefix($0.prefix) }?.service == "verifier")
    }

    @Test("a host that is not ours is answered with an error, over either scheme")
    func foreignHosts() throws {
        let others = try #require(text.firstMatch(of: #/\nhttp:\/\/, https:\/\/ \{\s+respond (\d+)\s+\}\n/#))
        #expect(others.1 == "421")
    }

    @Test("a query may hold what a path may not")
    func queries() {
        #expect(!isTwisted("/webhooks/twilio/status?next=%2F%2F.."))
    }

    @Test("nothing is logged of a request, and nothing listens for changes")
    func quiet() {
        #expect(text.contains("request delete"))
        #expect(text.contains("admin off"))
        #expect(!text.contains("tls internal"))
    }

    /// By the expression in the file itself.
    private func isTwisted(_ target: String) -> Bool {
        guard
            let line = text.firstMatch(of: #/@twisted vars_regexp \{http\.request\.orig_uri\} (\S+)/#),
            let expression = try? Regex(String(line.1))
        else {
            Issue.record("the Caddyfile has no @twisted expression")
            return false
        }
        return target.firstMatch(of: expression) != nil
    }
}
