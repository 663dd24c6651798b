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
    public var payment: Payment
    /// Whether a draft bears a shopper's trace: a storefront's, an app's, or a number typed into it.
    public var isByShopper: Bool
    /// Whether it was asked for instead of told: that a webhook says the same order otherwise is then no change of it.
    public var isPolled = false
    /// Whether places that may bear its number could not be read.
    public var isPhoneUnread = false

    public init(
        order: String, orderName: String?, createdAt: Int64, updatedAt: Int64? = nil, isTest: Bool, isCancelled: Bool,
        isFulfilled: Bool, tags: [String], gateways: [String], locale: String?, customerHash: String?, phone: Phone,
        shippingCountry: String? = nil, total: String? = nil, channel: String? = nil, phoneHash: String? = nil,
        payment: Payment = .unknown, isByShopper: Bool = false
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
        self.payment = payment
        self.isByShopper = isByShopper
    }

    /// What the platform says of the money.
    public enum Payment: Equatable, Sendable {
        case unknown
        /// Nothing was given yet, or not all of it.
        case due
        /// Set aside, to be taken later.
        case authorized
        case paid
    }

    public enum Phone: Equatable, Sendable {
        case missing
        /// A number was given, but it is none that can get a text.
        case unusable
        /// A number of a kind that gets no codes.
        case refused
        case usable(country: String?)
    }

    /// Whether a number was given that can't be the one asked: that one could get a text.
    var isAnotherPhone: Bool {
        switch phone {
        case .missing: false
        case .unusable, .refused: true
        case .usable: phoneHash != nil
        }
    }

    /// The merchant's own word that this order needs no verification: either tag, unless the second is ours.
    public var isApproved: Bool { hasApproveTag || hasTag("otp-verified") }

    /// The tag that only merchants set.
    var hasApproveTag: Bool { hasTag("otp-approve") }

    private func hasTag(_ name: String) -> Bool {
        tags.contains { $0.lowercased() == name }
    }

    /// Whether the order is still to be paid; where the platform does not say, whether that is done at the door.
    ///
    /// - Parameter names: as those of ``isCashOnDelivery(also:)``.
    func isUnpaid(also names: [String]) -> Bool {
        switch payment {
        case .due: true
        case .authorized, .paid: false
        case .unknown: isCashOnDelivery(also: names)
        }
    }
}
