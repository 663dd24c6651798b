import Model

/// What a shop's owner asks of its platform, as a value: Shopify's by `ShopifyReading.make`, tests script theirs. Every call is one
/// attempt and changes nothing.
public struct ShopReading: Sendable {
    /// What the shop says of itself; any answer but `.unauthorized` also says that the token works.
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

    public init(profile: ShopProfile, plan: String?) {
        self.profile = profile
        self.plan = plan
    }
}

/// Which orders are asked for.
public struct ChangedOrders: Sendable, Equatable {
    /// Milliseconds since 1970, both included. Shopify looks at whole seconds.
    public var since: Int64
    public var until: Int64
    /// Where the page before ended; nil for the first.
    public var after: String?

    public init(since: Int64, until: Int64, after: String? = nil) {
        self.since = since
        self.until = until
        self.after = after
    }
}

/// A page of orders in the shape of webhooks.
public struct OrderPage: Sendable, Equatable {
    public var count: Int
    /// A JSON array of orders in the REST shape, the fields `ShopifyOrder` reads. Personal data: to be sealed, never logged.
    public var json: [UInt8]
    /// When the last one changed; nil for an empty page.
    public var lastChange: Int64?
    /// Where to go on; nil at the end.
    public var next: String?

    public init(count: Int, json: [UInt8], lastChange: Int64?, next: String?) {
        self.count = count
        self.json = json
        self.lastChange = lastChange
        self.next = next
    }
}
