import Browser
import Foundation
import TestWorld
import Testing

/// The shopper's part of the way, in a browser, against the built daemons.
@Suite("The shopper's minute", .world)
struct PageJourneyTests {
    @Test("the link of a text is opened, a wrong and the right code typed: the order is verified and tagged")
    func wholeWay() async throws {
        let world = World.now
        let shop = "page-journey.myshopify.com"
        let phone = Traffic.phone(77)
        try await world.register(shop, ["name": "Tea House", "colour": "#0f766e"])
        let order = try await world.place(shop, phone: phone)
        let text = try await world.text(to: phone)
        let browser = try Chromium()
        do {
            try await visit(world, browser, text, shop)
            await browser.close()
        } catch {
            await browser.close()
            throw error
        }
        _ = try await world.eventually("the tag") { try await world.tags(order).contains("otp-verified") ? true : nil }
    }

    private func visit(_ world: World, _ browser: Chromium, _ text: (code: String, token: String), _ shop: String)
        async throws
    {
        let address = "http://127.0.0.1:\(world.ports.verifier)/v/\(text.token)"
        let tab = try await Tab.open(browser)
        // The looks come by a topic of their own.
        try await tab.go(address)
        for _ in 0..<50 where try await !tab.text("header").contains("Tea House") {
            try await Task.sleep(for: .milliseconds(100))
            try await tab.go(address)
        }
        #expect(try await tab.text("header") == "Tea House")
        #expect(try await tab.text(".phone").hasPrefix("+1*****"))
        try await tab.insert(text.code == "000000" ? "000001" : "000000")
        try await tab.loading { try await tab.enterKey() }
        #expect(try await tab.has("[role=alert]"))
        #expect(try await tab.text("dl").contains("4"))
        try await tab.insert("\(text.code.prefix(3)) \(text.code.dropFirst(3))")
        try await tab.loading { try await tab.enterKey() }
        #expect(try await tab.text("h1") == "Thank you! Your order is confirmed.")
        #expect(tab.requests.allSatisfy { $0.hasPrefix(address) })
        #expect(tab.complaints == [])
        try await tab.close()
    }
}
