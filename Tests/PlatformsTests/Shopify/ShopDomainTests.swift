import Platforms
import Testing

@Suite("Shop domains")
struct ShopDomainTests {
    @Test(
        "A permanent domain is accepted, in lower case",
        arguments: [
            ("otp-guard-demo.myshopify.com", "otp-guard-demo.myshopify.com"), ("A.myshopify.com", "a.myshopify.com"),
            ("0-.MyShopify.com", "0-.myshopify.com"),
        ])
    func accepts(text: String, domain: String) {
        #expect(ShopDomain.validate(text) == domain)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", ".myshopify.com", "-a.myshopify.com", "a.b.myshopify.com", "a_b.myshopify.com",
            "a.myshopify.com.evil.com",
            "a.myshopify.com/", "a.myshopify.com\n", "https://a.myshopify.com", "a.myshopify.co", "amyshopify.com",
            "a.example.com/x.myshopify.com", "a@b.myshopify.com", "\u{212A}.myshopify.com", "é.myshopify.com",
            "a%2e.myshopify.com", String(repeating: "a", count: 242) + ".myshopify.com",
        ])
    func refuses(text: String) {
        #expect(ShopDomain.validate(text) == nil)
    }

    @Test("255 bytes are the limit")
    func limit() {
        let longest = String(repeating: "a", count: 241) + ".myshopify.com"
        #expect(longest.utf8.count == 255)
        #expect(ShopDomain.validate(longest) == longest)
    }
}
