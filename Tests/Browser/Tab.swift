import Base
import Foundation

/// One page of the browser: where it is, what it shows, what a person would do with it. Everything it loads, says on
/// its console and complains of is kept.
package struct Tab: Sendable {
    package let browser: Chromium
    package let session: String
    private let target: String

    /// - Parameter scripts: false turns scripts of pages off, as a person can.
    package static func open(
        _ browser: Chromium, width: Int = 390, height: Int = 844, isDark: Bool = false, scripts: Bool = true,
        languages: String? = nil
    ) async throws -> Tab {
        // A context of its own: no cookies, no cache of another test.
        let context = try await browser.send("Target.createBrowserContext")["browserContextId"] ?? .null
        let page = try await browser.send("Target.createTarget", ["url": "about:blank", "browserContextId": context])
        let target = page["targetId"]?.string ?? ""
        let attached = try await browser.send(
            "Target.attachToTarget", ["targetId": .string(target), "flatten": true])
        guard let session = attached["sessionId"]?.string else { throw BrowserError("no tab") }
        let tab = Tab(browser: browser, session: session, target: target)
        for domain in ["Page", "Network", "Runtime", "Log", "DOM", "Accessibility", "Audits"] {
            try await tab.send("\(domain).enable")
        }
        try await tab.size(width, height)
        try await tab.scheme(isDark: isDark)
        if !scripts { try await tab.send("Emulation.setScriptExecutionDisabled", ["value": true]) }
        if let languages {
            try await tab.send(
                "Network.setExtraHTTPHeaders", ["headers": .object(["Accept-Language": .string(languages)])])
        }
        return tab
    }

    package func close() async throws {
        _ = try await browser.send("Target.closeTarget", ["targetId": .string(target)])
        browser.forget(session: session)
    }

    @discardableResult
    package func send(_ method: String, _ parameters: [String: JSONTree] = [:]) async throws -> JSONTree {
        try await browser.send(method, parameters, session: session)
    }

    package func size(_ width: Int, _ height: Int) async throws {
        try await send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": .integer(Int64(width)), "height": .integer(Int64(height)), "deviceScaleFactor": 1,
                "mobile": .bool(width < 600),
            ])
    }

    package func scheme(isDark: Bool) async throws {
        let feature: [String: JSONTree] = ["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]
        try await send("Emulation.setEmulatedMedia", ["features": .array([.object(feature)])])
    }

    // MARK: Going somewhere

    /// Opens an address and waits until all of it is there.
    package func go(_ address: String) async throws {
        try await loading { _ = try await send("Page.navigate", ["url": .string(address)]) }
    }

    /// Does something that brings another page, and waits until all of that is there.
    package func loading(_ act: () async throws -> Void) async throws {
        // The event of an earlier page can come late: a page is known by its own window.
        try await value("window.isOfBefore = true")
        try await act()
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while await !isNewAndWhole {
            guard ContinuousClock.now < deadline else { throw BrowserError("no page came") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Between two pages there is none to be asked.
    private var isNewAndWhole: Bool {
        get async {
            do {
                return try await value("window.isOfBefore !== true && document.readyState === 'complete'").bool ?? false
            } catch {
                return false
            }
        }
    }

    // MARK: What a person does

    /// Typed as by a keyboard or pasted as from a clipboard: either puts the text where the focus is, at once.
    ///
    /// A page may be whole before its `autofocus` is served, which is when it is first drawn: until then the text would
    /// go nowhere.
    package func insert(_ text: String) async throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(20))
        while try await value("document.activeElement === document.body").bool ?? true {
            guard ContinuousClock.now < deadline else { throw BrowserError("nothing has the focus") }
            try await Task.sleep(for: .milliseconds(10))
        }
        try await send("Input.insertText", ["text": .string(text)])
    }

    /// One key, with its event codes.
    package func press(_ key: String, code: Int, text: String? = nil) async throws {
        var down: [String: JSONTree] = [
            "type": "keyDown", "key": .string(key), "code": .string(key),
            "windowsVirtualKeyCode": .integer(Int64(code)),
        ]
        if let text { down["text"] = .string(text) }
        try await send("Input.dispatchKeyEvent", down)
        down["type"] = "keyUp"
        down["text"] = nil
        try await send("Input.dispatchKeyEvent", down)
    }

    package func tabKey() async throws { try await press("Tab", code: 9) }
    package func enterKey() async throws { try await press("Enter", code: 13, text: "\r") }

    /// Clicks in the middle of what the selector finds first.
    package func click(_ selector: String) async throws {
        let box = try await value(
            """
            (() => { const e = document.querySelector(\(Self.literal(selector))); e.scrollIntoView();
            const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()
            """
        ).list.compactMap(\.number)
        guard box.count == 2 else { throw BrowserError("nothing to click: \(selector)") }
        for type in ["mousePressed", "mouseReleased"] {
            try await send(
                "Input.dispatchMouseEvent",
                [
                    "type": .string(type), "x": .number(box[0]), "y": .number(box[1]), "button": "left",
                    "clickCount": 1,
                ])
        }
    }

    // MARK: What is there

    /// The value of a script of ours; works with scripts of pages off, too.
    @discardableResult
    package func value(_ script: String) async throws -> JSONTree {
        let answer = try await send(
            "Runtime.evaluate", ["expression": .string(script), "returnByValue": true, "awaitPromise": true])
        if let problem = answer["exceptionDetails"]?["exception"]?["description"]?.string {
            throw BrowserError(problem)
        }
        return answer["result"]?["value"] ?? .null
    }

    package func text(_ selector: String = "body") async throws -> String {
        try await value("document.querySelector(\(Self.literal(selector)))?.innerText ?? ''").string ?? ""
    }

    package func has(_ selector: String) async throws -> Bool {
        try await value("document.querySelector(\(Self.literal(selector))) !== null").bool ?? false
    }

    package var title: String {
        get async throws { try await value("document.title").string ?? "" }
    }

    package func screenshot() async throws -> [UInt8] {
        let shot = try await send("Page.captureScreenshot", ["format": "png"])
        guard let data = shot["data"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
            throw BrowserError("no picture")
        }
        return [UInt8](data)
    }

    /// The tree that screen readers get: role, name, description and states of everything in it.
    package func accessibility() async throws -> [JSONTree] {
        (try await send("Accessibility.getFullAXTree")["nodes"]?.list ?? []).filter { $0["ignored"]?.bool != true }
    }

    // MARK: What it did

    /// Addresses it asked for.
    package var requests: [String] {
        browser.events("Network.requestWillBeSent", session: session).compactMap { $0["request"]?["url"]?.string }
    }

    package var bytesReceived: Int {
        browser.events("Network.loadingFinished", session: session).reduce(0) {
            $0 + Int($1["encodedDataLength"]?.number ?? 0)
        }
    }

    /// Errors and warnings of the console, violations of the policy, exceptions, issues of the audits.
    package var complaints: [String] {
        // What is merely told, such as that something has the focus already, is no complaint.
        let logged = browser.events("Log.entryAdded", session: session).compactMap { $0["entry"] }
            .filter { ["warning", "error"].contains($0["level"]?.string) }.compactMap { $0["text"]?.string }
        let said = browser.events("Runtime.consoleAPICalled", session: session).map {
            "console: \($0["type"]?.string ?? "")"
        }
        let thrown = browser.events("Runtime.exceptionThrown", session: session).compactMap {
            $0["exceptionDetails"]?["exception"]?["description"]?.string
        }
        let issues = browser.events("Audits.issueAdded", session: session).map {
            String(decoding: ($0["issue"] ?? .null).bytes, as: UTF8.self)
        }
        return logged + said + thrown + issues
    }

    package static func literal(_ text: String) -> String {
        String(decoding: JSONTree.string(text).bytes, as: UTF8.self)
    }
}

extension JSONTree {
    /// An empty one is left out of the protocol's answers.
    package var list: [JSONTree] { array ?? [] }
}
