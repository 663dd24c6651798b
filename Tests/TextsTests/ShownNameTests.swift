import Model
import Testing

@testable import Texts

@Suite("What is shown of names that merchants write")
struct ShownNameTests {
    @Test(
        "an order is shown by its last run of letters and digits, with one number in it",
        arguments: [
            ("#1001", "#1001"), ("1001", "1001"), ("#1001-EU", "#1001-EU"), ("EU-1001", "EU-1001"),
            ("Order #1001", "#1001"),
            ("URGENT call 1-900-555-0199 ref", "ref"), ("call 1-900-555-0199", "0199"),
            ("call 19005550199", "05550199"),
            ("+1 900 555 0199", "0199"), ("1.900.555.0199", "0199"), ("1_900_555_0199", "0199"),
            ("#1-900-555-0199#", "0199#"),
            ("tel:19005550199", "05550199"), ("SO-2024-0001", "0001"), ("#1001-2", "#1001"), ("A1B22C3", "B22C"),
            ("2024-12-000123", "000123"), ("#202612010042", "#12010042"), ("#1 evil.example", "example"),
            ("https://evil.example/x", "x"), ("Your parcel is held, pay now", "now"), ("", ""), (" ", ""), ("№", ""),
            ("طلب ١٩٠٠٥٥٥٠١٩٩", ""), ("#1001 ١٩٠٠٥٥٥٠١٩٩", "#1001"), ("１９００５５５", ""), ("заказ 1001", "1001"),
            ("#10\u{200B}01", "#1001"), ("#1001–EU", "#1001-EU"), ("\u{200F}#1001\u{200F}", "#1001"),
            ("1–900–555–0199", "0199"), ("CALLUSNOWONOURHOTLINEPLEASE", "CALLUSNOWONOURHOTLINEPLEASE"),
            ("{{code}}", "code"), ("-", "-"),
        ])
    func orders(name: String, shown: String) {
        let order = ShownName.order(name)
        #expect(order == shown.suffix(20))
        #expect(order.utf8.count <= 20 && !order.contains(" ") && order.allSatisfy(\.isASCII))
        #expect(order.split { !$0.isNumber }.count <= 1)
    }

    @Test(
        "a shop's name has no number that could be called, in any script and with anything between",
        arguments: [
            ("call-1-900-555-0199", "call"), ("Call 1 900 555 0199 now", "Call now"), ("1-900-555-0199 Shop", "Shop"),
            ("Shop +49 (30) 12/34-56", "Shop"), ("Shop 030·123·456", "Shop"), ("Shop 1*900*555", "Shop"),
            ("Shop 1_900_555", "Shop"),
            ("Shop 19,00,55", "Shop"), ("Shop ١٩٠٠٥٥٥", "Shop"), ("متجر ٠٥٠١٢٣٤٥٦٧", "متجر"), ("दुकान १२३४५६", "दुकान"),
            ("Shop 1\u{200B}2\u{200B}3456", "Shop"), ("Shop １２３４５６", "Shop"), ("Shop ①②③④⑤⑥", "Shop"),
            (
                "1\u{FE0F}\u{20E3}2\u{FE0F}\u{20E3}3\u{FE0F}\u{20E3}4\u{FE0F}\u{20E3}5\u{FE0F}\u{20E3}6\u{FE0F}\u{20E3} Shop",
                "Shop"
            ),
            ("Studio 54", "Studio 54"), ("4711", "4711"), ("24/7 Shop", "24/7 Shop"), ("12345", "12345"),
            ("Bar 1999 – 2024", "Bar"),
            ("7-Eleven 12345", "7-Eleven 12345"), ("Käse & Co.", "Käse & Co."),
        ])
    func shops(name: String, shown: String) {
        var settings = ShopSettings()
        settings.name = name
        #expect(TextFilling.shopName(settings, domain: "a-b.myshopify.com") == shown)
        #expect(TextFilling.shopName(nil, domain: "call-1-900-555-0199.myshopify.com") == "call")
        #expect(!LinkLike.hasPhoneNumber(TextFilling.shopName(settings, domain: "x")))
    }

    @Test(
        "a shop of whose names nothing is left is called so in the text's language",
        arguments: [
            (nil, "your shop"), ("en-GB", "your shop"), ("de-AT", "Ihr Shop"), ("fr", "votre boutique"),
            ("es_419", "tu tienda"),
            ("ar", "متجرك"), ("ja", "your shop"),
        ])
    func nameless(locale: String?, shown: String) throws {
        var settings = ShopSettings()
        settings.name = "1-900-555-0199"
        let shop = TextFilling.shopName(settings, domain: "1-900-555-0199.myshopify.com")
        #expect(shop == "")
        let filling = TextFilling(shop: shop, order: "#1", code: "123456", link: "L", minutes: 10)
        for kind in TextKind.allCases {
            let template = try #require(TextBook.builtIn.plain(kind, locale: locale))
            let text = filling.text(template, kind, locale: locale)
            #expect(text.hasPrefix(shown) && !LinkLike.hasPhoneNumber(text.replacing("123456", with: "")), "\(text)")
        }
        #expect(TextBook.builtIn.languages.allSatisfy { !TextBook.builtIn.namelessShop(locale: $0).isEmpty })
    }

    @Test("the texts of the review's examples bring no number and no sentence")
    func examples() throws {
        for language in TextBook.builtIn.languages {
            let filling = TextFilling(
                shop: TextFilling.shopName(nil, domain: "call-1-900-555-0199.myshopify.com"),
                order: "URGENT call 1-900-555-0199 ref", code: "", link: "L", minutes: 10)
            for kind in TextKind.allCases {
                let text = filling.text(try #require(TextBook.builtIn[language, kind]), kind, locale: language)
                #expect(!LinkLike.hasPhoneNumber(text) && !text.contains("900") && !text.contains("URGENT"), "\(text)")
            }
        }
    }

    @Test(
        "a name that would lose a number is named when it is saved, also without a text of the merchant's own",
        arguments: [
            ("Call 1-900-555-0199", true), ("Shop ٠٥٠١٢٣٤٥٦٧", true), ("Shop 1*900*555", true), ("Shop 12345", false),
            ("Studio 54", false), ("amazon.de", false), ("12345", false), ("St. Pauli", false), ("Käse & Co", false),
            ("A\u{A0}B", false),
            ("…" + String(repeating: "a", count: 46) + " b", false), ("“Q”", false),
        ])
    func saved(name: String, isRefused: Bool) {
        var settings = ShopSettings()
        settings.name = name
        let problems = TemplateCheck(publicURL: nil).problems(settings, domain: "a.myshopify.com")
        #expect(problems == (isRefused ? ["settings.name: no phone number may stand in it"] : []))
    }
}
