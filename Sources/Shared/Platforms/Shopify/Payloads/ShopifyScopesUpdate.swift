/// The body of app/scopes_update: what the merchant lets the app do.
public struct ShopifyScopesUpdate: Sendable, Equatable, Decodable {
    /// `gid://shopify/Shop/60000000001`
    public let shopGid: String?
    public let current: [String]
    /// Milliseconds since 1970.
    public let updatedAt: Int64?

    private enum Key: String, CodingKey {
        case current
        case shopGid = "shop_id"
        case updatedAt = "updated_at"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let current = fields.lenientTexts(.current, 200, cutAt: 100) else {
            throw PayloadError("current: missing or no list of texts")
        }
        self.current = current
        shopGid = fields.lenientText(.shopGid, 100)
        updatedAt = fields.lenientTime(.updatedAt)
    }

    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifyScopesUpdate {
        try PayloadError.decoding(ShopifyScopesUpdate.self, from: body)
    }
}
