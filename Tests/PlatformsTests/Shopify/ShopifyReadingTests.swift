import Foundation
import HTTP
import Model
import Platforms
import Security
import Testing

@Suite("What is asked of a shop")
struct ShopifyReadingTests {
    private static let shop = ShopRef(domain: "otp-guard-demo.myshopify.com", accessToken: Secret(text: "t"))

    private func reading(_ answer: [String: Any], _ sent: Requests = Requests()) throws -> ShopReading {
        let body = [UInt8](try JSONSerialization.data(withJSONObject: answer))
        let http = HTTPClient { request in
            sent.append(request)
            return OutboundResponse(status: 200, headers: [:], body: body)
        }
        return ShopifyReading.make(http: http, now: { 1_800_000_000_000 })
    }

    @Test("the shop's own words are the sample's")
    func shop() async throws {
        let sample = try #require(try Vectors.json("shopify/graphql/shop-plan.json")["response"] as? [String: Any])
        let answer = try await reading(sample).shop(Self.shop)
        #expect(
            answer
                == ShopSelf(
                    profile: ShopProfile(
                        id: "gid://shopify/Shop/60000000001", name: "OTP Guard Demo", timeZone: "Asia/Kolkata",
                        currency: "INR"), plan: "Basic", domain: "otp-guard-demo.myshopify.com"))
        let nameless: [String: Any] = [
            "data": ["shop": ["id": "gid://shopify/Shop/1", "myshopifyDomain": "x.example"]]
        ]
        await #expect(throws: ShopAdminError.self) { try await reading(nameless).shop(Self.shop) }
    }

    @Test("an order that was asked for reads as its webhook would have")
    func order() async throws {
        let sample = try #require(try Vectors.json("shopify/graphql/order-query.json")["response"] as? [String: Any])
        let order = try #require((sample["data"] as? [String: Any])?["order"] as? [String: Any])
        let node = order.merging(["updatedAt": "2026-11-20T10:02:41Z"]) { $1 }
        let page: [String: Any] = ["nodes": [node], "pageInfo": ["hasNextPage": true, "endCursor": "c1"]]
        let sent = Requests()
        let wanted = ChangedOrders(since: 1_795_168_960_500, until: 1_795_168_969_000)
        let answer = try await reading(["data": ["orders": page]], sent).orders(Self.shop, wanted)
        #expect(answer.count == 1)
        #expect(answer.next == "c1")
        #expect(answer.lastChange == 1_795_168_961_000)
        let asked =
            try #require(
                JSONSerialization.jsonObject(with: Data(sent.all[0].body)) as? [String: Any])["variables"]
            as? [String: Any]
        #expect(
            asked?["query"] as? String
                == "updated_at:>='2026-11-20T10:02:40Z' updated_at:<='2026-11-20T10:02:49Z'")
        let read = try #require(try ShopifyOrder.decodeList(answer.json).first)
        let hook = try ShopifyOrder.decode(Vectors.bytes("shopify/orders-create-02-in-shipping-phone-cod.json"))
        #expect(read.id == hook.id)
        #expect(read.gid == hook.gid)
        #expect(read.createdAt == hook.createdAt)
        #expect(read.gateways == hook.gateways)
        #expect(read.financialStatus == hook.financialStatus)
        #expect(read.customerId == hook.customerId)
        #expect(read.phoneCandidates() == hook.phoneCandidates())
        #expect(read.customerLocale == hook.customerLocale)
        #expect(read.sourceName == hook.sourceName)
        #expect(read.cancelledAt == nil)
    }

    private func denied(_ path: [Any], code: String = "ACCESS_DENIED") -> [String: Any] {
        ["message": "Access denied for a field.", "path": path, "extensions": ["code": code]]
    }

    private func page(_ customer: Any) -> [String: Any] {
        let node: [String: Any] = [
            "id": "gid://shopify/Order/7", "createdAt": "2026-11-20T10:02:40Z", "updatedAt": "2026-11-20T10:02:41Z",
            "customer": customer, "shippingAddress": ["phone": "+12025550147", "countryCodeV2": "US"],
        ]
        return ["orders": ["nodes": [node, node], "pageInfo": ["hasNextPage": false, "endCursor": "c"]]]
    }

    @Test("what Shopify may not show is left out and named, once; the rest is used")
    func partial() async throws {
        let answer: [String: Any] = [
            "data": page(NSNull()),
            "errors": [
                denied(["orders", "nodes", 0, "customer"]), denied(["orders", "nodes", 1, "customer"]),
                denied(["orders", "edges", 1, "node", "shippingAddress", "phone"]),
                denied(["orders", "nodes", 1, String(repeating: "x", count: 100)]), denied([1, 2]),
            ],
        ]
        let orders = try await reading(answer).orders(Self.shop, ChangedOrders(since: 0, until: 1000))
        #expect(orders.count == 2 && orders.denied == ["customer", "orders", "shippingAddress.phone"])
        let read = try ShopifyOrder.decodeList(orders.json)
        #expect(read.count == 2 && read[0].shipping?.phone == "+12025550147" && read[0].customerId == nil)
    }

    @Test("an answer without anything to use is a refusal, and any other error fails the call as ever")
    func refused() async throws {
        let wanted = ChangedOrders(since: 0, until: 1000)
        let nobody: [String: Any] = ["nodes": [NSNull()], "pageInfo": ["hasNextPage": false, "endCursor": "c"]]
        let answers: [([String: Any], ShopAdminError.Kind)] = [
            (["data": ["orders": NSNull()], "errors": [denied(["orders"])]], .accessDenied),
            (["data": NSNull(), "errors": [denied(["orders"])]], .accessDenied),
            (["errors": [denied(["orders"])]], .accessDenied),
            (["data": ["orders": nobody], "errors": [denied(["orders", "nodes", 0])]], .accessDenied),
            (["data": page(NSNull()), "errors": [denied(["orders"], code: "INTERNAL_SERVER_ERROR")]], .transient),
            (
                ["data": page(NSNull()), "errors": [denied(["orders"]), denied([], code: "INTERNAL_SERVER_ERROR")]],
                .transient
            ),
            (["data": ["orders": NSNull()]], .transient),
        ]
        for (answer, kind) in answers {
            await #expect { try await reading(answer).orders(Self.shop, wanted) } throws: { error in
                (error as? ShopAdminError)?.kind == kind
            }
        }
    }

    @Test(
        "only what the granted scopes allow is asked for; where nobody knows them, everything",
        arguments: [
            (nil, true), (["read_orders", "write_orders"], false), (["write_orders"], false),
            (["read_orders", "read_customers"], true), (["write_orders", "write_customers"], true),
        ] as [([String]?, Bool)])
    func scopes(granted: [String]?, asksForCustomers: Bool) async throws {
        let sent = Requests()
        let wanted = ChangedOrders(since: 0, until: 1000, scopes: granted)
        _ = try await reading(["data": page(NSNull())], sent).orders(Self.shop, wanted)
        let text = String(decoding: sent.all[0].body, as: UTF8.self)
        #expect(text.contains("customer {") == asksForCustomers && text.contains("shippingAddress"))
    }

    @Test("what is asked of each order is the schema's, and names nobody")
    func fields() throws {
        let document = try GraphQLDocument(
            parsing: "query Q($id: ID!) { order(id: $id) { \(ShopifyOperation.polledFields) } }")
        // The copy of the schema does not reach as far as sums of money.
        let problems = try ShopifyOperationTests.schema().problems(of: document).filter { !$0.contains("Money") }
        #expect(problems == [])
        let shop = try GraphQLDocument(parsing: ShopifyOperation.shop.document)
        let ofShop = try ShopifyOperationTests.schema().problems(of: shop)
        #expect(ofShop == [])
        for name in ["email", "firstName", "lastName", "address1", "displayName"] {
            #expect(!ShopifyOperation.orders.document.contains(name))
        }
    }
}

/// Requests, from any thread.
final class Requests: @unchecked Sendable {
    // Every access holds the lock.
    private let lock = NSLock()
    private var requests: [OutboundRequest] = []

    func append(_ request: OutboundRequest) { lock.withLock { requests.append(request) } }
    var all: [OutboundRequest] { lock.withLock { requests } }
}
