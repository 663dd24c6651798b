/// What a refusal of the Admin API means, by HTTP status or by the code of a GraphQL error (shopify.dev, "API
/// response codes", "Rate limits").
enum ShopifyFailure {
    /// A scope or an approval for protected data is missing.
    static let accessDenied = "ACCESS_DENIED"

    static func kind(status: Int, wait: Duration?) -> ShopAdminError.Kind {
        switch status {
        case 401: .unauthorized
        case 402, 423: .frozen
        case 403: .accessDenied
        case 404: .notFound
        case 429: .throttled(after: wait ?? .seconds(2))
        case 408, 500...: .transient
        default: .rejected
        }
    }

    static func kind(code: String?, cost: ShopifyWire.Extensions.Cost?) -> ShopAdminError.Kind {
        switch code {
        case "THROTTLED": .throttled(after: throttleWait(cost))
        case accessDenied: .accessDenied
        case "SHOP_INACTIVE": .frozen
        case "INTERNAL_SERVER_ERROR", "TIMEOUT": .transient
        default: .rejected
        }
    }

    /// (requested − available) / restore rate, at least a second: an answer without figures tells nothing.
    private static func throttleWait(_ cost: ShopifyWire.Extensions.Cost?) -> Duration {
        guard let bucket = cost?.throttleStatus, let requested = cost?.requestedQueryCost else { return .seconds(1) }
        return max(bucket.wait(for: requested), .seconds(1))
    }
}
