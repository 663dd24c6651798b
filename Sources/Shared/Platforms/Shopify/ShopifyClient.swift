#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HTTP

/// One call of the Admin GraphQL API: paced, sent, and its answer told apart into data and errors. Never sleeps: a shop
/// without points left is an error that says how long to wait.
struct ShopifyClient: Sendable {
    /// `https://{shop}`, without a slash at the end.
    let baseURL: String
    let version: String
    let http: HTTPClient
    let deadline: Duration
    let now: @Sendable () -> Int64
    let pacing = ShopPacingBook()

    /// - Parameter baseURL: with or without a slash at its end.
    init(
        http: HTTPClient, baseURL: String, version: String, deadline: Duration, now: @escaping @Sendable () -> Int64
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.version = version
        self.http = http
        self.deadline = deadline
        self.now = now
    }

    /// The operation's field of `data`, nil where Shopify answers null.
    func call<Field: Decodable>(
        _ operation: ShopifyOperation, _ shop: ShopRef, _ variables: some Encodable, as type: Field.Type
    ) async throws(ShopAdminError) -> (field: Field?, requestId: String?) {
        let request = try request(operation, shop, variables)
        if let wait = pacing.reserve(shop: shop.domain, cost: operation.cost, now: now()) {
            throw ShopAdminError(.throttled(after: wait), message: "\(operation.name): the shop's budget is used up")
        }
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await http.send(request)
        } catch {
            throw ShopAdminError(.transient, message: "\(operation.name): no answer, \(error.kind.rawValue)")
        }
        return try read(response, operation, shop, as: type)
    }

    private func request(
        _ operation: ShopifyOperation, _ shop: ShopRef, _ variables: some Encodable
    ) throws(ShopAdminError) -> OutboundRequest {
        guard let domain = ShopDomain.validate(shop.domain) else {
            throw ShopAdminError(.rejected, message: "\(operation.name): not a shop's domain")
        }
        let body: Data
        do {
            body = try JSONEncoder().encode(ShopifyWire.Call(query: operation.document, variables: variables))
        } catch {
            throw ShopAdminError(.rejected, message: "\(operation.name): request can't be encoded")
        }
        let url = baseURL.replacing("{shop}", with: domain) + "/admin/api/\(version)/graphql.json"
        let headers: HTTPHeaders = [
            "Content-Type": "application/json", "Accept": "application/json",
            "X-Shopify-Access-Token": shop.accessToken.text,
        ]
        return OutboundRequest(method: "POST", url: url, headers: headers, body: Array(body), deadline: deadline)
    }

    private func read<Field: Decodable>(
        _ response: OutboundResponse, _ operation: ShopifyOperation, _ shop: ShopRef, as type: Field.Type
    ) throws(ShopAdminError) -> (field: Field?, requestId: String?) {
        let requestId = response.headers["X-Request-Id"]
        guard response.status == 200 else {
            let wait = RetryAfter.parse(response.headers["Retry-After"], now: now())
            if let wait { pacing.hold(shop: shop.domain, for: wait, now: now()) }
            throw ShopAdminError(
                ShopifyFailure.kind(status: response.status, wait: wait),
                message: "\(operation.name): HTTP \(response.status)", requestId: requestId, wait: wait)
        }
        let head = try decode(ShopifyWire.Head.self, response, operation)
        if let bucket = head.extensions?.cost?.throttleStatus {
            pacing.observe(shop: shop.domain, bucket, now: now())
        }
        // Nothing we ask for is optional to us: an error counts even where data came along.
        if let first = head.errors?.first {
            let code = first.extensions?.code
            throw ShopAdminError(
                ShopifyFailure.kind(code: code, cost: head.extensions?.cost),
                message: "\(operation.name): \(code ?? "refused without a code")", requestId: requestId)
        }
        let answer = try decode(ShopifyWire.Answer<Field>.self, response, operation)
        guard let field = answer.data[operation.name] else {
            throw ShopAdminError(.transient, message: "\(operation.name): no data", requestId: requestId)
        }
        return (field, requestId)
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type, _ response: OutboundResponse, _ operation: ShopifyOperation
    ) throws(ShopAdminError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw ShopAdminError(
                .transient, message: "\(operation.name): an answer of another shape",
                requestId: response.headers["X-Request-Id"])
        }
    }
}
