import FoundationEssentials
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

    /// What Shopify answered to an operation.
    struct Reply<Field> {
        /// The operation's field of `data`, nil where Shopify answers null.
        let field: Field?
        let requestId: String?
        /// What of it Shopify refused, `customer`, without the steps that only lead through lists; empty unless a part
        /// would do.
        var denied: [String] = []
    }

    /// - Parameter part: whether an answer will do from which Shopify left out what the app may not see (a scope or an
    ///   approval for protected data is missing). Any other error fails the call, even where data came along.
    func call<Field: Decodable>(
        _ operation: ShopifyOperation, _ shop: ShopRef, _ variables: some Encodable, as type: Field.Type,
        orPart part: Bool = false
    ) async throws(ShopAdminError) -> Reply<Field> {
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
        return try read(response, operation, shop, as: type, orPart: part)
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
        _ response: OutboundResponse, _ operation: ShopifyOperation, _ shop: ShopRef, as type: Field.Type,
        orPart part: Bool
    ) throws(ShopAdminError) -> Reply<Field> {
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
        let errors = head.errors ?? []
        let denied = errors.filter { $0.extensions?.code == ShopifyFailure.accessDenied }
        // What an operation asks for is not optional to us, unless it says so: an error counts even where data came
        // along.
        if let first = errors.first(where: { !part || $0.extensions?.code != ShopifyFailure.accessDenied }) {
            let code = first.extensions?.code
            throw ShopAdminError(
                ShopifyFailure.kind(code: code, cost: head.extensions?.cost),
                message: "\(operation.name): \(code ?? "refused without a code")", requestId: requestId)
        }
        let answer = try decode(ShopifyWire.Answer<Field>.self, response, operation)
        if !denied.isEmpty, (answer.data?[operation.name] ?? nil) == nil {
            throw ShopAdminError(
                .accessDenied, message: "\(operation.name): \(ShopifyFailure.accessDenied)", requestId: requestId)
        }
        guard let field = answer.data?[operation.name] else {
            throw ShopAdminError(.transient, message: "\(operation.name): no data", requestId: requestId)
        }
        return Reply(field: field, requestId: requestId, denied: Self.names(denied, operation))
    }

    /// The fields that were refused, each once: what Shopify says of them, in our words and within bounds.
    private static func names(_ problems: [ShopifyWire.Problem], _ operation: ShopifyOperation) -> [String] {
        let names = problems.map { problem in
            let steps = (problem.path ?? []).compactMap(\.name).dropFirst().filter { !lists.contains($0) }
            let isName = steps.allSatisfy {
                $0.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x7A).contains($0) }
            }
            let name = steps.joined(separator: ".")
            return isName && (1...64).contains(name.utf8.count) ? name : operation.name
        }
        return Array(Set(names).sorted().prefix(20))
    }

    private static let lists: Set<String> = ["nodes", "edges", "node"]

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
