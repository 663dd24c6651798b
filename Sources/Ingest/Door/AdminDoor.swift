#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Texts

/// `/admin/shops/{domain}`: the operator puts, reads and removes shops.
///
/// A change is asked of the shop's owner and answered once this instance's own table shows it: what was answered 2xx is
/// durable and in effect. Without that within five seconds: 503, and the same request may be sent again.
struct AdminDoor: Sendable {
    static let patienceMs: Int64 = 5_000

    let tokens: BearerTokens
    let allowShortTimers: Bool
    let templateCheck: TemplateCheck
    let topology: Topology
    let directory: ShopDirectory
    let isCaughtUp: @Sendable () -> Bool
    let outbox: Outbox
    let watch: ShopWatch

    func addRoutes(_ router: inout Router) {
        let options = RouteOptions(maximumBodyBytes: 64 << 10)
        let handlers: [(String, @Sendable (HTTPRequest, String) async -> HTTPResponse)] = [
            ("PUT", put), ("GET", get), ("DELETE", delete),
        ]
        for (method, handler) in handlers {
            router.onAsync(method, "/admin/shops/:domain", options: options) { request, parameters in
                await answer(request, parameters["domain"] ?? "", handler)
            }
        }
    }

    func answer(
        _ request: HTTPRequest, _ text: String, _ handler: (HTTPRequest, String) async -> HTTPResponse
    ) async -> HTTPResponse {
        guard tokens.allow(request.headers["Authorization"]) else {
            return HTTPResponse.problem(401, detail: "The bearer token is missing or wrong.")
                .with("WWW-Authenticate", "Bearer")
        }
        guard let shop = ShopDomain.validate(text) else {
            return .problem(400, detail: "The address does not name a shop's domain.")
        }
        guard isCaughtUp() else { return .unavailable("The shops are still being read.") }
        return await handler(request, shop)
    }

    // MARK: Put

    func put(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        let body: ShopPutBody
        switch ShopPutBody.parse(
            request.body, shop: shop, allowShortTimers: allowShortTimers, check: templateCheck)
        {
        case .failure(let bad):
            return .problem(400, detail: "The shop can't be put like this.", errors: bad.problems)
        case .success(let good): body = good
        }
        let deadline = watch.deadline(after: Self.patienceMs)
        let putId = UUID().uuidString.lowercased()
        if directory.current(shop) == nil {
            let ask = WebhookMessage.ShopKeyRequest(platform: body.platform, putId: putId)
            guard await ask.send(self, shop, deadline) else { return Self.tooSlow }
        }
        guard let (record, key) = directory.current(shop) else { return Self.tooSlow }
        let token = key.seal(Array(body.accessToken.utf8), topic: "shops", key: shop, field: "accessToken")
        let message = WebhookMessage.shopPut(
            WebhookMessage.ShopPut(
                putId: putId, shopVersion: record.version, accessToken: Sealed(token), plan: body.plan,
                shopifyPlan: body.shopifyPlan, settings: body.settings))
        guard await change(shop, message, deadline, until: { $0?.putId == putId && $0?.installation != nil }) else {
            return Self.tooSlow
        }
        return .json(ShopView(platform: body.platform, putBody: body))
    }

    // MARK: Get and delete

    func get(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        guard let record = directory[shop], let view = ShopView(record) else { return Self.unknown }
        return HTTPResponse.json(view).with("Cache-Control", "no-store")
    }

    func delete(_ request: HTTPRequest, _ shop: String) async -> HTTPResponse {
        guard directory[shop] != nil else { return Self.unknown }
        let message = WebhookMessage.shopDelete(
            WebhookMessage.ShopDelete(requestId: UUID().uuidString.lowercased()))
        let deadline = watch.deadline(after: Self.patienceMs)
        return await change(shop, message, deadline, until: { $0 == nil }) ? .empty(204) : Self.tooSlow
    }

    private static let unknown = HTTPResponse.problem(404, detail: "There is no such shop.")
    private static let tooSlow = HTTPResponse.unavailable("The shop's owner did not answer in time; send it again.")

    /// How often a message is put to Kafka before the door gives up: about once a second for as long as it has patience.
    private static let attempts = 5

    /// Asks the shop's owner, and waits until this instance sees that it was done. A message that Kafka did not take at
    /// once (topics just made, a leader that moves) is put again: asked twice, the owner does it once.
    fileprivate func change(
        _ shop: String, _ message: WebhookMessage, _ deadline: Int64,
        until isMet: @escaping @Sendable (ShopRecord?) -> Bool
    ) async -> Bool {
        let expectation = watch.expect(shop, deadline: deadline, isMet)
        for _ in 0..<Self.attempts {
            if await outbox.post(message.record(shop: shop, topology)) { return await expectation.outcome() }
            do {
                try await Task.sleep(for: .milliseconds(100))
            } catch {
                break
            }
        }
        watch.drop(expectation)
        return false
    }
}

extension WebhookMessage.ShopKeyRequest {
    /// The first step of a put: the owner makes a key for a shop that has none.
    fileprivate func send(_ door: AdminDoor, _ shop: String, _ deadline: Int64) async -> Bool {
        await door.change(shop, .shopKey(self), deadline, until: { $0 != nil })
    }
}
