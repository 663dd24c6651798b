import Model
import Testing

@testable import Texts

@Suite("Which text an order gets")
struct TextBookTests {
    static let link = "https://verify.example.com/v/1b9d6bcd-bbfd-8b2d-9b5d-ab8dfbbd4bed"

    static func filling(_ shop: String = "Example Store", originHost: String? = nil) -> TextFilling {
        TextFilling(
            shop: shop, order: "#1001", code: "123456", link: link, minutes: 10, originHost: originHost)
    }

    @Test("there are five languages, each with all its texts, which pass the check that merchants' texts pass")
    func builtIn() throws {
        #expect(Set(TextBook.builtIn.languages).isSuperset(of: ["ar", "de", "en", "es", "fr"]))
        for language in TextBook.builtIn.languages {
            for kind in TextKind.allCases {
                let template = try #require(TextBook.builtIn[language, kind])
                var settings = ShopSettings()
                settings.texts = kind == .code ? .init(code: [language: template.text]) : .init()
                if kind == .verified { settings.texts?.verified = [language: template.text] }
                if kind == .cancelled { settings.texts?.cancelled = [language: template.text] }
                let check = TemplateCheck(publicURL: "https://verify.example.com")
                #expect(check.problems(settings, domain: "example-store.myshopify.com") == [], "\(language) \(kind)")
                #expect(template.text.contains("{{shop}}") && template.text.contains("{{order}}"))
            }
        }
    }

