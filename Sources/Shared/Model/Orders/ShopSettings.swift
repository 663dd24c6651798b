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
    public var maxCancelsPerHour: Int = 100
    /// ISO 3166 codes of the countries whose numbers get texts; nil allows those the shop is seen to ship to, and all
    /// while that is unknown.
    public var countries: [String]?
    /// Texts a day (UTC), by the day of their order; nil is the operator's cap for new shops, 0 no cap.
    public var dailyCap: Int?
    /// One text with the code for all languages, with `{{code}}`, `{{shop}}`, `{{order}}`, `{{link}}`, `{{minutes}}`; nil for
    /// the built-in ones.
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

    /// What the shopper's links begin with instead of our own address: the shop's app proxy, `https://shop.example/apps/otp`.
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
    /// Sales channels (Shopify's `source_name`) whose orders are verified; nil is `["web"]`, empty is every channel.
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

    public enum UndeliverablePolicy: String, Codable, Sendable, CaseIterable {
        case tag, cancel
    }

    /// Every problem with the values, in words for whoever sent them.
    ///
    /// - Parameter allowShortTimers: lets a timer be as short as 5 seconds, for trying things out.
    public func problems(allowShortTimers: Bool) -> [String] {
        let shortestTimer = allowShortTimers ? 5 : 300
        var problems: [String] = []
        func require(_ name: String, _ value: Int, in range: ClosedRange<Int>) {
            guard !range.contains(value) else { return }
            problems.append("settings.\(name): \(value) is outside \(range.lowerBound)–\(range.upperBound)")
        }
        require("timerSeconds", timerSeconds, in: shortestTimer...259_200)
        require("codeSeconds", codeSeconds, in: 30...600)
        require("codeLength", codeLength, in: 4...10)
        require("maxCancelsPerHour", maxCancelsPerHour, in: 0...1_000_000)
        if let dailyCap { require("dailyCap", dailyCap, in: 0...10_000_000) }
        for country in countries ?? [] where !Self.isCountryCode(country) {
            problems.append("settings.countries: every entry must be a two-letter upper-case country code")
            break
        }
        if let linkURL, !Self.isLinkURL(linkURL) {
            problems.append("settings.linkURL: must be like https://shop.example/apps/otp, of at most 80 characters")
        }
        if let name, !(1...Self.longestName).contains(name.count) || name.unicodeScalars.contains(where: Self.isControl)
        {
            problems.append("settings.name: must be 1 to \(Self.longestName) characters of text")
        }
        if let colour, !Self.isColour(colour) { problems.append("settings.colour: must be like \"#1a2b3c\"") }
        if let problem = logo?.problem { problems.append(problem) }
        return problems
    }

    /// https, a host with a dot, a path without a slash at its end; nothing that needs encoding.
    private static func isLinkURL(_ text: String) -> Bool {
        text.utf8.count <= 80
            && text.wholeMatch(of: #/https:\/\/[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(\/[A-Za-z0-9_-]+)*/#) != nil
    }

    private static func isColour(_ text: String) -> Bool {
        text.utf8.count == 7 && text.utf8.first == UInt8(ascii: "#") && text.dropFirst().allSatisfy(\.isHexDigit)
            && text.utf8.count == text.count
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }

    private static func isCountryCode(_ text: String) -> Bool {
        text.utf8.count == 2 && text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
}
