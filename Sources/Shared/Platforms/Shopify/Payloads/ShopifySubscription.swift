/// The body of app_subscriptions/update and app_subscriptions/approaching_capped_amount. The newer shape has a price,
/// an interval and a handle of the plan; the older one only its name.
public struct ShopifySubscription: Sendable, Equatable, Decodable {
    /// AppSubscriptionStatus.
    public enum Status: String, Sendable, CaseIterable {
        case pending = "PENDING"
        case active = "ACTIVE"
        case accepted = "ACCEPTED"
        case declined = "DECLINED"
        case expired = "EXPIRED"
        case frozen = "FROZEN"
        case cancelled = "CANCELLED"
    }

    /// `gid://shopify/AppSubscription/1029266951`
    public let gid: String
    /// `gid://shopify/Shop/60000000001`
    public let shopGid: String?
    public let name: String
    public let handle: String?
    /// Nil for one Shopify has invented since.
    public let status: Status?
    /// Milliseconds since 1970.
    public let updatedAt: Int64

    private enum Root: String, CodingKey { case subscription = "app_subscription" }

    private enum Key: String, CodingKey {
        case name, status
        case gid = "admin_graphql_api_id"
        case shopGid = "admin_graphql_api_shop_id"
        case handle = "plan_handle"
        case updatedAt = "updated_at"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Root.self).nestedContainer(keyedBy: Key.self, forKey: .subscription)
        guard let gid = fields.lenientText(.gid, 100), gid.hasPrefix("gid://shopify/AppSubscription/") else {
            throw PayloadError("app_subscription.admin_graphql_api_id: missing, or not a subscription's")
        }
        guard let updatedAt = fields.lenientTime(.updatedAt) else {
            throw PayloadError("app_subscription.updated_at: missing or no RFC 3339 time")
        }
        self.gid = gid
        shopGid = fields.lenientText(.shopGid, 100)
        name = fields.lenientText(.name, cutAt: 255) ?? ""
        handle = fields.lenientText(.handle, cutAt: 255)
        status = fields.lenientText(.status).flatMap { Status(rawValue: $0.uppercased()) }
        self.updatedAt = updatedAt
    }

    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifySubscription {
        try PayloadError.decoding(ShopifySubscription.self, from: body)
    }
}
