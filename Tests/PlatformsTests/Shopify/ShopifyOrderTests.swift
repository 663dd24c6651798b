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

    @Test("Whatever a body holds, what is read of it stays small; a phone keeps one character too many")
    func bounds() throws {
        let long = String(repeating: "ü", count: 400_000)
        var body = try Vectors.json("shopify/orders-create-07-pk-two-phones-cod.json")
        for field in [
            "admin_graphql_api_id", "name", "financial_status", "customer_locale", "source_name", "total_price",
        ] {
            body[field] = long
        }
        body["tags"] = (0..<5000).map { "t\($0)" }.joined(separator: ", ") + long
        body["payment_gateway_names"] = Array(repeating: long, count: 30)
        let address: [String: Any] = ["phone": long, "country_code": long]
        body["shipping_address"] = address
        body["phone"] = long
        body["customer"] = ["id": 7, "phone": long, "default_address": address] as [String: Any]
        let order = try ShopifyOrder.decode(Vectors.data(body))
        #expect(order.gid == "gid://shopify/Order/\(order.id)" && order.name.unicodeScalars.count == 100)
        #expect(order.tags.count == 250 && order.tags[249] == "t249")
        #expect(order.gateways.count == 20 && order.gateways.allSatisfy { $0.unicodeScalars.count == 100 })
        #expect(order.financialStatus == nil && order.customerLocale == nil && order.total == nil)
        #expect(order.sourceName?.unicodeScalars.count == 100 && order.shipping?.countryCode == nil)
        for phone in [order.phone, order.shipping?.phone, order.customerPhone, order.defaultAddress?.phone] {
            #expect(phone?.unicodeScalars.count == 251)
        }
        body["tags"] = Array(repeating: long, count: 300)
        let listed = try ShopifyOrder.decode(Vectors.data(body))
        #expect(listed.tags.count == 250 && listed.tags.allSatisfy { $0.unicodeScalars.count == 255 })
    }

    @Test(
        "The status page's address tells a name of the shop and its number",
        arguments: [
            (
                "https://demo.myshopify.com/60000000001/orders/x/authenticate?key=y", "demo.myshopify.com",
                60_000_000_001
            ),
            ("https://DEMO.myshopify.com/1/orders/x", "demo.myshopify.com", 1),
            ("https://shop.example.com/7/orders/x", nil, 7),
            ("https://demo.myshopify.com/orders/x", "demo.myshopify.com", nil),
            ("https://demo.myshopify.com/x/orders/y", "demo.myshopify.com", nil),
            ("http://demo.myshopify.com/1/orders/x", nil, nil),
            ("", nil, nil), ("https://", nil, nil),
            ("https://demo.myshopify.com/7/checkouts/x", "demo.myshopify.com", nil),
        ] as [(String, String?, Int?)])
    func statusPage(url: String, domain: String?, number: Int?) throws {
        let body = #"{"id":1,"created_at":"2026-11-20T10:00:00Z","order_status_url":"\#(url)"}"#
        let order = try ShopifyOrder.decode(Array(body.utf8))
        #expect(order.shopDomain == domain && order.shopGid == number.map { "gid://shopify/Shop/\($0)" })
    }

    @Test(
        "Ids of privacy requests are read entry by entry, as numbers, texts or gids; a missing list is an empty one",
        arguments: [
            ("[1, 2]", [1, 2]), (#"["1", "2"]"#, [1, 2]),
            (#"[1, "x", null, {"id": "3"}, [4], 5.5, "gid://shopify/Order/6"]"#, [1, 3, 6]),
            ("7", [7]), (#""8, 9""#, [8, 9]), ("[]", []), ("null", []), ("{}", []), (#""""#, []), ("[0, -1]", []),
        ])
    func privacyIds(list: String, orders: [Int]) throws {
        for (field, kind) in [
            ("orders_to_redact", ShopifyPrivacyRequest.Kind.customerRedaction), ("orders_requested", .dataRequest),
        ] {
            let body = #"{"shop_domain":"a.myshopify.com","customer":{"id":"191167"},"\#(field)":\#(list)}"#
            let request = try ShopifyPrivacyRequest.decode(Array(body.utf8))
            #expect(request.orders == orders.map { "gid://shopify/Order/\($0)" })
            #expect(request.kinds == [kind] && request.customerId == "191167")
        }
        let bare = try ShopifyPrivacyRequest.decode(
            Array(#"{"shop_domain":"a.myshopify.com","customer":{"id":"gid://shopify/Customer/5"}}"#.utf8))
        #expect(bare.kinds == [.customerRedaction, .dataRequest] && bare.orders.isEmpty && bare.customerId == "5")
        let shop = try ShopifyPrivacyRequest.decode(Array(#"{"shop_domain":"a.myshopify.com"}"#.utf8))
        #expect(shop.kinds == [.shopRedaction])
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
