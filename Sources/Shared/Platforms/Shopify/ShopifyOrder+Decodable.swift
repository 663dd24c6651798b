extension ShopifyOrder: Decodable {
    private enum Key: String, CodingKey {
        case id, name, test, confirmed, tags, phone, customer
        case gid = "admin_graphql_api_id"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
        case cancelledAt = "cancelled_at"
        case gateways = "payment_gateway_names"
        case financialStatus = "financial_status"
        case fulfillmentStatus = "fulfillment_status"
        case customerLocale = "customer_locale"
        case sourceName = "source_name"
        case total = "total_price"
        case statusURL = "order_status_url"
        case shopName = "myshopify_domain"
        case shipping = "shipping_address"
        case billing = "billing_address"
    }

    private struct Customer: Decodable {
        enum Key: String, CodingKey {
            case id, phone
            case defaultAddress = "default_address"
        }

        let id: Int64?
        let phone: String?
        let defaultAddress: Address?

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            id = fields.lenientInteger(.id)
            phone = fields.lenientText(.phone)
            defaultAddress = fields.lenient(Address.self, .defaultAddress)
        }
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let id = fields.lenientInteger(.id), id > 0 else { throw PayloadError("id: missing or no number") }
        let named = fields.lenientText(.gid).flatMap { $0.hasPrefix("gid://") ? $0 : nil }
        let gid = named ?? "gid://shopify/Order/\(id)"
        guard gid.hasPrefix("gid://shopify/Order/") else { throw PayloadError("admin_graphql_api_id: not an order's") }
        guard let createdAt = fields.lenientTime(.createdAt) else {
            throw PayloadError("created_at: missing or no RFC 3339 time")
        }
        // A shop or a customer has an id and a creation as well.
        guard !fields.contains(.shopName) else { throw PayloadError("myshopify_domain: an order has none") }
        let customer = fields.lenient(Customer.self, .customer)
        self.init(
            id: id, gid: gid, name: fields.lenientText(.name) ?? "",
            createdAt: createdAt, updatedAt: fields.lenientTime(.updatedAt),
            cancelledAt: fields.lenientTime(.cancelledAt), test: fields.lenient(Bool.self, .test) ?? false,
            confirmed: fields.lenient(Bool.self, .confirmed) ?? true, tags: ShopifyOrder.tags(fields),
            gateways: fields.lenient([String].self, .gateways) ?? [],
            financialStatus: fields.lenientText(.financialStatus),
            fulfillmentStatus: fields.lenientText(.fulfillmentStatus),
            customerLocale: fields.lenientText(.customerLocale), sourceName: fields.lenientText(.sourceName),
            total: fields.lenientText(.total), customerId: customer?.id.map(String.init),
            phone: fields.lenientText(.phone),
            shipping: fields.lenient(Address.self, .shipping), billing: fields.lenient(Address.self, .billing),
            customerPhone: customer?.phone, defaultAddress: customer?.defaultAddress,
            shopDomain: fields.lenientText(.statusURL).flatMap(ShopifyOrder.shop(inURL:)))
    }

    /// `https://demo.myshopify.com/1/orders/…` → `demo.myshopify.com`.
    private static func shop(inURL text: String) -> String? {
        guard text.hasPrefix("https://") else { return nil }
        return ShopDomain.validate(String(text.dropFirst(8).prefix { $0 != "/" }))
    }

    /// One text with commas in the REST shape, a list in GraphQL's.
    private static func tags(_ fields: KeyedDecodingContainer<Key>) -> [String] {
        if let list = fields.lenient([String].self, .tags) { return list }
        let text = fields.lenientText(.tags) ?? ""
        return text.split(separator: ",").compactMap { part in
            let tag = part.drop(while: \.isWhitespace)
            return tag.isEmpty ? nil : String(tag)
        }
    }
}

extension ShopifyOrder.Address: Decodable {
    private enum Key: String, CodingKey {
        case phone
        case countryCode = "country_code"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        self.init(phone: fields.lenientText(.phone), countryCode: fields.lenientText(.countryCode))
    }
}
