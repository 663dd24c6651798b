import Base
import FoundationEssentials
import HTTP
import Security

/// Shopify's token endpoint as a `ShopOAuth`: `POST {baseURL}/admin/oauth/access_token` with JSON, always asking for
/// offline tokens that expire (shopify.dev, "Token exchange", "Authorization code grant", "Offline access tokens").
public enum ShopifyOAuth {
    /// - Parameters:
    ///   - baseURL: `https://{shop}`; `{shop}` becomes the shop's domain.
    ///   - clientSecret: the one that tokens are asked with.
    ///   - now: ms since 1970, for `Retry-After`.
    public static func make(
        http: HTTPClient, baseURL: String = "https://{shop}", clientId: String, clientSecret: Secret,
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) -> ShopOAuth {
        let desk = ShopifyTokenDesk(
            baseURL: baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL, clientId: clientId,
            clientSecret: clientSecret, http: http, deadline: deadline, now: now)
        return ShopOAuth(
            exchange: { shop, token throws(ShopAdminError) in
                try await desk.ask(shop, "token exchange") { body in
                    body.grantType = "urn:ietf:params:oauth:grant-type:token-exchange"
                    body.subjectToken = token.text
                    body.subjectTokenType = "urn:ietf:params:oauth:token-type:id_token"
                    body.requestedTokenType = "urn:shopify:params:oauth:token-type:offline-access-token"
                    body.expiring = "1"
                }
            },
            redeem: { shop, code throws(ShopAdminError) in
                try await desk.ask(shop, ShopifyTokenDesk.codeGrant) { body in
                    body.code = code.text
                    body.expiring = "1"
                }
            },
            refresh: { shop, token throws(ShopAdminError) in
                try await desk.ask(shop, "refresh") { body in
                    body.grantType = "refresh_token"
                    body.refreshToken = token.text
                }
            })
    }
}

/// One call of the token endpoint. Nothing of what goes in or comes out is part of an error's words, beside OAuth's own
/// error codes.
struct ShopifyTokenDesk: Sendable {
    static let codeGrant = "code grant"

    /// `https://{shop}`, without a slash at the end.
    let baseURL: String
    let clientId: String
    let clientSecret: Secret
    let http: HTTPClient
    let deadline: Duration
    let now: @Sendable () -> Int64

    func ask(
        _ shop: String, _ name: String, _ fill: (inout ShopifyTokenWire.Request) -> Void
    ) async throws(ShopAdminError) -> OAuthGrant {
        guard let domain = ShopDomain.validate(shop) else {
            throw ShopAdminError(.rejected, message: "\(name): not a shop's domain")
        }
        var body = ShopifyTokenWire.Request(clientId: clientId, clientSecret: clientSecret.text)
        fill(&body)
        let bytes: Data
        do {
            bytes = try JSONEncoder().encode(body)
        } catch {
            throw ShopAdminError(.rejected, message: "\(name): request can't be encoded")
        }
        let request = OutboundRequest(
            method: "POST", url: baseURL.replacing("{shop}", with: domain) + "/admin/oauth/access_token",
            headers: ["Content-Type": "application/json", "Accept": "application/json"], body: Array(bytes),
            deadline: deadline)
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await http.send(request)
        } catch {
            throw ShopAdminError(.transient, message: "\(name): no answer, \(error.kind.rawValue)")
        }
        guard response.status == 200 else { throw refusal(response, name) }
        guard let grant = ShopifyTokenWire.grant(response.body) else {
            throw ShopAdminError(
                .transient, message: "\(name): an answer of another shape",
                requestId: response.headers["X-Request-Id"])
        }
        return grant
    }

    private func refusal(_ response: OutboundResponse, _ name: String) -> ShopAdminError {
        let wait = RetryAfter.parse(response.headers["Retry-After"], now: now())
        let code = ShopifyTokenWire.errorCode(response.body)
        let kind: ShopAdminError.Kind
        switch (response.status, code) {
        // RFC 6749 §5.2, RFC 8693 §2.2.2: what was shown is no good, by whatever name Shopify has for it.
        case (400, "invalid_grant"), (400, "invalid_subject_token"), (400, "invalid_token"),
            (401, "invalid_grant"), (401, "invalid_subject_token"), (401, "invalid_token"), (401, nil):
            kind = .unauthorized
        // So Shopify calls a code it does not know.
        case (400, "invalid_request") where name == Self.codeGrant: kind = .unauthorized
        // We ourselves are not believed, or asked for nonsense.
        case (400, _), (401, _): kind = .rejected
        default: kind = ShopifyFailure.kind(status: response.status, wait: wait)
        }
        return ShopAdminError(
            kind, message: "\(name): HTTP \(response.status)" + (code.map { " \($0)" } ?? ""),
            requestId: response.headers["X-Request-Id"], wait: wait)
    }
}
