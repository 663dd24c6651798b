import Foundation
import Runtime
import Testing

@testable import Ingest

@Suite("docs/INSTALL.md")
struct InstallGuideTests {
    private static func guide() throws -> String { try Repository.text("docs/INSTALL.md") }

    @Test("every address that Shopify is told is one that a door answers and the proxy passes on")
    func addresses() throws {
        let sources = try ["Ingest", "Verifier"].map { try Repository.swiftSources(under: $0) }.joined()
        let caddy = try Repository.text("compose/Caddyfile")
        let paths = try Self.guide().matches(of: #/"https://otp\.example\.com(/[a-z/]+)"/#).map { String($0.1) }
        #expect(Set(paths) == ["/shopify/app", "/shopify/callback", "/webhooks/shopify", "/proxy"])
        for path in paths {
            #expect(sources.contains("\"\(path)\"") || sources.contains("\"\(path)/"), "\(path)")
            let first = try #require(path.split(separator: "/").first)
            #expect(caddy.contains("handle /\(first)/*"))
        }
    }

    @Test("its scopes are those that are asked for, its version is the one that is called, its variables are Ingest's")
    func values() throws {
        let guide = try Self.guide()
        let parameters = Ingest.description.parameters
        func value(_ name: String) -> String? { parameters.first { $0.name == name }?.default }
        #expect(guide.contains("scopes = \"\(try #require(value("OTP_SHOPIFY_SCOPES")))\""))
        #expect(guide.contains("api_version = \"\(try #require(value("OTP_SHOPIFY_API_VERSION")))\""))
        for name in guide.matches(of: #/^\| `(OTP_[A-Z_]+)`/#.anchorsMatchLineEndings()).map({ String($0.1) }) {
            #expect(parameters.contains { $0.name == name }, "\(name)")
        }
    }
}
