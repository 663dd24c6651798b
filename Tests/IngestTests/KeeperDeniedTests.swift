import Foundation
import Model
import Pipeline
import Platforms
import Testing

@testable import Ingest

extension KeeperTests {
    // MARK: What a shop does not let us see, and whom it says it is

    @Test("orders without what may not be seen are taken; what is refused is told when it is news, and only then")
    func denied() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        await perform(bench, keeper)
        let lost = try #require(
            JSONSerialization.jsonObject(with: Data(try Sample.order(Sample.india, OrderTests.fresh))) as? [String: Any]
        )
        for index in 0..<3 {
            bench.clock.advance(by: .seconds(661))
            var found = try page([lost], next: nil)
            if index < 2 { found.denied = ["customer"] }
            platform.state.withLock { $0.pages = [found] }
            #expect(await perform(bench, keeper) == .poll)
            #expect(try installation(bench).care?.accessDenied == (index < 2 ? ["customer"] : nil))
        }
        #expect(bench.staged.on(Catalogue.requests, bench).count == 1)
        #expect(bench.metric("otp_ingest_access_denied_total") == 1)
        #expect(bench.logLines.all.filter { $0.contains("INSTALL.md") }.count == 1)
        // An empty page says nothing of what is refused.
        bench.clock.advance(by: .seconds(661))
        bench.report(.denied(["customer"]))
        #expect(await perform(bench, keeper) == .poll)
        #expect(try installation(bench).care?.accessDenied == ["customer"])
    }

    @Test("a shop whose orders may not be read at all is named once, and its place to go on stays")
    func allDenied() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        await perform(bench, keeper)
        let polledTo = try installation(bench).care?.polledTo
        platform.state.withLock { $0.refusal = ShopAdminError(.accessDenied, message: "orders: ACCESS_DENIED") }
        for _ in 0..<3 {
            bench.clock.advance(by: .seconds(661))
            #expect(await perform(bench, keeper) == .poll)
        }
        #expect(try installation(bench).care?.accessDenied == ["orders"])
        #expect(try installation(bench).care?.polledTo == polledTo)
        #expect(bench.logLines.all.filter { $0.contains("refuses") || $0.contains("ACCESS_DENIED") }.count == 1)
        #expect(bench.metric("otp_ingest_chores_total", #"chore="poll",result="failed""#) == 3)
    }

    @Test("what the shop granted is told to whoever asks for orders")
    func scopes() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        try grant(bench, platform)
        await perform(bench, keeper)
        bench.clock.advance(by: .seconds(661))
        #expect(await perform(bench, keeper) == .poll)
        #expect(platform.state.withLock { $0.asked.first?.scopes } == ["write_orders"])
    }

    @Test("a shop that calls itself by its second name is believed; another shop of ours, or another number, is not")
    func secondName() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        bench.put(anotherShop: "ours.myshopify.com")
        platform.state.withLock { $0.domain = "ours.myshopify.com" }
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).profile == nil)
        platform.state.withLock { $0.domain = "a1b2c3-4d.myshopify.com" }
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).profile?.id == "gid://shopify/Shop/5")
        // The number decides from here on.
        bench.clock.advance(by: .seconds(86_400))
        platform.state.withLock { $0.domain = "ours.myshopify.com" }
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).care?.checkedAt == bench.clock.now)
    }
}
