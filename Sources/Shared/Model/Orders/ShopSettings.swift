/// A merchant's settings, with the defaults that stand for missing fields.
public struct ShopSettings: Codable, Equatable, Sendable {
    public var active: Bool = true
    /// From the first accepted text to the end; 300–259,200.
    public var timerSeconds: Int = 900
    /// How long a code lives; 30–600, clamped to the timer.
    public var codeSeconds: Int = 600
    public var codeLength: Int = 6
    public var orders: OrderScope = .all
    public var cancelOnTimeout: Bool = true
    public var onUndeliverable: UndeliverablePolicy = .tag
    /// What becomes of an order without a number that can get a text; nil is `tag`.
    public var onUnusablePhone: UnusablePhonePolicy?
    public var maxCancelsPerHour: Int = 100
    /// ISO 3166 codes of the countries whose numbers get texts; nil allows those the shop is seen to ship to, and all
    /// while that is unknown.
    public var countries: [String]?
    /// Texts a day (UTC), by the day of their order; nil is the operator's cap for new shops, 0 no cap.
    public var dailyCap: Int?
    /// One text with the code for all languages, with `{{code}}`, `{{shop}}`, `{{order}}`, `{{link}}`, `{{minutes}}`;
    /// nil for the built-in ones.
    public var template: String?
    /// Texts by kind and language; what is not here is built in.
    public var texts: ShopTexts?
    /// What shoppers know the shop by; nil for its domain without `.myshopify.com`.
    public var name: String?
    /// Whether the text ends with the line by which browsers offer the code themselves; nil is false.
    public var originBound: Bool?
    /// What buttons and links of the shopper's page are coloured after, `#rrggbb`; nil for the built-in blue.
    public var colour: String?
    public var logo: ShopLogo?

    /// What the shopper's links begin with instead of our own address: the shop's app proxy,
    /// `https://shop.example/apps/otp`.
    public var linkURL: String?

    // Which orders are verified; each nil is its default.

    /// Decimal, in the shop's currency: an order whose total is below it is skipped.
    public var minimumTotal: String?
    /// ISO 3166 codes: an order that goes elsewhere, or nowhere, is skipped.
    public var shippingCountries: [String]?
    /// An order without any of these tags is skipped.
    public var onlyTags: [String]?
    /// An order with any of these tags is skipped.
    public var exceptTags: [String]?
    /// Sales channels (Shopify's `source_name`, or a ``SalesChannel``) whose orders are verified; nil is `["web"]`,
    /// empty is every channel.
    public var channels: [String]?
    /// Names of the shop's own cash-on-delivery gateways, beside the built-in ones.
    public var codGateways: [String]?
    /// Whether a number that was verified for this shop within the retention is not asked again; nil is false.
    public var skipVerified: Bool?
    /// Where an order's number is looked for, in this order; nil is `[shipping, customer]`.
    public var phoneSources: [PhoneSource]?
    /// Whether fixed lines are tried; nil is false.
    public var fixedLine: Bool?
    /// Whether numbers of internet telephony are tried; nil is false.
    public var voip: Bool?

    // Above the plan's monthly limit.

    /// Nil is `letThrough`.
    public var aboveLimit: LimitPolicy?

    // How an order is cancelled; each nil is its default.

    /// Whether what was paid goes back; nil is true.
    public var refundOnCancel: Bool?
    /// Nil is true.
    public var restockOnCancel: Bool?
    /// Whether the shop writes to the customer; nil is false.
    public var notifyOnCancel: Bool?
    /// Put before our own words in the note for the shop's staff, at most 100 characters.
    public var staffNote: String?

    public static let longestName = 50
    public static let longestStaffNote = 100
    /// Shopify's own limit of a tag.
    public static let longestTag = 40
    /// Of a channel's or a gateway's name.
    public static let longestEntry = 100
    /// How many tags, channels or gateways a list may have.
    public static let longestList = 50

    public init() {}

    public enum OrderScope: String, Codable, Sendable, CaseIterable {
        case all, cod
    }

    /// Where a number may stand in an order.
    public enum PhoneSource: String, Codable, Sendable, CaseIterable {
        case order, shipping, billing, customer, customerDefault
    }

    /// What becomes of orders above the plan's limit: nothing, or a tag for a person to look at.
    public enum LimitPolicy: String, Codable, Sendable, CaseIterable {
        case letThrough, review
    }

    public enum UnusablePhonePolicy: String, Codable, Sendable, CaseIterable {
        case tag, ignore
    }

    public enum UndeliverablePolicy: String, Codable, Sendable, CaseIterable {
        case tag, cancel
    }
}
