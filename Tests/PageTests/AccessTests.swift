import Browser
import Model
import Testing

@testable import Verifier

@Suite("The page for everybody", .browser)
struct AccessTests {
    @Test("a screen reader gets a heading, one named field, named buttons, in the order they are seen")
    func tree() async throws {
        try await Showcase.pending.shown { tab in
            let nodes = try await tab.accessibility()
            func names(_ role: String) -> [String] {
                nodes.filter { $0["role"]?["value"]?.string == role }.compactMap { $0["name"]?["value"]?.string }
            }
            #expect(names("textbox") == ["Code from the text message"])
            #expect(names("button") == ["Confirm order", "Send it again"])
            #expect(names("heading") == ["Confirm your order", "No text yet?"])
            #expect(names("main").count == 1 && names("banner").count == 1 && names("contentinfo").count == 1)
            #expect(names("RootWebArea") == ["Confirm your order – tea-house"])
            let field = try #require(nodes.first { $0["role"]?["value"] == "textbox" })
            #expect(field["description"]?["value"] == "We sent a 6-digit code to +1*****4567.")
            #expect(
                (field["properties"]?.list ?? []).contains { $0["name"] == "required" && $0["value"]?["value"] == true }
            )
        }
    }

    @Test("every state names its language, its state and what it is about", arguments: Showcase.allCases)
    func states(state: Showcase) async throws {
        for locale in ["en", "ar"] {
            try await state.shown(locale) { tab in
                let root = try await tab.value("document.documentElement.lang + document.documentElement.dir")
                #expect(root == (locale == "ar" ? "arrtl" : "enltr"))
                let title = try await tab.title
                let heading = try await tab.text("h1")
                #expect(!heading.isEmpty && title.count > 8)
                let message = try await tab.text(".notice strong")
                #expect(title.contains(message.isEmpty ? heading : message), "\(title)")
                let roles = try await tab.accessibility().compactMap { $0["role"]?["value"]?.string }
                let announced = roles.filter { ["alert", "status"].contains($0) }.count
                #expect(announced == ([.pending, .sending, .waiting, .noMoreTexts].contains(state) ? 0 : 1))
                #expect(roles.filter { $0 == "heading" }.count >= 1)
                let ids = try await tab.value(
                    "(document.getElementById('code')?.getAttribute('aria-describedby') ?? '').split(' ')"
                        + ".filter((id) => id && !document.getElementById(id))")
                #expect(ids.list.isEmpty, "described by what is not there")
            }
        }
    }

    @Test("the Tab key goes through the page as it is read, and what has the focus shows it", arguments: ["en", "ar"])
    func focusOrder(locale: String) async throws {
        try await Showcase.wrong.shown(locale) { tab in
            var order: [String] = []
            for _ in 0..<3 {
                order.append(
                    try await tab.value(
                        "document.activeElement.id || document.activeElement.form?.action.split('/').pop()"
                    ).string ?? "")
                let outline = try await tab.value(
                    "parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
                #expect(outline.number ?? 0 >= 2)
                try await tab.tabKey()
            }
            #expect(order.first == "code" && order.last == "resend" && order.count == 3, "\(order)")
        }
    }

    @Test(
        "everything can be read and told apart, in both schemes, in colours of any shop, under the pointer too",
        arguments: [nil, "#ffff00", "#000000", "#ffffff", "#e11d48", "#777777"])
    func contrast(colour: String?) async throws {
        for state in Showcase.allCases where colour == nil || [.wrong, .waiting, .codeOver].contains(state) {
            try await state.shown(dressed: { $0.dress(colour: colour) }) { tab in
                for (isDark, width) in [(false, 390), (true, 390), (false, 1280), (true, 1280)] {
                    try await tab.scheme(isDark: isDark)
                    try await tab.size(width, 844)
                    try await expectContrast(tab, "\(state) \(isDark ? "dark" : "light") \(width)")
                }
                try await hover(tab)
                for isDark in [true, false] {
                    try await tab.scheme(isDark: isDark)
                    try await expectContrast(tab, "\(state) \(isDark ? "dark" : "light") hovered")
                }
            }
        }
    }

    private func expectContrast(_ tab: Tab, _ name: String) async throws {
        let pairs = try await Contrast.all(tab)
        #expect(pairs.count >= 2)
        for pair in pairs { #expect(pair.ratio >= pair.least, "\(name): \(pair)") }
    }

    /// As if the pointer were on every button, and the focus, too.
    private func hover(_ tab: Tab) async throws {
        try await tab.send("CSS.enable")
        let root = try await tab.send("DOM.getDocument")["root"]?["nodeId"] ?? .null
        let found = try await tab.send("DOM.querySelectorAll", ["nodeId": root, "selector": "button, input"])
        for node in found["nodeIds"]?.list ?? [] {
            try await tab.send(
                "CSS.forcePseudoState",
                ["nodeId": node, "forcedPseudoClasses": .array(["hover", "focus", "focus-visible"])])
        }
    }

    @Test(
        "at 320 px nothing is cut and nothing scrolls sideways, in every language and state",
        arguments: Showcase.allCases)
    func narrow(state: Showcase) async throws {
        // All of them where most is said, the longest and the mirrored one everywhere.
        let isLong = [.wrong, .undeliverable].contains(state)
        for language in PageLanguage.all.keys.sorted() where isLong || ["de", "ar"].contains(language) {
            let long: (Scene) -> Void = {
                $0.dress(name: "Donaudampfschifffahrtsgesellschaftskapitänsmützen", logo: Pictures.logo)
            }
            try await state.shown(language, width: 320, dressed: long) { tab in
                let widths = try await tab.value(
                    "[document.documentElement.scrollWidth, ...[...document.querySelectorAll('.page *')]"
                        + ".map((e) => Math.max(e.getBoundingClientRect().right, 320 - e.getBoundingClientRect().left))]"
                )
                #expect(widths.list.allSatisfy { $0.number ?? 999 <= 320 }, "\(language) \(state): \(widths.list)")
            }
        }
    }

    @Test(
        "what is touched is 24 px and more, the text 16 px and more in the field",
        arguments: [Showcase.wrong, .codeOver])
    func targets(state: Showcase) async throws {
        try await state.shown(width: 320) { tab in
            let sizes = try await tab.value(
                "[...document.querySelectorAll('a, button, input')].flatMap((e) => { const r = e.getBoundingClientRect();"
                    + " return [r.width, r.height]; })")
            #expect(!sizes.list.isEmpty && sizes.list.allSatisfy { $0.number ?? 0 >= 44 })
            // Below 16 px phones zoom into a field that is tapped.
            let font = try await tab.value("parseFloat(getComputedStyle(document.querySelector('button')).fontSize)")
            #expect(font.number ?? 0 >= 16)
        }
    }

    @Test("right to left, the page is mirrored and the code is not")
    func rightToLeft() async throws {
        try await Showcase.wrong.shown("ar") { tab in
            let row = try await tab.value(
                "(() => { const d = document.querySelector('dl div'); return [d.querySelector('dt')"
                    + ".getBoundingClientRect().right, d.querySelector('dd').getBoundingClientRect().right]; })()")
            let edges = row.list.compactMap(\.number)
            #expect(edges.count == 2 && edges[0] > edges[1])
            #expect(try await tab.value("getComputedStyle(document.getElementById('code')).direction") == "ltr")
            #expect(try await tab.value("getComputedStyle(document.querySelector('.phone')).direction") == "ltr")
            #expect(try await tab.value("getComputedStyle(document.body).direction") == "rtl")
        }
    }

    @Test("on a desktop the card stands in the middle, and nothing beside it", arguments: ["en", "ar"])
    func centred(locale: String) async throws {
        try await Showcase.wrong.shown(locale, width: 1280) { tab in
            let edges = try await tab.value(
                "(() => { const r = document.querySelector('.page').getBoundingClientRect();"
                    + " return [r.left, innerWidth - r.right, document.documentElement.scrollWidth]; })()"
            ).list.compactMap(\.number)
            #expect(edges.count == 3 && edges[0] == edges[1] && edges[0] > 100 && edges[2] == 1280, "\(edges)")
        }
    }

    @Test("text twice as large, as people set it, still fits a phone")
    func zoomed() async throws {
        try await Showcase.wrong.shown("de", width: 320) { tab in
            try await tab.value("document.documentElement.style.fontSize = '32px'")
            let width = try await tab.value("document.documentElement.scrollWidth")
            #expect(width.integer == 320)
        }
    }

    @Test("what these tests look for would be seen: a pale text, a style of nobody's, a picture from elsewhere")
    func canFail() async throws {
        let scene = try Scene()
        let tab = try await Tab.open(Chromium.now)
        try await tab.go(scene.address)
        try await tab.value("document.querySelector('.lead').style.color = '#999'")
        #expect(try await Contrast.all(tab).contains { $0.ratio < $0.least })
        #expect(tab.complaints == [])
        try await tab.value("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
        try await tab.value("document.body.insertAdjacentHTML('beforeend', '<img src=\"http://example.com/x.png\">')")
        let deadline = ContinuousClock.now.advanced(by: .seconds(10))
        while tab.complaints.count < 2, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        #expect(tab.complaints.contains { $0.contains("style-src") })
        #expect(tab.complaints.contains { $0.contains("img-src") })
        try await tab.close()
        await scene.stop()
    }
}
