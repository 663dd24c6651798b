import Model
import Testing

@testable import Texts

@Suite("Checking a merchant's text")
struct TemplateCheckTests {
    static func problems(
        _ text: String, originBound: Bool = false, name: String? = nil, publicURL: String? = "https://v.example.com"
    ) -> [String] {
        var settings = ShopSettings()
        settings.template = text
        settings.originBound = originBound
        settings.name = name
        return TemplateCheck(publicURL: publicURL).problems(settings, domain: "a.myshopify.com")
    }

    @Test(
        "what may be sent passes",
        arguments: [
            "{{code}}", "{{shop}}: {{code}} ({{minutes}} min), {{order}} {{link}}", "Votre code : {{code}}.",
            "{{code}} (10 min)", "{{shop}}. {{code}}. {{order}}. {{link}}.", "{{link}}/{{code}}",
            "Code {{code}}! z.B. 24/7, 3.50 EUR, Nr. 12345", "{{code}}\n{{link}}", "رمزك {{code}} {{link}}",
        ])
    func fine(text: String) {
        #expect(Self.problems(text) == [])
    }

    @Test(
        "what may not is named",
        arguments: [
            ("no code", "{{code}} is missing"), ("{{code}} {{name}}", "only {{shop}}"),
            ("{{code}} {{ code }}", "only {{shop}}"),
            ("{{code}} {{", "only {{shop}}"), ("{{code}} }}", "only {{shop}}"),
            ("{{code}} at evil.example", "no address"), ("{{code}} https://x/y", "no address"),
            ("{{code}} www.x", "no address"), ("{{code}} EVIL.COM/x", "no address"), ("{{code}} a@b", "no address"),
            ("{{code}} visit:evil.com", "no address"), ("{{code}} #evil.com", "no address"),
            ("{{code}} a/evil.com", "no address"), ("{{code}} evil\u{200B}.com", "no address"),
            ("{{code}} ev\u{AD}il.com", "no address"), ("{{code}} {{shop}}.com", "no address"),
            ("{{code}} evil.{{order}}com", "no address"), ("{{code}} evil.xn--p1ai", "no address"),
            ("{{code}} 1.evil.com", "no address"), ("{{code}} evil.com.", "no address"),
            ("{{code}} 030—123—456", "no phone number"), ("{{code}} 030\u{A0}123\u{A0}456", "no phone number"),
            ("+1900{{code}}", "no digits"), ("+1900-{{code}}", "no digits"), ("1{{code}}", "no digits"),
            ("{{code}} пример.рф", "no address"), ("{{code}} evil。example", "no address"),
            ("{{code}}, ring 030 123456", "no phone number"), ("{{code}} +49 (30) 12-34-56", "no phone number"),
            ("{{code}} ٠٥٠١٢٣٤٥٦٧", "no phone number"), ("{{code}}\u{7}", "control characters"),
            ("{{code}}" + String(repeating: "a", count: 460), "takes 4 segments (GSM-7), at most 3"),
            ("{{code}}" + String(repeating: "я", count: 200), "takes 4 segments (UCS-2), at most 3"),
            (String(repeating: "{{code}}", count: 1000), "too long"),
        ])
    func refused(text: String, problem: String) {
        let problems = Self.problems(text)
        #expect(problems.contains { $0.hasPrefix("settings.template: ") && $0.contains(problem) }, "\(problems)")
    }

    @Test("counted with what is put in: the link, the name, the last line")
    func longest() {
        let text = "{{code}} {{shop}} {{link}} " + String(repeating: "a", count: 360)
        #expect(Self.problems(text) == [])
        #expect(Self.problems(text, originBound: true, name: String(repeating: "n", count: 50)) != [])
        #expect(Self.problems(text, name: "Магазин") != [], "one such name makes the whole text UCS-2")
        #expect(Self.problems(text, publicURL: nil) != [])
    }

    @Test("each text of each kind and language is checked under its own name")
    func kinds() {
        var settings = ShopSettings()
        settings.texts = ShopTexts(
            code: ["de": "kein", "x y": "{{code}}", "DE": "{{code}}"], verified: ["de": "{{code}}"],
            cancelled: ["fr": "x.example"])
        let problems = TemplateCheck(publicURL: nil).problems(settings, domain: "a.myshopify.com")
        #expect(
            problems == [
                "settings.texts.code.DE: the language must be like \"de\" or \"pt-br\"",
                "settings.texts.code.de: {{code}} is missing",
                "settings.texts.code.x y: the language must be like \"de\" or \"pt-br\"",
                "settings.texts.verified.de: {{code}} has no place here",
                "settings.texts.cancelled.fr: no address may stand in it but {{link}}",
            ])
    }
}
