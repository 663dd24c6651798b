import HTTP
import Platforms
import Security
import Testing

@Suite("What holds a phone, a text or a token does not show it")
struct MaskTests {
    /// Every way a value gets into a log.
    static func prints(_ value: Any) -> String {
        var dumped = ""
        dump(value, to: &dumped)
        return "\(value) \(String(reflecting: value)) \(dumped) \([value]) \(["x": value])"
    }

    @Test("An order shows its id only")
    func order() throws {
        let order = try ShopifyOrder.decode(Vectors.bytes("shopify/orders-create-07-pk-two-phones-cod.json"))
        let text = Self.prints(order) + Self.prints(order.shipping as Any) + Self.prints(order.phoneCandidates())
        for secret in ["0301", "2345678", "+92", "PK"] { #expect(!text.contains(secret)) }
        #expect("\(order)" == "order 6502000000007")
        #expect(order.phoneCandidates().first.map { "\($0)" } == "phone at shipping_address.phone")
    }

    @Test("A text shows the masked number")
    func message() {
        let message = TextMessage(
            to: "+15035550142", body: "123456 is your code", statusCallback: "https://x/?v=1", validitySeconds: 600)
        #expect("\(message)" == "text to +1*****0142")
        let text = Self.prints(message)
        for secret in ["5035550142", "123456"] { #expect(!text.contains(secret)) }
    }

    @Test("A shop's token stays out of sight, in errors too")
    func token() async {
        #expect(!Self.prints(ShopifyAdminTests.shop).contains("shpat"))
        let http = ScriptedHTTP(.answer(401, Array("shpat_secret".utf8)))
        let error = await #expect(throws: ShopAdminError.self) {
            try await ShopifyAdminTests.admin(http).order(ShopifyAdminTests.shop, "gid")
        }
        #expect(error.map { !Self.prints($0).contains("shpat") } == true)
    }

    @Test("An order's snapshot does not show its note")
    func snapshot() {
        let snapshot = OrderSnapshot(gid: "gid://shopify/Order/1", tags: ["vip"], note: "call +15035550142")
        #expect(!Self.prints(snapshot).contains("5550142"))
        let error = ShopAdminError(.business(message: "bad +15035550142", code: nil), message: "tagsAdd: refused")
        #expect(!"\(error)".contains("5550142"))
    }
}
