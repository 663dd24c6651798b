/// The body of app/uninstalled: a shop, with nearly everything null at times. Which shop is meant stands in the header;
/// the domain here, where there is one, only serves to check it. The shop's token is dead already.
public struct ShopifyUninstall: Sendable, Equatable, Decodable {
    public let shopId: Int64?
    /// Validated, lower case.
    public let domain: String?

    public init(shopId: Int64?, domain: String?) {
        self.shopId = shopId
        self.domain = domain
    }

    private enum Key: String, CodingKey {
        case id
        case domain = "myshopify_domain"
        case planName = "plan_name"
        case plan = "plan_display_name"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard fields.contains(.planName) || fields.contains(.plan) else { throw PayloadError("plan_name: missing") }
        self.init(
            shopId: fields.lenientInteger(.id), domain: fields.lenientText(.domain).flatMap(ShopDomain.validate))
    }

    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifyUninstall {
        try PayloadError.decoding(ShopifyUninstall.self, from: body)
    }
}
