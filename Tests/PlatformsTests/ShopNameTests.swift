import Testing

@testable import Platforms

@Suite("A shop's name")
struct ShopNameTests {
    @Test(
        "a Shopify domain or another host name, in lower case",
        arguments: [
            ("demo.myshopify.com", "demo.myshopify.com", "shopify"),
            ("DEMO.MyShopify.com", "demo.myshopify.com", "shopify"),
            ("shop.example.com", "shop.example.com", "orders"), ("Shop.Example.COM", "shop.example.com", "orders"),
            ("example.com", "example.com", "orders"), ("1-2.x3.example", "1-2.x3.example", "orders"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example", "orders"),
            ("notmyshopify.com", "notmyshopify.com", "orders"),
            ("demo.myshopify.com.example.com", "demo.myshopify.com.example.com", "orders"),
        ])
    func good(text: String, name: String, platform: String) {
        #expect(ShopName.validate(text) == name)
        #expect(ShopName.platform(of: name) == platform)
    }

    @Test(
        "anything else is no name",
        arguments: [
            "", ".", "localhost", "example", "example.com.", ".example.com", "a..example.com", "-a.example.com",
            "a-.example.com", "a_b.example.com", "a b.example.com", "a/b.example.com", "shop.example.com:8080",
            "https://shop.example.com", "shop.example.com/x", "192.0.2.1", "1.2", "[2001:db8::1]", "bücher.example",
            "myshopify.com", "a.b.myshopify.com", "-demo.myshopify.com", "x_y.myshopify.com", "shop.example.com\n",
        ])
    func bad(text: String) {
        #expect(ShopName.validate(text) == nil)
    }

    @Test("labels end at 63 bytes, names at 253")
    func longest() {
        let label = String(repeating: "a", count: 63)
        #expect(ShopName.validate("\(label).example") != nil)
        #expect(ShopName.validate("\(label)a.example") == nil)
        let long = Array(repeating: label, count: 3).joined(separator: ".") + "."
        #expect(ShopName.validate(long + String(repeating: "b", count: 61)) != nil)
        #expect(ShopName.validate(long + String(repeating: "b", count: 62)) == nil)
    }
}
