import Base
import HTTP
import Platforms
import Security

/// How an app comes to a shop's tokens: the page that asks the merchant (who always agrees), and the token endpoint.
extension StandInShopify {
    /// A code that was given out and not redeemed.
    struct Code: Sendable {
        var shop: String
        var scopes: [String]
        /// Milliseconds since 1970.
        var endsAt: Int64
    }

    private static let codeMs: Int64 = 60_000

    /// - Parameter prefix: `/shopify`
    func addOAuthRoutes(to router: inout Router, prefix: String) {
        let options = RouteOptions(maximumBodyBytes: 64 << 10, deadline: pace.hang + .seconds(10))
        router.onAsync("GET", prefix + "/:shop/admin/oauth/authorize", options: options) { request, parameters in
            self.authorize(request.queryItems(), parameters)
        }
        router.onAsync("POST", prefix + "/:shop/admin/oauth/access_token", options: options) { request, parameters in
            await self.accessToken(request, parameters).with("X-Request-Id", RandomName.uuid())
        }
        router.onAsync("GET", prefix + "/:shop/admin/apps/:app", options: options) { _, parameters in
            .text("The admin of \(parameters["shop"] ?? "").")
        }
    }

    // MARK: Asking the merchant

    /// Sends the browser back with a code, signed, as when the merchant has agreed at once.
    private func authorize(_ query: [(String, String)], _ parameters: PathParameters) -> HTTPResponse {
        func value(_ name: String) -> String { query.first { $0.0 == name }?.1 ?? "" }
        guard let shop = ShopDomain.validate(parameters["shop"] ?? "") else {
            return .text("No such shop.", status: 404)
        }
        guard value("client_id") == clientId, value("redirect_uri").hasPrefix("http") else {
            return .text(
                "Oauth error invalid_request: The client_id or the redirect_uri is not the app's.", status: 400)
        }
        let (code, time) = (Hex.encode(randomBytes(16)), now())
        state.withLock { state in
            state.codes = state.codes.filter { $0.value.endsAt > time }
            state.codes[code] = Code(
                shop: shop, scopes: agreed(ShopifyScopes.parse(value("scope")), shop, state),
                endsAt: time + Self.codeMs)
        }
        journal.write("shop", "oauth.agreed", "\(shop) agreed to the app")
        let answer = signedQuery(shop, [("code", code), ("state", value("state"))])
        return HTTPResponse.empty(302).with("Location", "\(value("redirect_uri"))?\(answer)")
    }

    /// Parameters as Shopify puts them behind an address of the app's: with shop, host, time and signature.
    func signedQuery(_ shop: String, _ more: [(String, String)]) -> String {
        let host = Base64URL.encode(
            Array("admin.shopify.com/store/\(shop.split(separator: ".").first ?? "")".utf8))
        let query = more + [("shop", shop), ("host", host), ("timestamp", String(now() / 1000))]
        return URIComponent.query(query + [("hmac", ShopifyQuery.sign(query, secret: webhooks.clientSecret))])
    }

    /// What the merchant of this shop agrees to when asked for `scopes`.
    private func agreed(_ scopes: [String], _ shop: String, _ state: State) -> [String] {
        state.shops[shop]?.agreesTo.map { allowed in scopes.filter(allowed.contains) } ?? scopes
    }

    // MARK: The token endpoint

    private func accessToken(_ request: HTTPRequest, _ parameters: PathParameters) async -> HTTPResponse {
        guard let shop = ShopDomain.validate(parameters["shop"] ?? ""), let body = JSONTree(parsing: request.body)
        else {
            return Self.refusal("invalid_request")
        }
        guard body["client_id"]?.string == clientId, body["client_secret"]?.string.map({ Secret(text: $0) }) == secret
        else {
            return Self.refusal("invalid_client", status: 401)
        }
        let fault = state.withLock { ShopifyFault.take(from: &$0.faults, operation: "accessToken") }
        if let fault { journal.write("shop", "fault", "accessToken: \(fault.mode.rawValue)") }
        switch fault?.mode {
        case .hangBefore: return await hangOAuth()
        case .hangAfter:
            _ = grant(shop, body)
            return await hangOAuth()
        case .status, .throttle, .userError:
            let status = fault?.status ?? 503
            return .json(["errors": .string(fault?.message ?? "Status \(status)")] as JSONTree, status: status)
        case .refuseField, nil: return grant(shop, body)
        }
    }

    private func grant(_ shop: String, _ body: JSONTree) -> HTTPResponse {
        switch body["grant_type"]?.string {
        case "refresh_token": return refresh(shop, Secret(text: body["refresh_token"]?.string ?? ""))
        case "urn:ietf:params:oauth:grant-type:token-exchange": return exchange(shop, body)
        default: return redeem(shop, body["code"]?.string ?? "")
        }
    }

    private func redeem(_ shop: String, _ text: String) -> HTTPResponse {
        let time = now()
        let code = state.withLock { $0.codes.removeValue(forKey: text) }
        guard let code, code.shop == shop, code.endsAt > time else { return Self.refusal("invalid_request") }
        return give(shop, code.scopes, "code")
    }

    private func exchange(_ shop: String, _ body: JSONTree) -> HTTPResponse {
        let token: SessionToken
        do throws(SessionToken.Problem) {
            token = try SessionToken.verify(
                body["subject_token"]?.string ?? "", clientId: clientId, secrets: [secret], now: now())
        } catch {
            return Self.refusal("invalid_subject_token")
        }
        guard token.shop == shop else { return Self.refusal("invalid_subject_token") }
        let scopes = state.withLock { agreed(managedScopes, shop, $0) }
        return give(shop, scopes, "session token")
    }

    private func give(_ shop: String, _ scopes: [String], _ what: String) -> HTTPResponse {
        open(shop)
        let time = now()
        let pair = state.withLock { $0.shops[shop]?.grants.grant(scopes, now: time) }
        journal.write("shop", "oauth.granted", "\(shop) granted \(scopes.joined(separator: ",")) for a \(what)")
        return Self.answer(pair, scopes, now: time)
    }

    private func refresh(_ shop: String, _ token: Secret) -> HTTPResponse {
        let time = now()
        let (pair, scopes) = state.withLock { state in
            (state.shops[shop]?.grants.refresh(token, now: time), state.shops[shop]?.grants.scopes ?? [])
        }
        guard pair != nil else { return Self.refusal("invalid_grant") }
        journal.write("shop", "oauth.refreshed", "\(shop) refreshed its tokens")
        return Self.answer(pair, scopes, now: time)
    }

    private static func answer(_ pair: StandInGrants.Pair?, _ scopes: [String], now: Int64) -> HTTPResponse {
        guard let pair else { return refusal("invalid_grant") }
        return .json(
            [
                "access_token": .string(pair.access.text), "scope": .string(scopes.joined(separator: ",")),
                "expires_in": .integer(max(1, (pair.expiresAt - now) / 1000)),
                "refresh_token": .string(pair.refresh.text),
                "refresh_token_expires_in": .integer(StandInGrants.refreshSeconds),
            ] as JSONTree)
    }

    private static func refusal(_ code: String, status: Int = 400) -> HTTPResponse {
        .json(["error": .string(code), "error_description": "Refused by the sandbox"] as JSONTree, status: status)
    }

    private func hangOAuth() async -> HTTPResponse {
        _ = await Errands.pause(pace.hang)
        return .json(["errors": "Gateway Timeout"] as JSONTree, status: 504)
    }

    private var secret: Secret { webhooks.clientSecret }
}
