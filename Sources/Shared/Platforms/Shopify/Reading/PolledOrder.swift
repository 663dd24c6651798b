/// An order of the GraphQL API, written down as a webhook would have: so it goes the same way from there. Its names
/// become the webhook's by `convertToSnakeCase`.
struct PolledOrder: Encodable {
    struct Address: Encodable {
        let phone: String?
        let countryCode: String?

        init?(_ address: ShopifyReadingWire.Order.Address?) {
            guard let address else { return nil }
            (phone, countryCode) = (address.phone, address.countryCodeV2)
        }
    }

    struct Customer: Encodable {
        let id: Int64?
        let phone: String?
        let defaultAddress: Address?
    }

    let id: Int64
    let adminGraphqlApiId: String
    let name: String?
    let createdAt: String?
    let updatedAt: String?
    let cancelledAt: String?
    let test: Bool?
    let tags: [String]?
    let customerLocale: String?
    let sourceName: String?
    let financialStatus: String?
    let fulfillmentStatus: String?
    let paymentGatewayNames: [String]?
    let totalPrice: String?
    let currency: String?
    let phone: String?
    let shippingAddress: Address?
    let billingAddress: Address?
    let customer: Customer?
    /// Of no webhook: places that may bear a phone could not be read.
    let otpPhoneUnread: Bool

    /// Nil for what has no number of an order's.
    ///
    /// - Parameter isUnread: whether the customer or an address was not asked for, or refused.
    init?(_ order: ShopifyReadingWire.Order, isUnread: Bool) {
        otpPhoneUnread = isUnread
        guard let id = Self.number(order.id) else { return nil }
        self.id = id
        adminGraphqlApiId = order.id
        (name, createdAt, updatedAt) = (order.name, order.createdAt, order.updatedAt)
        (cancelledAt, test, tags) = (order.cancelledAt, order.test, order.tags)
        (customerLocale, sourceName) = (order.customerLocale, order.sourceName)
        financialStatus = order.displayFinancialStatus?.lowercased()
        switch order.displayFulfillmentStatus {
        case "FULFILLED": fulfillmentStatus = "fulfilled"
        case "PARTIALLY_FULFILLED": fulfillmentStatus = "partial"
        default: fulfillmentStatus = nil
        }
        paymentGatewayNames = order.paymentGatewayNames
        (totalPrice, currency) = (order.totalPriceSet?.shopMoney?.amount, order.totalPriceSet?.shopMoney?.currencyCode)
        phone = order.phone
        shippingAddress = Address(order.shippingAddress)
        billingAddress = Address(order.billingAddress)
        customer = order.customer.map {
            Customer(
                id: $0.id.flatMap(Self.number), phone: $0.defaultPhoneNumber?.phoneNumber,
                defaultAddress: Address($0.defaultAddress))
        }
    }

    private static func number(_ gid: String) -> Int64? {
        gid.split(separator: "/").last.flatMap { Int64($0) }
    }
}
