import Base
import Foundation
import HTTP
import Model
import Platforms
import Runtime
import Security
import Synchronization

@testable import Ingest

/// Shopify's token endpoint as a script, and what it was asked.
final class ScriptedOAuth: Sendable {
    private struct State {
        var asked: [String] = []
        var answer: Result<OAuthGrant, ShopAdminError> = .success(ScriptedOAuth.grant())
    }

    private let state = Mutex(State())

    var asked: [String] { state.withLock { $0.asked } }

    func answer(_ result: Result<OAuthGrant, ShopAdminError>) { state.withLock { $0.answer = result } }

    static func grant(
        _ token: String = Bench.accessToken, scopes: [String] = ["read_orders", "write_orders"]
    ) -> OAuthGrant {
        OAuthGrant(
            accessToken: Secret(text: token), scopes: scopes, refreshToken: Secret(text: "shprt_refresh"),
            expiresIn: 3600, refreshExpiresIn: 7_776_000)
    }

    var value: ShopOAuth {
        @Sendable func take(_ call: String) throws(ShopAdminError) -> OAuthGrant {
            try state.withLock { state in
                state.asked.append(call)
                return state.answer
            }.get()
        }
        return ShopOAuth(
            exchange: { shop, _ throws(ShopAdminError) in try take("exchange \(shop)") },
            redeem: { shop, code throws(ShopAdminError) in try take("redeem \(shop) \(code.text)") },
            refresh: { shop, _ throws(ShopAdminError) in try take("refresh \(shop)") })
    }
}

extension Bench {
    static let clientId = "0123456789abcdef0123456789abcdef"

    func installDoor(_ oauth: ScriptedOAuth, ownURL: String = "https://app.example.com") -> InstallDoor {
        let app = InstallApp(
            clientId: Self.clientId, secrets: [Secret(text: "newer"), Self.secret],
            scopes: ["read_orders", "write_orders"], shopURL: "https://{shop}", ownURL: ownURL)
        let lines = logLines
        let clock = clock.clock
        return InstallDoor(
            app: app,
            installer: Installer(
                oauth: oauth.value, wanted: app.scopes,
                changes: ShopChanges(topology: topology, directory: directory, outbox: outbox, watch: watch),
                isCaughtUp: { [unowned self] in self.isCaughtUp }, now: clock.now,
                log: Log(name: "test", clock: clock, write: { lines.append($0) })),
            states: OAuthState(idKey: Secret([UInt8](repeating: 7, count: 32))), mayCancel: true, now: clock.now,
            metrics: metrics)
    }

    /// A request that Shopify's own address leads to, signed.
    func get(
        _ path: String, _ more: [(String, String)] = [], shop: String = Bench.shop, at ms: Int64 = 0,
        secret: Secret = Bench.secret, cookie: String? = nil
    ) -> HTTPRequest {
        let query = more + [("shop", shop), ("timestamp", String((clock.now + ms) / 1000))]
        let signed = query + [("hmac", ShopifyQuery.sign(query, secret: secret))]
        return HTTPRequest(
            method: "GET", target: "\(path)?\(URIComponent.query(signed))",
            headers: HTTPHeaders(cookie.map { [("Cookie", "a=b; \($0)")] } ?? []))
    }

    func sessionToken(
        shop: String = Bench.shop, at ms: Int64 = 0, clientId: String = Bench.clientId, secret: Secret = Bench.secret
    ) -> String {
        SessionToken.make(shop: shop, clientId: clientId, secret: secret, now: clock.now + ms, id: "j").text
    }

    func post(session token: String?) -> HTTPRequest {
        HTTPRequest(
            method: "POST", target: "/shopify/session",
            headers: HTTPHeaders(token.map { [("Authorization", "Bearer \($0)")] } ?? []))
    }

    /// What the shop's own token is, opened with its key.
    func storedToken(_ shop: String = Bench.shop) throws -> String? {
        guard let (record, key) = directory.current(shop), let installation = record.installation else { return nil }
        let bytes = try key.open(installation.accessToken.bytes, topic: "shops", key: shop, field: "accessToken")
        return String(decoding: bytes, as: UTF8.self)
    }
}
