import HTTP
import Platforms
import Testing

@Suite("Headers of a Shopify webhook")
struct ShopifyDeliveryTests {
    static let required: [(String, String)] = [
        ("X-Shopify-Topic", "orders/create"), ("X-Shopify-Shop-Domain", "demo.myshopify.com"),
        ("X-Shopify-Webhook-Id", "b54557e4"),
    ]

    @Test("The sample's headers are read, in any case of their names", arguments: [false, true])
    func sample(lower: Bool) throws {
        let all = try #require(try Vectors.json("shopify/webhook-headers.json")["orders/create"] as? [String: String])
        let headers = HTTPHeaders(all.map { (lower ? $0.key.lowercased() : $0.key.uppercased(), $0.value) })
        let delivery = try ShopifyDelivery(headers)
        #expect(
            delivery
                == ShopifyDelivery(
                    topic: "orders/create", shopDomain: "otp-guard-demo.myshopify.com",
                    webhookId: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", eventId: "98880550-7158-44d4-b7cd-2c97c8a091b5",
                    triggeredAt: 1_795_168_960_120, apiVersion: "2026-10"))
        #expect(ShopifyDelivery.signature(headers) == "<see webhook-hmac-vectors.json>")
    }

    @Test("What is optional may be missing or make no sense")
    func optional() throws {
        let least = ShopifyDelivery(topic: "orders/create", shopDomain: "demo.myshopify.com", webhookId: "b54557e4")
        #expect(try ShopifyDelivery(HTTPHeaders(Self.required)) == least)
        var odd = HTTPHeaders(Self.required)
        odd.append("X-Shopify-Triggered-At", "yesterday")
        odd.append("X-Shopify-Event-Id", "")
        odd.append("X-Shopify-API-Version", String(repeating: "9", count: 256))
        #expect(try ShopifyDelivery(odd) == least)
        #expect(ShopifyDelivery.signature(odd) == nil)
    }

    @Test(
        "What is required is named when it is missing",
        arguments: zip(
            ["X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id"],
            [ShopifyDeliveryProblem.noTopic, .noShop, .noWebhookId]))
    func missing(name: String, problem: ShopifyDeliveryProblem) {
        #expect(throws: problem) { try ShopifyDelivery(HTTPHeaders(Self.required.filter { $0.0 != name })) }
    }

    @Test("A shop that is no shop's domain is refused")
    func badShop() {
        var headers = HTTPHeaders(Self.required)
        headers.set("X-Shopify-Shop-Domain", "evil.example.com")
        #expect(throws: ShopifyDeliveryProblem.badShop) { try ShopifyDelivery(headers) }
    }
}
