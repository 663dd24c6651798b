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
        case appId = "app_id"
        case userId = "user_id"
        case browserIP = "browser_ip"
        case landingSite = "landing_site"
        case clientDetails = "client_details"
        case total = "total_price"
        case statusURL = "order_status_url"
        case shopName = "myshopify_domain"
        case shipping = "shipping_address"
        case billing = "billing_address"
        case phoneUnread = "otp_phone_unread"
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
            phone = fields.lenientText(.phone, cutAt: ShopifyOrder.longestPhone + 1)
            defaultAddress = fields.lenient(Address.self, .defaultAddress)
        }
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let id = fields.lenientInteger(.id), id > 0 else { throw PayloadError("id: missing or no number") }
        let named = fields.lenientText(.gid, 100).flatMap { $0.hasPrefix("gid://") ? $0 : nil }
        let gid = named ?? "gid://shopify/Order/\(id)"
        guard gid.hasPrefix("gid://shopify/Order/") else { throw PayloadError("admin_graphql_api_id: not an order's") }
        guard let createdAt = fields.lenientTime(.createdAt) else {
            throw PayloadError("created_at: missing or no RFC 3339 time")
        }
        // A shop or a customer has an id and a creation as well.
        guard !fields.contains(.shopName) else { throw PayloadError("myshopify_domain: an order has none") }
        let customer = fields.lenient(Customer.self, .customer)
        self.init(
            id: id, gid: gid, name: fields.lenientText(.name, cutAt: 100) ?? "",
            createdAt: createdAt, updatedAt: fields.lenientTime(.updatedAt),
            cancelledAt: fields.lenientTime(.cancelledAt), test: fields.lenient(Bool.self, .test) ?? false,
            confirmed: fields.lenient(Bool.self, .confirmed) ?? true, tags: ShopifyOrder.tags(fields),
            gateways: fields.lenientTexts(.gateways, 20, cutAt: 100) ?? [],
            financialStatus: fields.lenientText(.financialStatus, 40),
            fulfillmentStatus: fields.lenientText(.fulfillmentStatus, 40),
            customerLocale: fields.lenientText(.customerLocale, 35),
            sourceName: fields.lenientText(.sourceName, cutAt: 100),
            total: fields.lenientText(.total, 40), customerId: customer?.id.map(String.init),
            phone: fields.lenientText(.phone, cutAt: Self.longestPhone + 1),
            shipping: fields.lenient(Address.self, .shipping), billing: fields.lenient(Address.self, .billing),
            customerPhone: customer?.phone, defaultAddress: customer?.defaultAddress,
            shopDomain: nil)
        if let url = fields.lenientText(.statusURL, 4096) { read(statusURL: url) }
        appId = fields.lenientInteger(.appId)
        isPhoneUnread = fields.lenient(Bool.self, .phoneUnread) ?? false
        isByStaff = fields.lenientInteger(.userId) != nil
        let traces = [fields.lenientText(.browserIP, cutAt: 1), fields.lenientText(.landingSite, cutAt: 1)]
        hasStorefrontTrace =
            traces.contains { $0?.isEmpty == false }
            || fields.lenient(ClientDetails.self, .clientDetails)?.isBrowser == true
    }

    /// Of whoever placed it.
    private struct ClientDetails: Decodable {
        enum Key: String, CodingKey {
            case browserIP = "browser_ip"
            case userAgent = "user_agent"
        }

        let isBrowser: Bool

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            isBrowser = [Key.browserIP, .userAgent].contains { fields.lenientText($0, cutAt: 1)?.isEmpty == false }
        }
    }

    /// One character longer, and the phone reader says that it is too long.
    static let longestPhone = 250

    /// `https://demo.myshopify.com/60000000001/orders/…` → `demo.myshopify.com`, `gid://shopify/Shop/60000000001`.
    private mutating func read(statusURL text: String) {
        guard text.hasPrefix("https://") else { return }
        let parts = text.dropFirst(8).split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        shopDomain = parts.first.flatMap { ShopDomain.validate(String($0)) }
        guard parts.count > 2, parts[2] == "orders", let number = Int64(parts[1]), number > 0 else { return }
        shopGid = "gid://shopify/Shop/\(number)"
    }

    /// Shopify's own bounds.
    private static let mostTags = 250
    private static let longestTag = 255

    /// One text with commas in the REST shape, a list in GraphQL's.
    private static func tags(_ fields: KeyedDecodingContainer<Key>) -> [String] {
        if let list = fields.lenientTexts(.tags, mostTags, cutAt: longestTag) { return list }
        let text = fields.lenientText(.tags, cutAt: mostTags * (longestTag + 2)) ?? ""
        return text.split(separator: ",").prefix(mostTags).compactMap { part in
            let tag = part.drop(while: \.isWhitespace)
            return tag.isEmpty ? nil : String(tag).cut(at: longestTag)
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
        self.init(
            phone: fields.lenientText(.phone, cutAt: ShopifyOrder.longestPhone + 1),
            countryCode: fields.lenientText(.countryCode, 10))
    }
}
