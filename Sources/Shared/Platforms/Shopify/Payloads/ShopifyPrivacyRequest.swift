import Security

/// The body of the three privacy topics: customers/data_request, customers/redact, shop/redact. Prints as nothing of
/// the customer.
public struct ShopifyPrivacyRequest: Sendable, Equatable, Decodable {
    /// `gid://shopify/Shop/954889`
    public let shopGid: String?
    /// Validated, lower case.
    public let domain: String
    public let customerId: String?
    /// As the customer typed it.
    public let phone: String?
    /// Order ids in the GraphQL API's form.
    public let orders: [String]
    /// Shopify's number of a data request.
    public let requestId: String?
    /// Which of the three it can be, by what stands in it: its topic is not signed.
    public let kinds: Set<Kind>

    public enum Kind: Sendable, Equatable {
        case dataRequest, customerRedaction, shopRedaction
    }

    private enum Key: String, CodingKey {
        case customer
        case shopId = "shop_id"
        case domain = "shop_domain"
        case requested = "orders_requested"
        case redacted = "orders_to_redact"
        case request = "data_request"
    }

    private struct Customer: Decodable {
        enum Key: String, CodingKey { case id, phone }

        let id: Int64?
        let phone: String?

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            id = fields.shopifyId(.id)
            phone = fields.lenientText(.phone, cutAt: ShopifyOrder.longestPhone + 1)
        }
    }

    private struct DataRequest: Decodable {
        enum Key: String, CodingKey { case id }

        let id: Int64?

        init(from decoder: any Decoder) throws {
            id = try decoder.container(keyedBy: Key.self).shopifyId(.id)
        }
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        guard let domain = fields.lenientText(.domain).flatMap(ShopDomain.validate) else {
            throw PayloadError("shop_domain: missing, or not a shop's domain")
        }
        let customer = fields.lenient(Customer.self, .customer)
        let requested = fields.lenient(ShopifyIds.self, .requested)?.numbers
        let redacted = fields.lenient(ShopifyIds.self, .redacted)?.numbers
        self.domain = domain
        shopGid = fields.shopifyId(.shopId).map { "gid://shopify/Shop/\($0)" }
        customerId = customer?.id.map(String.init)
        phone = customer?.phone
        orders = (requested ?? redacted ?? []).map { "gid://shopify/Order/\($0)" }
        requestId = fields.lenient(DataRequest.self, .request)?.id.map(String.init)
        let asks = fields.contains(.request) || fields.contains(.requested)
        switch (asks, fields.contains(.redacted), customer != nil) {
        case (true, false, _): kinds = [.dataRequest]
        case (false, true, _): kinds = [.customerRedaction]
        // A missing list is an empty one: who is meant stands there all the same.
        case (false, false, true): kinds = [.dataRequest, .customerRedaction]
        case (false, false, false): kinds = [.shopRedaction]
        case (true, true, _):
            throw PayloadError("customer, orders_requested, orders_to_redact: of no privacy request")
        }
    }

    public static func decode(_ body: [UInt8]) throws(PayloadError) -> ShopifyPrivacyRequest {
        try PayloadError.decoding(ShopifyPrivacyRequest.self, from: body)
    }
}

extension ShopifyPrivacyRequest: Masked {
    public var description: String { "privacy request of \(domain)" }
    public var debugDescription: String { description }
}
