#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HTTP
import Model

/// Shopify's Admin GraphQL API as a `ShopReading`.
public enum ShopifyReading {
    /// Parameters as those of `ShopifyAdmin.make`.
    public static func make(
        http: HTTPClient, baseURL: String = "https://{shop}", version: String = "2026-10",
        deadline: Duration = .seconds(10), now: @escaping @Sendable () -> Int64 = RFC3339.now
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
        // A token of another shop's would answer here, and be believed ever after.
        guard field.myshopifyDomain.flatMap(ShopDomain.validate) == shop.domain else {
            throw ShopAdminError(.rejected, message: "shop: another shop answers", requestId: answer.requestId)
        }
        return ShopSelf(
            profile: ShopProfile(
                id: field.id, name: field.name, timeZone: field.ianaTimezone, currency: field.currencyCode),
            plan: field.plan?.publicDisplayName)
    }

    private static func orders(
        _ client: ShopifyClient, _ shop: ShopRef, _ wanted: ChangedOrders
    ) async throws(ShopAdminError) -> OrderPage {
        let query = "updated_at:>='\(time(wanted.since))' updated_at:<='\(time(wanted.until))'"
        let variables = ShopifyReadingWire.Query(query: query, after: wanted.after)
        let answer = try await client.call(.orders, shop, variables, as: ShopifyReadingWire.Orders.self)
        guard let field = answer.field else {
            throw ShopAdminError(.transient, message: "orders: null", requestId: answer.requestId)
        }
        let json: Data
        do {
            let encoder = JSONEncoder()
            encoder.keyEncodingStrategy = .convertToSnakeCase
            json = try encoder.encode(field.nodes.compactMap(PolledOrder.init))
        } catch {
            throw ShopAdminError(.rejected, message: "orders: can't be encoded", requestId: answer.requestId)
        }
        let hasMore = field.pageInfo.hasNextPage && field.pageInfo.endCursor != nil
        return OrderPage(
            count: field.nodes.count, json: Array(json),
            lastChange: field.nodes.compactMap { $0.updatedAt.flatMap(RFC3339.milliseconds) }.max(),
            next: hasMore ? field.pageInfo.endCursor : nil)
    }

    /// `2026-11-20T10:02:40Z`
    private static func time(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds / 1000)).formatted(.iso8601)
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
    public static let polledFields = """
        id name createdAt updatedAt cancelledAt test tags customerLocale sourceName displayFinancialStatus \
        displayFulfillmentStatus paymentGatewayNames totalPriceSet { shopMoney { amount currencyCode } } phone \
        shippingAddress { phone countryCodeV2 } billingAddress { phone countryCodeV2 } \
        customer { id defaultPhoneNumber { phoneNumber } defaultAddress { phone countryCodeV2 } }
        """

    /// Orders a page. An order costs about ten points, and a query may cost a thousand.
    public static let pageSize = 50

    public static let orders = ShopifyOperation(
        name: "orders",
        document: """
            query ChangedOrders($query: String!, $after: String) { orders(first: \(pageSize), after: $after, \
            sortKey: UPDATED_AT, query: $query) { nodes { \(polledFields) } pageInfo { hasNextPage endCursor } } }
            """,
        cost: 500)
}
