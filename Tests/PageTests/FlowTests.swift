import Browser
import Model
import Testing

@Suite("The page in a browser", .browser)
struct FlowTests {
    @Test("a code is typed, Enter pressed: confirmed; nothing else was asked of anybody")
    func types() async throws {
        let scene = try Scene()
        try await scene.shown { tab in
            #expect(try await tab.title == "Confirm your order – tea-house")
            #expect(try await tab.value("document.activeElement.id") == "code")
            let text = try await tab.text()
            for part in ["tea-house", "#1001", "+1*****4567", "14 minutes", "9 minutes", "Attempts left\n5"] {
                #expect(text.contains(part), "\(part) is not in \(text)")
            }
            try await tab.insert(Scene.code)
            try await tab.loading { try await tab.enterKey() }
            #expect(try await tab.title == "Thank you! Your order is confirmed. – tea-house")
            #expect(try await !tab.has("form"))
            try await tab.loading { try await tab.send("Page.reload") }
            #expect(try await tab.text("h1") == "This order is already confirmed.")
        }
        #expect(scene.guessed == 1)
    }

    @Test(
        "a code is pasted as people have it",
        arguments: [
            "123 456", " 123-456 ", "1 2 3 4 5 6", "١٢٣٤٥٦", "۱۲۳۴۵۶", "１２３４５６", "123–456", "\u{200F}123\u{00A0}456",
            "“123456”", "\"123456\".", "123,456", "1\u{FE0F}\u{20E3}23456", "(123456)", "①23456",
        ],
        [true, false])
    func pastes(text: String, scripts: Bool) async throws {
        let scene = try Scene()
        try await scene.shown(scripts: scripts) { tab in
            try await tab.click("#code")
            try await tab.insert(text)
            try await tab.loading { try await tab.click(".code button") }
            #expect(try await tab.text("h1").contains("Thank you"))
        }
    }

    @Test("below a path everything goes below it, also from a link with something behind", arguments: [true, false])
    func belowPath(scripts: Bool) async throws {
        let scene = try Scene(publicPath: "/otp")
        try await scene.shown(scripts: scripts, address: "\(scene.origin)/otp/v/\(scene.token).%E2%80%9D/") { tab in
            try await tab.loading { try await tab.click("section button") }
            try await tab.click("#code")
            try await tab.insert(Scene.code)
            try await tab.loading { try await tab.enterKey() }
            #expect(try await tab.text("h1").contains("Thank you"))
            let requests = tab.requests.filter { !$0.hasPrefix("data:") }
            #expect(requests.count >= 3 && requests.allSatisfy { $0.hasPrefix("\(scene.origin)/otp/v/\(scene.token)") })
        }
        #expect(scene.guessed == 1)
    }

