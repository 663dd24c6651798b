import HTTP
import Platforms
import Runtime
import Security

/// `/shopify/…`: how a merchant installs the app, by Shopify's managed installation with token exchange or by the
/// authorization code grant (shopify.dev, "App authentication and authorization").
///
/// Nothing is believed that Shopify did not sign. What was answered with a success is stored and in effect; everything
/// else stores nothing. Tokens and codes are in no log and in no address we make.
struct InstallDoor: Sendable {
    enum Route: String, Sendable, CaseIterable {
        case install, callback, session, app
    }

    /// Longer than Shopify's answer and the owner's together.
    private static let options = RouteOptions(maximumBodyBytes: 16 << 10, deadline: .seconds(15))

    let app: InstallApp
    let installer: Installer
    let states: OAuthState
    /// `OTP_CANCEL`
    let mayCancel: Bool
    let now: @Sendable () -> Int64
    let metrics: IngestMetrics

    func addRoutes(_ router: inout Router) {
        router.onAsync("GET", "/shopify/install", options: Self.options) { request, _ in install(request) }
        router.onAsync("GET", "/shopify/callback", options: Self.options) { request, _ in await callback(request) }
        router.onAsync("POST", "/shopify/session", options: Self.options) { request, _ in await session(request) }
        router.onAsync("GET", "/shopify/app", options: Self.options) { request, _ in await open(request) }
        for path in ["/shopify/install", "/shopify/callback", "/shopify/app"] { Self.refuseHead(path, &router) }
    }

    /// A look at the head must not redeem a code.
    private static func refuseHead(_ path: String, _ router: inout Router) {
        router.on("HEAD", path) { _, _, answer in answer.respond(HTTPResponse.empty(405).with("Allow", "GET")) }
    }

    // MARK: Authorization code grant

    /// Sends the merchant to where the shop asks for agreement.
    func install(_ request: HTTPRequest) -> HTTPResponse {
        do throws(InstallProblem) {
            let query = try signed(request)
            let begun = states.begin(shop: query.shop, now: now())
            metrics.install(.install, "begun")
            return Self.redirect(app.authorizeURL(query.shop, state: begun.state))
                .with("Set-Cookie", app.cookie(begun.cookie))
        } catch {
            return page(error, .install)
        }
    }

    /// Where the merchant comes back to. Whatever comes of it, the cookie has done its work.
    func callback(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(InstallProblem) {
            let query = try signed(request)
            let cookie = Self.cookie(app.cookieName, request.headers)
            guard states.accepts(state: query["state"], cookie: cookie, shop: query.shop, now: now()) else {
                throw .state
            }
            guard let code = query["code"] else { throw .noCode }
            _ = try await installer.install(query.shop, code: Secret(text: code))
            metrics.install(.callback, "installed")
            return Self.redirect(app.homeURL(query.shop)).with("Set-Cookie", app.cookie(nil))
        } catch {
            return page(error, .callback).with("Set-Cookie", app.cookie(nil))
        }
    }

    // MARK: Token exchange

    private struct Session: Encodable {
        let shop: String
        let installed: Bool
        let scopes: [String]
    }

    /// What the page inside the admin asks for; App Bridge gives it the session token.
    func session(_ request: HTTPRequest) async -> HTTPResponse {
        do throws(InstallProblem) {
            guard let text = Self.bearer(request.headers) else { throw .session(nil) }
            let token = try verified(text)
            let scopes = try await installer.ensure(token.shop, sessionToken: Secret(text: text))
            metrics.install(.session, "installed")
            return HTTPResponse.json(Session(shop: token.shop, installed: true, scopes: scopes))
                .with("Cache-Control", "no-store")
        } catch {
            metrics.install(.session, error.reason)
            var answer = HTTPResponse.problem(error.status, detail: error.detail).with("Cache-Control", "no-store")
            switch error.status {
            // App Bridge comes again with a fresh token.
            case 401: answer = answer.with("X-Shopify-Retry-Invalid-Session-Request", "1")
            case 503: answer = answer.with("Retry-After", "2")
            default: break
            }
            return answer
        }
    }

    /// What Shopify opens for the merchant, inside the admin or outside.
    func open(_ request: HTTPRequest) async -> HTTPResponse {
        // Only whether the page may be framed; nothing is believed of it.
        let frame = request.queryItems().first { $0.0 == "shop" }.flatMap { ShopDomain.validate($0.1) }
        do throws(InstallProblem) {
            let query = try signed(request)
            let isEmbedded = query["embedded"] == "1" || query["id_token"] != nil
            guard let token = query["id_token"] else { return try open(query.shop, request, isEmbedded: isEmbedded) }
            guard try verified(token).shop == query.shop else { throw .otherShop }
            _ = try await installer.ensure(query.shop, sessionToken: Secret(text: token))
            return home(query.shop, isEmbedded: true)
        } catch {
            return page(error, .app, framedBy: frame)
        }
    }

    /// Without a session token: a shop that is installed sees the page, all others go by the code grant.
    private func open(
        _ shop: String, _ request: HTTPRequest, isEmbedded: Bool
    ) throws(InstallProblem) -> HTTPResponse {
        try installer.check(shop)
        if installer.standingScopes(shop) != nil { return home(shop, isEmbedded: isEmbedded) }
        metrics.install(.app, "sent_on")
        let url = app.installURL(request.queryItems())
        guard isEmbedded else { return Self.redirect(url) }
        // The question can't be asked inside a frame. Percent-encoding leaves nothing that could end the text.
        var page = InstallPage(title: "Installing …", body: "")
        page.clientId = app.clientId
        page.script = #"open("\#(url)","_top")"#
        return page.response(framedBy: shop)
    }

    private func home(_ shop: String, isEmbedded: Bool) -> HTTPResponse {
        guard let installation = installer.changes.directory[shop]?.installation else {
            return page(.tooSlow, .app, framedBy: shop)
        }
        metrics.install(.app, "installed")
        var page = InstallPage.installed(shop, installation.settings, mayCancel: mayCancel)
        page.clientId = isEmbedded ? app.clientId : nil
        return page.response(framedBy: isEmbedded ? shop : nil)
    }
}