    @Test("in an alphabet that GSM-7 has a text takes one segment; Arabic takes two")
    func segments() throws {
        for language in TextBook.builtIn.languages {
            for kind in TextKind.allCases {
                let text = Self.filling().text(try #require(TextBook.builtIn[language, kind]), kind)
                let segments = Segments(of: text)
                if ["de", "en", "es", "fr"].contains(language) { #expect(segments.encoding == .gsm7, "\(text)") }
                #expect(segments.count <= (segments.encoding == .ucs2 && kind == .code ? 2 : 1), "\(text)")
            }
        }
    }

    static func settings(
        template: String? = nil, code: [String: String]? = nil, verified: [String: String]? = nil
    ) -> ShopSettings {
        var settings = ShopSettings()
        settings.template = template
        settings.texts = ShopTexts(code: code, verified: verified)
        return settings
    }

    static let german = TextBook.builtIn["de", .code]?.text
    static let english = TextBook.builtIn["en", .code]?.text

    static let choices: [(ShopSettings?, String?, String?)] = [
        (nil, nil, english), (nil, "de", german), (nil, "de-AT", german), (nil, "DE_at", german), (nil, "ja", english),
        (nil, "../../etc", english), (nil, "", english), (nil, "english", english),
        (settings(template: "T"), "de", "T"), (settings(template: "T"), nil, "T"),
        (settings(code: ["de": "D", "de-at": "A"]), "de-AT", "A"), (settings(code: ["de": "D"]), "de-CH", "D"),
        (settings(template: "T", code: ["de": "D"]), "de", "D"),
        (settings(template: "T", code: ["de": "D"]), "fr", "T"),
        (settings(code: ["en": "E"]), "de", german), (settings(code: ["en": "E"]), "ja", "E"),
        (settings(code: ["de": "D"]), "ja", english), (settings(code: ["zh-hant": "Z"]), "zh-Hant-TW", "Z"),
    ]

    @Test(
        "the merchant's in country and language, then one for all, then the built-in, then English",
        arguments: choices.indices)
    func choice(index: Int) {
        let (settings, locale, text) = Self.choices[index]
        #expect(TextBook.builtIn.template(.code, settings, locale: locale)?.text == text)
    }

    @Test("the other texts are sent only where the merchant switched them on")
    func optional() {
        let book = TextBook.builtIn
        #expect(book.template(.verified, nil, locale: "de") == nil)
        #expect(book.template(.verified, Self.settings(template: "T"), locale: "de") == nil)
        #expect(book.template(.verified, Self.settings(verified: [:]), locale: "de") == book["de", .verified])
        #expect(book.template(.verified, Self.settings(verified: ["de": "V"]), locale: "de")?.text == "V")
        #expect(book.template(.cancelled, Self.settings(verified: [:]), locale: "de") == nil)
        #expect(Self.settings(verified: [:]).texts?.words == [.verified])
        #expect(Self.settings().texts?.words == nil)
    }

    @Test("the origin-bound line is the last, in the text with the code alone")
    func originBound() {
        let filling = Self.filling(originHost: "verify.example.com")
        #expect(
            filling.text(TextTemplate("{{code}} for {{shop}}"), .code)
                == "123456 for Example Store\n\n@verify.example.com #123456")
        #expect(filling.text(TextTemplate("Thanks"), .verified) == "Thanks")
        let hosts = [
            ("https://a.example:8443/x", "a.example"), ("http://127.0.0.1:8083", "127.0.0.1"),
            ("https://[::1]:1", "[::1]"),
        ]
        for (url, host) in hosts { #expect(TemplateCheck.host(of: url) == host) }
    }

    @Test(
        "what is put into a text is never read as a name again, and an empty value leaves no gap",
        arguments: [
            ("{{a}}", "{{b}}"), ("{{b}}-{{b}}", "2-2"), ("{{x}} {{b}}", "{{x}} 2"), ("{{", "{{"), ("{{b", "{{b"),
            ("{{{b}}", "{2"), ("}}{{b}}{{", "}}2{{"), ("", ""), ("order {{e}}: x", "order: x"), ("{{e}} x", " x"),
        ])
    func template(_ text: String, _ filled: String) {
        #expect(TextTemplate(text).filled(["a": "{{b}}", "b": "2", "e": ""]) == filled)
    }

    @Test(
        "a shop's name is no link",
        arguments: [
            ("Example Store", "Example Store"), ("amazon.de", "amazon"), ("https://evil.example/x Shop", "evil Shop"),
            ("www.shop.com", "shop"), ("mail@shop.com", "mail shop"), ("#evil.com", "#evil"),
            ("x://https://evil.com", "evil"), ("visit:evil.com now", "visit:evil now"), ("a.b.co.uk/x", "a"),
            ("ev\u{200B}il.com", "evil"), ("A\nB", "A B"), ("St. Pauli", "St. Pauli"),
            ("{{code}}", "code"), ("…", "..."), ("", "a-b"), ("http://", "a-b"),
        ])
    func names(name: String, shown: String) {
        var settings = ShopSettings()
        settings.name = name
        #expect(TextFilling.shopName(settings, domain: "a-b.myshopify.com") == shown)
    }

    @Test(
        "without a name a shop is called by its domain",
        arguments: [("a-b.myshopify.com", "a-b"), ("shop.example.com", "shop")])
    func domains(domain: String, shown: String) {
        #expect(TextFilling.shopName(nil, domain: domain) == shown)
    }

    @Test("a text that an order's name has made too long gives way to the built-in one")
    func tooLong() {
        let template = TextTemplate("{{code}} {{order}} " + String(repeating: "a", count: 440))
        var filling = Self.filling()
        #expect(filling.text(template, .code, locale: "de").contains("aaa"))
        filling.order = "№ 7"
        let text = filling.text(template, .code, locale: "de")
        #expect(text.contains("Ihr Code ist 123456") && !text.contains("aaa"))
    }

    @Test(
        "a blank keeps the link from what stands beside it, whatever that is",
        arguments: [
            ("{{link}}", "L"), ("{{link}} x", "L x"), ("{{link}}\nx", "L\nx"), ("{{link}}\r\nx", "L\r\nx"),
            ("{{link}}.", "L ."),
            ("{{link}})", "L )"), ("({{link}})", "(L )"), ("\"{{link}}\"", "\"L \""), ("«{{link}}»", "«L »"),
            ("{{link}}/{{code}}", "L /1"),
            ("{{link}}{{code}}", "L 1"), ("{{code}}{{link}}", "1 L"), ("{{link}}{{link}}", "L L"), ("x{{link}}", "x L"),
            ("确认{{link}}。", "确认 L 。"), ("x:{{link}}", "x:L"), ("x：{{link}}", "x：L"), ("x.{{link}}", "x. L"),
            ("/{{link}}", "/ L"),
            ("{{link}}\u{A0}x", "L \u{A0}x"), ("{{link}}\u{200B}.", "L \u{200B}."), ("{{link}}е", "L е"),
            ("{{link}}،", "L ،"), ("{{link}}؟", "L ؟"), ("{{link}}…", "L …"), ("{{link}}”", "L ”"),
            ("{{link}}।", "L ।"), ("{{link}}*", "L *"),
            ("{{link}} {{none}}.", "L ."), ("{{link}}{{none}}", "L"), ("{{link}}{{none}} x", "L x"),
            ("{{link}}\tx", "L \tx"),
        ])
    func besideLink(_ text: String, _ filled: String) {
        #expect(TextTemplate(text).filled(["link": "L", "code": "1", "none": ""]) == filled)
    }

    @Test("in a sent text the link is alone, in a merchant's and in every built-in one")
    func linkAlone() throws {
        let builtIn = TextBook.builtIn.languages.compactMap { TextBook.builtIn[$0, .code] }
        for template in builtIn + [TextTemplate("{{code}}:{{link}}."), TextTemplate("{{link}},{{code}}")] {
            for order in [nil, "#1"] {
                let filling = TextFilling(shop: "S", order: order, code: "123456", link: Self.link, minutes: 1)
                let text = filling.text(template, .code, locale: nil)
                let range = try #require(text.firstRange(of: Self.link))
                #expect(text[range.upperBound...].first.map { " \n".contains($0) } ?? true, "\(text)")
            }
        }
    }
}