    @Test(
        "a wrong code is said at once, announced, tied to the field, and never shown again", arguments: [true, false])
    func wrong(scripts: Bool) async throws {
        let scene = try Scene()
        try await scene.shown(scripts: scripts) { tab in
            try await tab.click("#code")
            try await tab.insert("987321")
            try await tab.loading { try await tab.enterKey() }
            #expect(try await tab.title == "Error: That code isn’t right. – tea-house")
            #expect(try await tab.text("[role=alert]").contains("That code isn’t right."))
            #expect(try await tab.value("document.getElementById('code').value") == "")
            #expect(try await tab.value("document.activeElement.id") == "code")
            #expect(try await tab.text("dl").contains("Attempts left\n4"))
            let html = try #require(try await tab.value("document.documentElement.outerHTML").string)
            #expect(!html.contains("987321"))
            let field = try #require(try await tab.accessibility().first { $0["role"]?["value"] == "textbox" })
            #expect(field["name"]?["value"] == "Code from the text message")
            #expect(field["description"]?["value"]?.string?.contains("That code isn’t right.") == true)
            #expect(
                (field["properties"]?.list ?? []).contains {
                    $0["name"] == "invalid" && $0["value"]?["value"] == "true"
                })
        }
    }

    @Test("five wrong codes: no field any more, and a new code once this one has run out", arguments: [true, false])
    func locks(scripts: Bool) async throws {
        let scene = try Scene()
        try await scene.shown(scripts: scripts) { tab in
            for guess in 0..<5 {
                try await tab.click("#code")
                try await tab.insert("00000\(guess)")
                try await tab.loading { try await tab.enterKey() }
            }
            #expect(try await tab.text("[role=alert]").contains("Too many wrong codes."))
            #expect(try await !tab.has("#code"))
            #expect(try await tab.text("section button") == "Send a new code in 9 minutes")
        }
    }

    @Test("what can be no code is held back by the browser, in the page's words; nobody is asked")
    func shape() async throws {
        let scene = try Scene(Scene.pending { $0.locale = "de" })
        try await scene.shown { tab in
            for text in ["12345", "1234567", "12345a", ""] {
                try await tab.value("document.getElementById('code').value = ''")
                if !text.isEmpty { try await tab.insert(text) }
                try await tab.enterKey()
                let message = try await tab.value("document.getElementById('code').validationMessage")
                #expect(message == "Bitte geben Sie die 6 Ziffern aus der SMS ein.", "\(text)")
            }
            #expect(tab.requests == [scene.address])
            try await tab.value("document.getElementById('code').value = ''")
            try await tab.insert(Scene.code)
            try await tab.loading { try await tab.enterKey() }
            #expect(try await tab.text("h1") == "Danke! Ihre Bestellung ist bestätigt.")
        }
    }

    @Test(
        "where the browser lets it through, the page says what is wrong, and it is not counted",
        arguments: [
            ("", "Please type the code first."), ("12a456", "A code has digits only."), ("12", "That is too short"),
            ("123456789012", "That is too long"), ("12345", "That code doesn’t have the right length."),
        ])
    func badInput(text: String, words: String) async throws {
        let scene = try Scene()
        try await scene.shown { tab in
            try await tab.value("document.querySelector('.code').noValidate = true")
            if !text.isEmpty { try await tab.insert(text) }
            try await tab.loading { try await tab.enterKey() }
            let alert = try await tab.text("[role=alert]")
            #expect(alert.contains(words) && alert.contains("didn’t count"), "\(alert)")
            #expect(try await tab.text().contains("#1001"))
            #expect(try await tab.value("document.getElementById('code').getAttribute('aria-invalid')") == "true")
            try await tab.insert(Scene.code)
            try await tab.loading { try await tab.enterKey() }
            #expect(try await tab.text("h1").contains("Thank you"))
        }
    }

    @Test("another text is asked for; until then the button says when", arguments: [true, false])
    func resends(scripts: Bool) async throws {
        let scene = try Scene(Scene.pending { $0.resendAllowedAt = 1_800_000_045_000 })
        try await scene.shown(scripts: scripts) { tab in
            #expect(try await tab.text("section button") == "Send it again in 45 seconds")
            scene.change { $0.kind = .resendTooSoon }
            try await tab.loading { try await tab.click("section button") }
            #expect(try await tab.text("[role=alert]").contains("may still be on its way"))
            #expect(try await tab.has("#code"))
            scene.change {
                $0.kind = .seen
                $0.resendAllowedAt = 1_800_000_000_000
            }
            try await tab.loading { try await tab.go(scene.address) }
            #expect(try await tab.text("section button") == "Send it again")
            try await tab.loading { try await tab.click("section button") }
            #expect(try await tab.text("[role=status]").contains("Another text is on its way."))
            #expect(try await tab.value("document.activeElement.id") == "code")
            // With scripts a reload looks again; without, the browser asks before it sends again.
            #expect(try await tab.value("location.pathname").string?.hasSuffix("/resend") == !scripts)
            scene.change { $0.resendsLeft = 0 }
            try await tab.go(scene.address)
            #expect(try await !tab.has("section button"))
            #expect(try await tab.text("section").contains("No more texts"))
        }
    }

    @Test("times go on by themselves, are not announced, and leave the focus alone")
    func counts() async throws {
        let scene = try Scene(Scene.pending { $0.resendAllowedAt = 1_800_000_045_000 })
        try await scene.shown { tab in
            try await tab.insert("12")
            // Ten seconds later by the browser's clock.
            try await tab.value("(() => { const now = Date.now; Date.now = () => now() + 10000; })()")
            let changed = "document.querySelector('section button').textContent.match(/3[3-5] seconds/) !== null"
            while try await tab.value(changed) != true { try await Task.sleep(for: .milliseconds(50)) }
            try await tab.value("(() => { const now = Date.now; Date.now = () => now() + 60000; })()")
            while try await tab.text("section button") != "Send it again" {
                try await Task.sleep(for: .milliseconds(50))
            }
            #expect(try await tab.text("dl").contains("12 minutes"))
            let live = try await tab.value("document.querySelectorAll('[aria-live],[role=timer],[role=alert]').length")
            #expect(live.integer == 0)
            #expect(try await tab.value("document.activeElement.id + document.activeElement.value") == "code12")
        }
    }

    @Test("where the browser has WebOTP the code of the text is typed and sent by it; a form that is sent stops it")
    func webOTP() async throws {
        let scene = try Scene()
        let tab = try await Tab.open(Chromium.now)
        let stub = """
            window.OTPCredential = class {};
            Object.defineProperty(navigator, 'credentials', { value: { get: (wish) => {
              window.wish = wish; return new Promise((give, refuse) => { window.give = give;
              wish.signal.addEventListener('abort', () => { window.isAborted = true; refuse(new Error('AbortError')); }); });
            } } });
            """
        try await tab.send("Page.addScriptToEvaluateOnNewDocument", ["source": .string(stub)])
        try await tab.go(scene.address)
        #expect(try await tab.value("wish.otp.transport[0]") == "sms")
        try await tab.value("document.querySelector('.code').addEventListener('submit', (e) => e.preventDefault())")
        try await tab.value("document.querySelector('.code').requestSubmit()")
        #expect(try await tab.value("window.isAborted === undefined") == true)
        try await tab.insert(Scene.code)
        try await tab.value("document.querySelector('.code').requestSubmit()")
        #expect(try await tab.value("window.isAborted") == true)
        try await tab.go(scene.address)
        try await tab.loading { try await tab.value("give({ code: '\(Scene.code)' })") }
        #expect(try await tab.text("h1").contains("Thank you"))
        // Chromium notes that nobody had touched the page.
        #expect(tab.complaints.filter { !$0.contains("NavigationEntryMarkedSkippable") } == [])
        try await tab.close()
        await scene.stop()
    }

    @Test("the whole page with a logo of 10 KB takes less than 30 KB")
    func size() async throws {
        let scene = try Scene()
        scene.dress(name: "Tea House", colour: "#7a1f5c", logo: Pictures.logo)
        try await scene.shown { tab in
            #expect(tab.requests.count == 2 || tab.requests.count == 3, "\(tab.requests)")
            let width = try await tab.value("document.querySelector('header img').naturalWidth")
            #expect(width.integer == 96)
            #expect(tab.bytesReceived > Pictures.logo.data.utf8.count * 3 / 4 && tab.bytesReceived < 30_000)
        }
    }
}
