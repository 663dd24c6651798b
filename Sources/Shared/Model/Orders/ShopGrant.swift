/// How a shop's access token was granted, and what renews it: the offline tokens of Shopify that expire (shopify.dev,
/// "Offline access tokens"). Everything secret in it is sealed under the shop's data key, with topic `shops`.
public struct ShopGrant: Codable, Equatable, Sendable {
    /// The offset of the message that brought the token: what is reported of one token is never taken for another's.
    public var number: Int64
    public var scopes: [String]
    /// When the platform last told of other scopes, milliseconds since 1970.
    public var scopesAt: Int64?
    /// Sealed with field `refreshToken`; nil for a token that does not expire.
    public var refreshToken: Sealed?
    /// Milliseconds since 1970; nil for a token that does not expire.
    public var expiresAt: Int64?
    public var refreshExpiresAt: Int64?
    /// After three quarters of its life; nil where that is not known.
    public var renewAt: Int64?
    /// The pair before this one, until this one has worked.
    public var previous: Pair?

    public struct Pair: Codable, Equatable, Sendable {
        public var accessToken: Sealed
        public var refreshToken: Sealed?

        public init(accessToken: Sealed, refreshToken: Sealed?) {
            self.accessToken = accessToken
            self.refreshToken = refreshToken
        }
    }

    public init(
        number: Int64, scopes: [String], refreshToken: Sealed? = nil, expiresAt: Int64? = nil,
        refreshExpiresAt: Int64? = nil, renewAt: Int64? = nil, previous: Pair? = nil
    ) {
        self.number = number
        self.scopes = scopes
        self.refreshToken = refreshToken
        self.expiresAt = expiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.renewAt = renewAt
        self.previous = previous
    }
}

/// What a shop says of itself (`shop/update`, the Admin API); nothing of its owner.
public struct ShopProfile: Codable, Equatable, Sendable {
    /// `gid://shopify/Shop/60000000001`
    public var id: String?
    public var name: String?
    /// IANA, `Asia/Kolkata`: whose midnight ends a month of the plan.
    public var timeZone: String?
    /// ISO 4217.
    public var currency: String?
    /// Milliseconds since 1970: an older word changes nothing.
    public var updatedAt: Int64?

    public init(
        id: String? = nil, name: String? = nil, timeZone: String? = nil, currency: String? = nil,
        updatedAt: Int64? = nil
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.currency = currency
        self.updatedAt = updatedAt
    }
}

/// A merchant's subscription as `app_subscriptions/update` last told it.
public struct ShopSubscription: Codable, Equatable, Sendable {
    /// `gid://shopify/AppSubscription/1029266951`
    public var id: String
    public var plan: ShopRecord.Plan
    public var state: State
    /// When the platform last changed it, milliseconds since 1970: an older word changes nothing.
    public var updatedAt: Int64
    /// When the platform said that the charges come near what the merchant agreed to.
    public var nearCapAt: Int64?

    public enum State: String, Codable, Sendable, CaseIterable {
        case active, frozen, ended
    }

    public init(id: String, plan: ShopRecord.Plan, state: State, updatedAt: Int64, nearCapAt: Int64? = nil) {
        self.id = id
        self.plan = plan
        self.state = state
        self.updatedAt = updatedAt
        self.nearCapAt = nearCapAt
    }
}

/// What the owner of a shop has to see to beside its orders.
public struct ShopCare: Codable, Equatable, Sendable {
    /// Orders changed up to then (milliseconds since 1970) have been asked for.
    public var polledTo: Int64?
    /// Since when the Admin API has answered 401 to everything; nil while it lets us in.
    public var refusedSince: Int64?
    /// The platform says that the app was removed; true once the Admin API refuses us.
    public var uninstallToldAt: Int64?
    /// When the profile was last asked for.
    public var checkedAt: Int64?
    /// Deliveries about the shop itself that were applied lately, newest last, as short hashes.
    public var deliveries: [String]?
    /// What customers asked to be told of themselves, for the export.
    public var dataRequests: [DataRequest]?
    /// What the platform refuses of the orders we ask for, by its names (`customer`); `orders` is all of it. Nil for
    /// nothing.
    public var accessDenied: [String]?

    public init() {}

    /// A customer's request for what is stored of them (`customers/data_request`); hashes only.
    public struct DataRequest: Codable, Equatable, Sendable {
        public var id: String
        public var customerHash: String?
        public var phoneHashes: [String]
        public var orders: [String]
        /// Milliseconds since 1970.
        public var requestedAt: Int64

        public init(
            id: String, customerHash: String?, phoneHashes: [String], orders: [String], requestedAt: Int64
        ) {
            self.id = id
            self.customerHash = customerHash
            self.phoneHashes = phoneHashes
            self.orders = orders
            self.requestedAt = requestedAt
        }
    }

    /// How long a shop must have refused us before that counts as an uninstall nobody told us of.
    public static let lastingMs: Int64 = 6 * 3_600_000

    /// For so long after the word of an uninstall a token that works is no proof against it.
    public static let doubtMs: Int64 = 5_000

    /// A new token begins with a clean slate.
    var afterNewToken: ShopCare {
        var next = self
        next.refusedSince = nil
        next.uninstallToldAt = nil
        next.checkedAt = nil
        next.accessDenied = nil
        return next
    }
}
