import Model

/// What a shop's owner asks of its platform, as a value: Shopify's by `ShopifyReading.make`, tests script theirs. Every
/// call is one attempt and changes nothing.
public struct ShopReading: Sendable {
    /// What the shop says of itself, its name among it: the caller sees to it that no other shop is believed. Any
    /// answer but `.unauthorized` also says that the token works.
    public var shop: @Sendable (ShopRef) async throws(ShopAdminError) -> ShopSelf
    /// Orders changed in a span of time, the oldest change first, a page of them.
    public var orders: @Sendable (ShopRef, ChangedOrders) async throws(ShopAdminError) -> OrderPage

    public init(
        shop: @escaping @Sendable (ShopRef) async throws(ShopAdminError) -> ShopSelf,
        orders: @escaping @Sendable (ShopRef, ChangedOrders) async throws(ShopAdminError) -> OrderPage
    ) {
        self.shop = shop
        self.orders = orders
    }
}

/// A shop as it describes itself.
public struct ShopSelf: Sendable, Equatable {
    public var profile: ShopProfile
    /// As merchants see it, `Basic`.
    public var plan: String?
    /// The name it has at its platform: a shop may have two, and have been put under the other.
    public var domain: String?

    public init(profile: ShopProfile, plan: String?, domain: String? = nil) {
        self.profile = profile
        self.plan = plan
        self.domain = domain
    }
}

/// Which orders are asked for.
public struct ChangedOrders: Sendable, Equatable {
    /// Milliseconds since 1970, both included. Shopify looks at whole seconds.
    public var since: Int64
    public var until: Int64
    /// Where the page before ended; nil for the first.
    public var after: String?
    /// What the shop granted; nil where that is not known. What it can't allow is not asked for.
    public var scopes: [String]?

    public init(since: Int64, until: Int64, after: String? = nil, scopes: [String]? = nil) {
        self.since = since
        self.until = until
        self.after = after
        self.scopes = scopes
    }
}

/// A page of orders in the shape of webhooks.
public struct OrderPage: Sendable, Equatable {
    public var count: Int
    /// A JSON array of orders in the REST shape, the fields `ShopifyOrder` reads. Personal data: to be sealed, never
    /// logged.
    public var json: [UInt8]
    /// When the last one changed; nil for an empty page.
    public var lastChange: Int64?
    /// Where to go on; nil at the end.
    public var next: String?
    /// What the platform left out because the app may not see it, by its names (`customer`).
    public var denied: [String] = []

    public init(count: Int, json: [UInt8], lastChange: Int64?, next: String?, denied: [String] = []) {
        self.count = count
        self.json = json
        self.lastChange = lastChange
        self.next = next
        self.denied = denied
    }
}
