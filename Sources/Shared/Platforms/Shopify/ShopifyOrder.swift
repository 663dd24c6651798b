import Security

/// An order as the topics orders/* carry it (REST shape), the fields we use. Only `id` and `created_at` are required;
/// any other may be missing, null or of an odd type and is then nil or empty. Prints as its id only.
public struct ShopifyOrder: Sendable, Equatable {
    public struct Address: Sendable, Equatable {
        /// As typed.
        public let phone: String?
        /// ISO 3166 alpha-2.
        public let countryCode: String?

        public init(phone: String?, countryCode: String?) {
            self.phone = phone
            self.countryCode = countryCode
        }
    }

    public var id: Int64
    /// `gid://shopify/Order/6502000000002`, the id in the GraphQL API.
    public var gid: String
    /// What the merchant calls it, `#1102`; empty when absent.
    public var name: String
    /// ms since 1970, as all times here.
    public var createdAt: Int64
    public var updatedAt: Int64?
    public var cancelledAt: Int64?
    public var test: Bool
    /// False for an order still waiting for the payment provider. True when absent.
    public var confirmed: Bool
    public var tags: [String]
    /// Payment gateways by name, `Cash on Delivery (COD)`.
    public var gateways: [String]
    /// `pending`, `paid` …
    public var financialStatus: String?
    /// Nil (unfulfilled), `partial`, `fulfilled`, `restocked`.
    public var fulfillmentStatus: String?
    /// `en-IN`.
    public var customerLocale: String?
    /// `web`, `pos`, `shopify_draft_order`, an app's number.
    public var sourceName: String?
    /// `1899.00`, in the shop's own currency, whatever the shopper paid in.
    public var total: String?
    /// The app that made it: Shopify's online shop and page of drafts have numbers too.
    public var appId: Int64?
    /// Whether a member of the shop's staff made it, in the admin or at a point of sale.
    public var isByStaff: Bool = false
    /// Whether a browser at a storefront left its address or where it came from.
    public var hasStorefrontTrace: Bool = false
    /// Whether it was asked for, and places that may bear a phone could not be read.
    public var isPhoneUnread: Bool = false
    public var customerId: String?
    public var phone: String?
    public var shipping: Address?
    public var billing: Address?
    public var customerPhone: String?
    public var defaultAddress: Address?
    /// A name of the shop's at Shopify where the order's status page is under one; nil where that has a domain of its
    /// own. A shop may have two such names.
    public var shopDomain: String?
    /// `gid://shopify/Shop/60000000001` where the status page's address has the shop's number.
    public var shopGid: String?

    /// Reads the body of a webhook. Texts are cut at what Shopify allows itself, or left out: a body is as long as its
    /// sender likes.
    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifyOrder {
        try PayloadError.decoding(ShopifyOrder.self, from: body)
    }

    /// Reads several, as a JSON array.
    public static func decodeList(_ body: [UInt8]) throws(PayloadError) -> [ShopifyOrder] {
        try PayloadError.decoding([ShopifyOrder].self, from: body)
    }
}

extension ShopifyOrder: Masked {
    public var description: String { "order \(id)" }
    public var debugDescription: String { description }
}

extension ShopifyOrder.Address: Masked {}
