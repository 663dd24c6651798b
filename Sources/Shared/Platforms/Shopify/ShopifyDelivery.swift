import Base
import HTTP

/// What the headers of a webhook say of it. Not covered by the signature: as trustworthy as the way to our door.
public struct ShopifyDelivery: Sendable, Equatable {
    /// `orders/create`, lower case.
    public let topic: String
    /// Validated, lower case.
    public let shopDomain: String
    /// One a delivery and subscription; Shopify names it the de-duplication key.
    public let webhookId: String
    /// Shared by every delivery one action of the merchant caused, on several orders too: never de-duplicate by it
    /// alone.
    public let eventId: String?
    /// When the event fired (ms since 1970), the same on retries.
    public let triggeredAt: Int64?
    /// The version that wrote the body, such as `2026-10`; can differ from the one asked for.
    public let apiVersion: String?
    /// A notification somebody sent to try things out (the admin, Shopify's command line), or one about a test order.
    public let isTest: Bool

    /// The topics we read; a shop or an app may be subscribed to others.
    public static let topics: Set<String> = orderTopics.union(shopTopics).union(privacyTopics)
    public static let orderTopics: Set<String> = [
        "orders/create", "orders/updated", "orders/paid", "orders/cancelled",
    ]
    public static let privacyTopics: Set<String> = ["customers/data_request", "customers/redact", "shop/redact"]
    private static let shopTopics: Set<String> = [
        "app/uninstalled", "shop/update", "app/scopes_update", "app_subscriptions/update",
        "app_subscriptions/approaching_capped_amount",
    ]

    public init(
        topic: String, shopDomain: String, webhookId: String, eventId: String? = nil, triggeredAt: Int64? = nil,
        apiVersion: String? = nil, isTest: Bool = false
    ) {
        self.topic = topic
        self.shopDomain = shopDomain
        self.webhookId = webhookId
        self.eventId = eventId
        self.triggeredAt = triggeredAt
        self.apiVersion = apiVersion
        self.isTest = isTest
    }

    /// Topic, shop and webhook id are required, the rest is taken as far as it is there and makes sense.
    public init(_ headers: HTTPHeaders) throws(ShopifyDeliveryProblem) {
        guard let topic = Self.value(headers, "X-Shopify-Topic") else { throw .noTopic }
        guard let shop = Self.value(headers, "X-Shopify-Shop-Domain") else { throw .noShop }
        guard let domain = ShopDomain.validate(shop) else { throw .badShop }
        guard let webhookId = Self.value(headers, "X-Shopify-Webhook-Id") else { throw .noWebhookId }
        self.init(
            topic: topic.lowercased(), shopDomain: domain, webhookId: webhookId,
            eventId: Self.value(headers, "X-Shopify-Event-Id"),
            triggeredAt: Self.value(headers, "X-Shopify-Triggered-At").flatMap(RFC3339.milliseconds),
            apiVersion: Self.value(headers, "X-Shopify-API-Version"),
            isTest: Self.value(headers, "X-Shopify-Test")?.lowercased() == "true")
    }

    /// The header the signature stands in, for `ShopifyWebhook.verify`.
    public static func signature(_ headers: HTTPHeaders) -> String? {
        value(headers, "X-Shopify-Hmac-Sha256")
    }

    /// Ids become keys and headers of messages: nothing empty, nothing longer than 255 bytes.
    private static func value(_ headers: HTTPHeaders, _ name: String) -> String? {
        headers[name].flatMap { (1...255).contains($0.utf8.count) ? $0 : nil }
    }
}

/// Why a webhook can't be taken in, whatever its body says.
public enum ShopifyDeliveryProblem: String, Error, Sendable, Equatable {
    case noTopic, noShop, badShop, noWebhookId
}
