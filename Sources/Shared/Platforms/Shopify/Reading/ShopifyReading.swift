import Base
import FoundationEssentials
import HTTP
import Model

/// Shopify's Admin GraphQL API as a `ShopReading`.
public enum ShopifyReading {
    /// Parameters as those of `ShopifyAdmin.make`.
    public static func make(
        http: HTTPClient, baseURL: String = "https://{shop}", version: String = "2026-10",
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = Clock.system.now
    ) -> ShopReading {
        let client = ShopifyClient(http: http, baseURL: baseURL, version: version, deadline: deadline, now: now)
        return ShopReading(
            shop: { shop throws(ShopAdminError) in try await self.shop(client, shop) },
            orders: { shop, wanted throws(ShopAdminError) in try await orders(client, shop, wanted) })
    }

    private struct None: Encodable {}

    private static func shop(_ client: ShopifyClient, _ shop: ShopRef) async throws(ShopAdminError) -> ShopSelf {
        let answer = try await client.call(.shop, shop, None(), as: ShopifyReadingWire.Shop.self)
        guard let field = answer.field else {
            throw ShopAdminError(.transient, message: "shop: null", requestId: answer.requestId)
        }
        guard let domain = field.myshopifyDomain.flatMap(ShopDomain.validate) else {
            throw ShopAdminError(.rejected, message: "shop: no name", requestId: answer.requestId)
        }
        return ShopSelf(
            profile: ShopProfile(
                id: field.id?.cut(at: 100), name: field.name?.cut(at: 255), timeZone: field.ianaTimezone?.cut(at: 64),
                currency: field.currencyCode?.cut(at: 10)),
            plan: field.plan?.publicDisplayName?.cut(at: 100), domain: domain)
    }

    private static func orders(
        _ client: ShopifyClient, _ shop: ShopRef, _ wanted: ChangedOrders
    ) async throws(ShopAdminError) -> OrderPage {
        let query = "updated_at:>='\(time(wanted.since))' updated_at:<='\(time(wanted.until))'"
        let variables = ShopifyReadingWire.Query(query: query, after: wanted.after)
        let seesCustomers = wanted.scopes.map { ShopifyScopes.covers(granted: $0, wanted: ["read_customers"]) } ?? true
        let operation = seesCustomers ? ShopifyOperation.orders : .ordersWithoutCustomers
        let answer = try await client.call(
            operation, shop, variables, as: ShopifyReadingWire.Orders.self, orPart: true)
        guard let field = answer.field else {
            throw ShopAdminError(.transient, message: "orders: null", requestId: answer.requestId)
        }
        let nodes = field.nodes.compactMap(\.self)
        guard !nodes.isEmpty || field.nodes.isEmpty else {
            throw ShopAdminError(.accessDenied, message: "orders: none may be seen", requestId: answer.requestId)
        }
        let json: Data
        do {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let isUnread = !seesCustomers || !answer.denied.isEmpty
            json = try encoder.encode(nodes.compactMap { PolledOrder($0, isUnread: isUnread) })
        } catch {
            throw ShopAdminError(.rejected, message: "orders: can't be encoded", requestId: answer.requestId)
        }
        let hasMore = field.pageInfo.hasNextPage && field.pageInfo.endCursor != nil
        return OrderPage(
            count: nodes.count, json: Array(json),
            lastChange: nodes.compactMap { $0.updatedAt.flatMap(RFC3339.milliseconds) }.max(),
            next: hasMore ? field.pageInfo.endCursor : nil, denied: answer.denied)
    }

    /// `2026-11-20T10:02:40Z`
    private static func time(_ milliseconds: Int64) -> String {
        RFC3339.text(milliseconds)
    }
}

extension ShopifyOperation {
    public static let shop = ShopifyOperation(
        name: "shop",
        document: """
            query ShopForOtp { shop { id name myshopifyDomain ianaTimezone currencyCode \
            plan { publicDisplayName } } }
            """,
        cost: 2)

    /// What is asked of each order: no name, no address beyond its country.
    public static let polledFields = "\(orderFields) \(customerFields)"

    /// What the scope `read_orders` allows; phones and addresses need Shopify's approval for protected customer data as
    /// well.
    private static let orderFields = """
        id name createdAt updatedAt cancelledAt test tags customerLocale sourceName displayFinancialStatus \
        displayFulfillmentStatus paymentGatewayNames totalPriceSet { shopMoney { amount currencyCode } } phone \
        shippingAddress { phone countryCodeV2 } billingAddress { phone countryCodeV2 }
        """

    /// What needs the scope `read_customers`.
    private static let customerFields = """
        customer { id defaultPhoneNumber { phoneNumber } defaultAddress { phone countryCodeV2 } }
        """

    /// Orders a page. An order costs about ten points, and a query may cost a thousand.
    public static let pageSize = 50

    public static let orders = changedOrders(polledFields)
    public static let ordersWithoutCustomers = changedOrders(orderFields)

    private static func changedOrders(_ fields: String) -> ShopifyOperation {
        ShopifyOperation(
            name: "orders",
            document: """
                query ChangedOrders($query: String!, $after: String) { orders(first: \(pageSize), after: $after, \
                sortKey: UPDATED_AT, query: $query) { nodes { \(fields) } pageInfo { hasNextPage endCursor } } }
                """,
            cost: 500)
    }
}
