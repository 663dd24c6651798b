/// What decides whether an order is to be verified, taken from a platform's webhook; no name, no address.
public struct OrderFacts: Equatable, Sendable {
    /// The platform's id, for example `gid://shopify/Order/1001`.
    public var order: String
    public var orderName: String?
    /// Milliseconds since 1970, from the signed body.
    public var createdAt: Int64
    /// When the platform last changed the order; tells an update that was overtaken by a newer one.
    public var updatedAt: Int64?
    public var isTest: Bool
    public var isCancelled: Bool
    public var isFulfilled: Bool
    public var tags: [String]
    public var gateways: [String]
    public var locale: String?
    /// The keyed hash of the customer's platform id.
    public var customerHash: String?
    public var phone: Phone
    /// ISO 3166 code of the country the order goes to; nil where it goes nowhere.
    public var shippingCountry: String?
    /// The order's total in the shop's currency, decimal; nil where the platform did not say.
    public var total: String?
    /// `web`, `pos`, an app's number; nil where the platform did not say.
    public var channel: String?
    /// The keyed hash of the usable number.
    public var phoneHash: String?

    public init(
        order: String, orderName: String?, createdAt: Int64, updatedAt: Int64? = nil, isTest: Bool, isCancelled: Bool,
        isFulfilled: Bool, tags: [String], gateways: [String], locale: String?, customerHash: String?, phone: Phone,
        shippingCountry: String? = nil, total: String? = nil, channel: String? = nil, phoneHash: String? = nil
    ) {
        self.order = order
        self.orderName = orderName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.isTest = isTest
        self.isCancelled = isCancelled
        self.isFulfilled = isFulfilled
        self.tags = tags
        self.gateways = gateways
        self.locale = locale
        self.customerHash = customerHash
        self.phone = phone
        self.shippingCountry = shippingCountry
        self.total = total
        self.channel = channel
        self.phoneHash = phoneHash
    }

    public enum Phone: Equatable, Sendable {
        case missing
        /// A number was given, but it is none that can get a text.
        case unusable
        /// A number of a kind that gets no codes.
        case refused
        case usable(country: String?)
    }

    /// The merchant's own word that this order needs no verification.
    public var isApproved: Bool {
        tags.contains { $0.lowercased() == "otp-approve" }
    }
}
