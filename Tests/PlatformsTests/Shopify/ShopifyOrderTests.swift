import Platforms
import Testing

@Suite("Orders of Shopify")
struct ShopifyOrderTests {
    @Test("A sample's fields are read")
    func fields() throws {
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/orders-create-02-in-shipping-phone-cod.json"))
        #expect(order.id == 6_502_000_000_002)
        #expect(order.gid == "gid://shopify/Order/6502000000002")
        #expect(order.name == "#1102")
        #expect(order.createdAt == 1_795_168_960_000)
        #expect(order.updatedAt == 1_795_168_960_000)
        #expect(order.cancelledAt == nil)
        #expect(!order.test)
        #expect(order.confirmed)
        #expect(order.tags == [])
        #expect(order.gateways == ["Cash on Delivery (COD)"])
        #expect(order.financialStatus == "pending")
        #expect(order.fulfillmentStatus == nil)
        #expect(order.customerLocale == "en-IN")
        #expect(order.sourceName == "web")
        #expect(order.total == "1899.00")
        #expect(order.customerId == "7701000000002")
        #expect(order.phone == nil)
        #expect(order.shipping == .init(phone: "081234 56789", countryCode: "IN"))
        #expect(order.billing == .init(phone: nil, countryCode: "IN"))
        #expect(order.customerPhone == nil)
        #expect(order.defaultAddress == .init(phone: nil, countryCode: "IN"))
    }

    @Test("Every sample order is read, cancelled ones too", arguments: Vectors.orders + ["orders-cancelled.json"])
    func samples(file: String) throws {
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/\(file)"))
        #expect(order.gid == "gid://shopify/Order/\(order.id)")
        #expect((order.cancelledAt != nil) == (file.contains("cancelled") || file.contains("-14-")))
    }

    @Test("An id above 2^53 stays exact, the test notification is told as one, tags are taken apart")
    func notification() throws {
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/orders-create-14-admin-test-notification.json"))
        #expect(order.id == 820_982_911_946_154_508)
        #expect(order.test)
        #expect(!order.confirmed)
        #expect(order.tags == ["tag1", "tag2"])
        #expect(order.cancelledAt == 1_640_995_200_000)
    }

    @Test("Id and time of creation are enough")
    func least() throws {
        let order = try ShopifyOrder.decode(Array(#"{"id":1,"created_at":"2026-11-20T10:00:00Z"}"#.utf8))
        #expect(order.id == 1)
        #expect(order.gid == "gid://shopify/Order/1")
        #expect(order.confirmed)
        #expect(order.phoneCandidates().isEmpty)
    }

    static let optional = [
        "admin_graphql_api_id", "name", "updated_at", "cancelled_at", "test", "confirmed", "tags", "phone", "customer",
        "payment_gateway_names", "financial_status", "fulfillment_status", "customer_locale", "source_name",
        "shipping_address", "billing_address", "total_price",
    ]

    @Test("An optional field of an odd type never fails the order", arguments: optional)
    func oddTypes(field: String) throws {
        let odd: [Any] = [
            [:] as [String: Int], [1, 2], ["x": 1], "text", "", 5, 1.5, -1, true, 1e300,
            [["phone": 5] as [String: Int]],
            ["phone": ["a"], "id": "x", "default_address": 7] as [String: Any],
        ]
        var body = try Vectors.json("shopify/orders-create-07-pk-two-phones-cod.json")
        for value in odd {
            body[field] = value
            #expect(throws: Never.self) { try ShopifyOrder.decode(Vectors.data(body)) }
        }
        body[field] = nil
        #expect(throws: Never.self) { try ShopifyOrder.decode(Vectors.data(body)) }
    }

    @Test("A phone or an id in the other JSON type is understood")
    func otherTypes() throws {
        let body =
            #"{"id":"9007199254740993","created_at":"2026-11-20T10:00:00Z","phone":15035550142,"tags":["a","b c"]}"#
        let order = try ShopifyOrder.decode(Array(body.utf8))
        #expect(order.id == 9_007_199_254_740_993)
        #expect(order.phone == "15035550142")
        #expect(order.tags == ["a", "b c"])
    }

    @Test(
        "What can't be understood is told by its place, not by its content",
        arguments: [
            ("", "not JSON"), ("{", "not JSON"), ("[1]", "document: of another type"),
            ("null", "document: of another type"),
            (#"{"created_at":"2026-11-20T10:00:00Z"}"#, "id: missing or no number"),
            (#"{"id":"+1503secret","created_at":"2026-11-20T10:00:00Z"}"#, "id: missing or no number"),
            (#"{"id":-5,"created_at":"2026-11-20T10:00:00Z"}"#, "id: missing or no number"),
            (#"{"id":99999999999999999999,"created_at":"2026-11-20T10:00:00Z"}"#, "id: missing or no number"),
            (#"{"id":1}"#, "created_at: missing or no RFC 3339 time"),
            (#"{"id":1,"created_at":"secret"}"#, "created_at: missing or no RFC 3339 time"),
            (#"{"id":1,"created_at":null}"#, "created_at: missing or no RFC 3339 time"),
        ])
    func refusals(body: String, reason: String) {
        #expect(throws: PayloadError(reason)) { try ShopifyOrder.decode(Array(body.utf8)) }
    }

    @Test("Bytes that are not UTF-8 are refused, not a crash")
    func notText() {
        #expect(throws: PayloadError.self) { try ShopifyOrder.decode([0x7B, 0xFF, 0xFE, 0x7D]) }
    }

    @Test("An uninstall is read with everything null, and with a domain")
    func uninstall() throws {
        let sample = try ShopifyUninstall.decode(Vectors.bytes("shopify/app-uninstalled.json"))
        #expect(sample == ShopifyUninstall(shopId: 548_380_009, domain: nil))
        let named = try ShopifyUninstall.decode(
            Array(#"{"id":7,"myshopify_domain":"Demo.myshopify.com","plan_name":null}"#.utf8))
        #expect(named == ShopifyUninstall(shopId: 7, domain: "demo.myshopify.com"))
        #expect(throws: PayloadError("not JSON")) { try ShopifyUninstall.decode([]) }
        #expect(throws: PayloadError("plan_name: missing")) { try ShopifyUninstall.decode(Array(#"{"id":7}"#.utf8)) }
    }
}
