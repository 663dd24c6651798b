import Base
import HTTP
import Security

/// The Admin GraphQL API's door: token, version, cost and faults come before the operation.
extension StandInShopify {
    /// - Parameter prefix: `/shopify`
    func addRoutes(to router: inout Router, prefix: String) {
        let options = RouteOptions(deadline: pace.hang + .seconds(10))
        router.onAsync("POST", prefix + "/:shop/admin/api/:version/graphql.json", options: options) {
            request, parameters in
            let response = await self.answer(request, parameters)
            return response.with("X-Request-Id", RandomName.uuid())
                .with("X-Shopify-API-Version", parameters["version"] ?? "")
        }
    }

    private func answer(_ request: HTTPRequest, _ parameters: PathParameters) async -> HTTPResponse {
        let domain = (parameters["shop"] ?? "").lowercased()
        guard hasShop(domain), parameters["version"]?.wholeMatch(of: #/\d{4}-(01|04|07|10)/#) != nil else {
            return .json(["errors": "Not Found"] as JSONTree, status: 404)
        }
        let token = Secret(text: request.headers["X-Shopify-Access-Token"] ?? "")
        guard opens(domain, token) else {
            let text = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return .json(["errors": .string(text)] as JSONTree, status: 401)
        }
        guard let call = JSONTree(parsing: request.body), let query = call["query"]?.string,
            let document = GraphQLDocument(query)
        else {
            return .json(["errors": ["query": "Required parameter missing or invalid"]] as JSONTree, status: 400)
        }
        let hidden = document.field == "orders" ? hiddenFields(domain, token, query) : []
        return await run(document, call["variables"] ?? [:], domain, hidden)
    }

    /// - Parameter hidden: what of each order the token may not see.
    private func run(
        _ document: GraphQLDocument, _ variables: JSONTree, _ domain: String, _ hidden: [String]
    ) async -> HTTPResponse {
        let cost = document.kind == .mutation ? 10.0 : 1.0
        let time = now()
        let (fault, isWithinBudget, bucket) = state.withLock { state in
            let fault = ShopifyFault.take(from: &state.faults, operation: document.field)
            let isWithinBudget = fault?.mode != .throttle && state.shops[domain]?.bucket.take(cost, now: time) == true
            return (fault, isWithinBudget, state.shops[domain]?.bucket ?? CostBucket(now: time))
        }
        guard isWithinBudget else {
            journal.write("shop", "throttled", "\(document.field) throttled")
            return Self.throttled(bucket.extensions(requested: cost, isThrottled: true))
        }
        if let fault {
            journal.write("shop", "fault", "\(document.field): \(fault.mode.rawValue)")
        }
        switch fault?.mode {
        case .hangBefore: return await hang()
        case .status:
            let status = fault?.status ?? 503
            return .json(["errors": .string(fault?.message ?? "Status \(status)")] as JSONTree, status: status)
        case .hangAfter:
            _ = operate(document.field, variables, domain, userError: nil)
            return await hang()
        case .userError, .throttle, .refuseField, nil:
            let userError = fault?.mode == .userError ? fault : nil
            guard let field = operate(document.field, variables, domain, userError: userError) else {
                return Self.unknownField(document)
            }
            let refused = fault?.mode == .refuseField ? hidden + [fault?.field ?? "customer"] : hidden
            let answer = Self.leavingOut(refused, of: field, document)
            var body: JSONTree = [
                "data": .object([document.key: answer.field]),
                "extensions": bucket.extensions(requested: cost, isThrottled: false),
            ]
            if !answer.errors.isEmpty { body["errors"] = .array(answer.errors) }
            return .json(body)
        }
    }

    private func hang() async -> HTTPResponse {
        _ = await Errands.pause(pace.hang)
        return .json(["errors": "Gateway Timeout"] as JSONTree, status: 504)
    }

    private static func throttled(_ extensions: JSONTree) -> HTTPResponse {
        let error: JSONTree = [
            "message": "Throttled",
            "extensions": ["code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits"],
        ]
        return .json(["errors": [error], "extensions": extensions] as JSONTree)
    }

    private static func unknownField(_ document: GraphQLDocument) -> HTTPResponse {
        let type = document.kind == .mutation ? "Mutation" : "QueryRoot"
        let error: JSONTree = [
            "message": .string("Field '\(document.field)' doesn't exist on type '\(type)'"),
            "path": [.string(document.kind.rawValue), .string(document.field)],
            "extensions": ["code": "undefinedField", "typeName": .string(type), "fieldName": .string(document.field)],
        ]
        return .json(["errors": [error]] as JSONTree)
    }
}
