import FoundationEssentials
import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Texts

/// `/admin/shops` and `/admin/shops/{domain}`: the operator lists, puts, changes, reads and removes shops.
///
/// A change is asked of the shop's owner and answered once this instance's own table shows it: what was answered 2xx is
/// durable and in effect. Without that within five seconds: 503, and the same request may be sent again.
struct AdminDoor: Sendable {
    let tokens: BearerTokens
    let allowShortTimers: Bool
    let templateCheck: TemplateCheck
    let topology: Topology
    let directory: ShopDirectory
    let isCaughtUp: @Sendable () -> Bool
    let outbox: Outbox
    let watch: ShopWatch

    var changes: ShopChanges {
        ShopChanges(topology: topology, directory: directory, outbox: outbox, watch: watch)
    }

    func addRoutes(_ router: inout Router) {
        let options = RouteOptions(maximumBodyBytes: 64 << 10)
        let handlers: [(String, @Sendable (HTTPRequest, String) async -> HTTPResponse)] = [
            ("PUT", put), ("PATCH", patch), ("GET", get), ("DELETE", delete),
        ]
        router.onAsync("GET", "/admin/shops", options: options) { request, _ in guarded(request) ?? list(request) }
        for (method, handler) in handlers {
            router.onAsync(method, "/admin/shops/:domain", options: options) { request, parameters in
                await answer(request, parameters["domain"] ?? "", handler)
            }
        }
    }

    func answer(
        _ request: HTTPRequest, _ text: String, _ handler: (HTTPRequest, String) async -> HTTPResponse
    ) async -> HTTPResponse {
        if let refusal = guarded(request, shop: text) { return refusal }
        return await handler(request, ShopName.validate(text) ?? text)
    }

    /// Why the request is not looked into; nil where it is.
    private func guarded(_ request: HTTPRequest, shop: String? = nil) -> HTTPResponse? {
        guard tokens.allow(request.headers["Authorization"]) else {
            return HTTPResponse.problem(401, detail: "The bearer token is missing or wrong.")
                .with("WWW-Authenticate", "Bearer")
        }
        if let shop, ShopName.validate(shop) == nil {
            return .problem(400, detail: "The address does not name a shop.")
        }
        return isCaughtUp() ? nil : .unavailable("The shops are still being read.")
    }

    // MARK: Put

    /// - Parameter request: with `If-None-Match: *` a shop that is there already is left alone; two such puts at once
    ///   may both be done.
    func put(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        if request.headers["If-None-Match"] == "*", directory[shop]?.installation != nil {
            return .problem(412, detail: "There is such a shop already.")
        }
        let body: ShopPutBody
        switch ShopPutBody.parse(
            request.body, shop: shop, allowShortTimers: allowShortTimers, check: templateCheck)
        {
        case .failure(let bad):
            return .problem(400, detail: "The shop can't be put like this.", errors: bad.problems)
        case .success(let good): body = good
        }
        let changes = changes
        let deadline = changes.deadline()
        let putId = UUID().uuidString.lowercased()
        guard let (record, key) = await changes.keyed(shop, platform: body.platform, putId: putId, deadline) else {
            return Self.tooSlow
        }
        let token = key.seal(Array((body.accessToken ?? "").utf8), topic: "shops", key: shop, field: "accessToken")
        let message = WebhookMessage.shopPut(
            WebhookMessage.ShopPut(
                putId: putId, shopVersion: record.version, accessToken: Sealed(token), plan: body.plan,
                shopifyPlan: body.shopifyPlan, settings: body.settings,
                webhookSecrets: body.webhookSecrets.map { SourceSecrets.seal($0, of: shop, key) }))
        let isShown = await changes.change(shop, message, deadline) { $0?.putId == putId && $0?.installation != nil }
        guard isShown else { return Self.tooSlow }
        return HTTPResponse.json(ShopView(platform: body.platform, putBody: body)).with("ETag", "\"\(putId)\"")
    }

    // MARK: Get and delete

    func get(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        directory[shop].flatMap(shown) ?? Self.unknown
    }

    func delete(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        guard directory[shop] != nil else { return Self.unknown }
        let message = WebhookMessage.shopDelete(
            WebhookMessage.ShopDelete(requestId: UUID().uuidString.lowercased()))
        let changes = changes
        return await changes.change(shop, message, changes.deadline(), until: { $0 == nil })
            ? .empty(204) : Self.tooSlow
    }

    static let unknown = HTTPResponse.problem(404, detail: "There is no such shop.")
    static let tooSlow = HTTPResponse.unavailable("The shop's owner did not answer in time; send it again.")
}
