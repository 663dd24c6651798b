/// The body of shop/update: what the shop says of itself now. Nearly everything may be null.
public struct ShopifyShop: Sendable, Equatable, Decodable {
    /// `gid://shopify/Shop/60000000001`
    public let gid: String
    /// Validated, lower case.
    public let domain: String?
    public let name: String?
    /// IANA.
    public let timeZone: String?
    /// ISO 4217.
    public let currency: String?
    /// As merchants see it, `Basic`.
    public let plan: String?
    /// Milliseconds since 1970.
    public let updatedAt: Int64?

    private enum Key: String, CodingKey {
        case id, name, currency
        case domain = "myshopify_domain"
        case timeZone = "iana_timezone"
        case planName = "plan_name"
        case plan = "plan_display_name"
        case updatedAt = "updated_at"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let id = fields.lenientInteger(.id), id > 0 else { throw PayloadError("id: missing or no number") }
        // An order has an id and a currency as well, but no plan.
        guard fields.contains(.planName) || fields.contains(.plan) else { throw PayloadError("plan_name: missing") }
        gid = "gid://shopify/Shop/\(id)"
        domain = fields.lenientText(.domain).flatMap(ShopDomain.validate)
        name = fields.lenientText(.name, cutAt: 255)
        timeZone = fields.lenientText(.timeZone, 64)
        currency = fields.lenientText(.currency, 10)
        plan = fields.lenientText(.plan, cutAt: 100) ?? fields.lenientText(.planName, cutAt: 100)
        updatedAt = fields.lenientTime(.updatedAt)
    }

    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifyShop {
        try PayloadError.decoding(ShopifyShop.self, from: body)
    }
}
