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
                        currency: "INR"), plan: "Basic"))
        let other = ShopRef(domain: "other.myshopify.com", accessToken: Secret(text: "t"))
        await #expect(throws: ShopAdminError.self) { try await reading(sample).shop(other) }
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
