import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Testing

@Suite("What the owner sees to by itself")
struct KeeperTests {
    func open() throws -> (Bench, Platform) {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(10))
        return (bench, Platform())
    }

    func keeper(_ bench: Bench, _ platform: Platform) -> ShopKeeper {
        let errands = ShopErrands(
            reading: platform.reading, oauth: platform.oauth, directory: bench.directory, topology: bench.topology,
            post: { await bench.outbox.post($0) }, clock: bench.clock.clock, metrics: KeeperMetrics(bench.registry),
            log: bench.log)
        return ShopKeeper(errands, clock: bench.clock.clock, random: { 0 })
    }

    /// Does what is due now, one chore; the chore, nil where none is.
    @discardableResult
    func perform(_ bench: Bench, _ keeper: ShopKeeper) async -> ShopChore? {
        guard let record = bench.logic.shops[Bench.shop],
            let chore = ShopChore.due(record, now: bench.clock.now, polledAt: nil)
        else { return nil }
        await keeper.perform(Bench.shop, record, chore)
        return chore
    }

    func installation(_ bench: Bench) throws -> ShopRecord.Installation {
        try #require(bench.logic.shops[Bench.shop]?.installation)
    }

    /// The shop installs itself with a pair that expires in an hour.
    func grant(_ bench: Bench, _ platform: Platform) throws {
        platform.state.withLock { state in
            state.working = ["access-1"]
            state.pairs = ["refresh-1": "2", "refresh-2": "3"]
        }
        let (record, key) = try #require(bench.directory.current(Bench.shop))
        let grant = WebhookMessage.Grant(
            OAuthGrant(
                accessToken: Secret(text: "access-1"), scopes: ["write_orders"],
                refreshToken: Secret(text: "refresh-1"),
                expiresIn: 3600, refreshExpiresIn: 7_776_000), of: Bench.shop, key, asked: bench.clock.now)
        bench.feed(
            WebhookMessage.shopInstall(.init(putId: "i1", shopVersion: record.version, grant: grant)).record(
                shop: Bench.shop, bench.topology))
    }

    @Test("a new shop is asked for itself, then its orders every ten minutes, itself again once a day")
    func chores() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).profile?.timeZone == "Asia/Kolkata")
        #expect(try installation(bench).shopifyPlan == "Basic")
        #expect(await perform(bench, keeper) == nil)
        bench.clock.advance(by: .seconds(661))
        #expect(await perform(bench, keeper) == .poll)
        bench.clock.advance(by: .seconds(86_400))
        #expect(await perform(bench, keeper) == .check)
    }

    @Test(
        "a token is renewed before its end; the old pair is kept until the new one has worked; all of it stands sealed")
    func refreshed() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        try grant(bench, platform)
        #expect(await perform(bench, keeper) == .check)
        bench.clock.advance(by: .seconds(45 * 60))
        #expect(await perform(bench, keeper) == .refresh)
        let renewed = try installation(bench)
        #expect(renewed.grant?.previous != nil)
        #expect(renewed.grant?.expiresAt == bench.clock.now + 3_600_000)
        // The new one is tried at once, and has worked.
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).grant?.previous == nil)
        let written = bench.staged.map(\.record) + bench.sent
        for secret in ["access-1", "refresh-1", "access-2", "refresh-2"] {
            #expect(!written.contains { String(decoding: $0.value ?? [], as: UTF8.self).contains(secret) })
        }
    }

    @Test("a pair that was lost on its way is made up for by the one before it")
    func lostPair() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        try grant(bench, platform)
        bench.clock.advance(by: .seconds(45 * 60))
        #expect(await perform(bench, keeper) == .refresh)
        // Neither the new access token nor its refresh token works; the one before still does.
        platform.state.withLock { state in
            state.working = []
            state.pairs = ["refresh-1": "4"]
        }
        #expect(await perform(bench, keeper) == .check)
        #expect(platform.state.withLock { $0.refreshed } == ["refresh-1", "refresh-2", "refresh-1"])
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).care?.refusedSince == nil)
    }

    @Test("trouble is no refusal: nothing is said of the shop, and it is left alone for a while")
    func trouble() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        platform.state.withLock { $0.trouble = ShopAdminError(.transient, message: "HTTP 503") }
        let before = bench.sent.count
        #expect(await perform(bench, keeper) == .check)
        #expect(bench.sent.count == before)
        #expect(bench.metric("otp_ingest_chores_total", #"chore="check",result="failed""#) == 1)
    }

    @Test("a budget that is used up is waited for exactly; an uninstall is looked into whatever went wrong before")
    func waits() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        let running = Task { await keeper.run() }
        defer {
            keeper.stop()
            running.cancel()
        }
        func look() async throws -> Bool {
            let before = platform.state.withLock { $0.visits }
            guard let record = bench.logic.shops[Bench.shop] else { return false }
            keeper.look(1, now: bench.clock.now) { $0(Bench.shop, record) }
            guard keeper.busy > 0 || platform.state.withLock({ $0.visits }) > before else { return false }
            while keeper.busy > 0 { await Task.yield() }
            return true
        }
        for _ in 1...5 {
            platform.state.withLock {
                $0.trouble = ShopAdminError(.throttled(after: .seconds(4)), message: "throttled")
            }
            #expect(try await look())
            bench.clock.advance(by: .milliseconds(3_999))
            #expect(try await !look())
            bench.clock.advance(by: .milliseconds(1))
        }
        platform.state.withLock { $0.trouble = ShopAdminError(.frozen, message: "HTTP 402") }
        #expect(try await look())
        bench.clock.advance(by: .seconds(60))
        #expect(try await !look())
        bench.feed(try bench.webhook("app/uninstalled", try Sample.bytes("app-uninstalled")))
        #expect(try await look())
    }

    @Test("a missed uninstall is found: refused for hours, the shop is gone, and nothing is asked any more")
    func missedUninstall() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        platform.state.withLock { $0.working = [] }
        #expect(await perform(bench, keeper) == .check)
        #expect(try installation(bench).care?.refusedSince == bench.clock.now)
        while bench.logic.shops[Bench.shop] != nil {
            bench.clock.advance(by: .seconds(900))
            #expect(await perform(bench, keeper) == .check)
        }
        #expect(bench.clock.now - Bench.start >= ShopCare.lastingMs)
        #expect(await perform(bench, keeper) == nil)
    }

    func page(_ orders: [[String: Any]], next: String?) throws -> OrderPage {
        let json = [UInt8](try JSONSerialization.data(withJSONObject: orders))
        return OrderPage(count: orders.count, json: json, lastChange: Bench.start + 20_000, next: next)
    }

    @Test("an order whose webhook was lost is found by asking, enters the same path, and once")
    func reconciled() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        await perform(bench, keeper)
        bench.clock.advance(by: .seconds(661))
        let known = try Sample.order(Sample.india, OrderTests.fresh)
        bench.feed(try bench.webhook("orders/create", known))
        let lost = try Sample.order(
            "orders-create-13-ng-cc-without-plus-cod",
            (OrderTests.fresh as [String: Any]).merging(["admin_graphql_api_id": "gid://shopify/Order/13"]) { $1 })
        let objects = try [known, lost].map {
            try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
        try platform.state.withLock { state in
            state.pages = [try page([objects[0]], next: "c1"), try page([objects[1]], next: nil)]
        }
        let before = bench.staged.on(Catalogue.requests, bench).count
        #expect(await perform(bench, keeper) == .poll)
        #expect(bench.staged.on(Catalogue.requests, bench).count == before + 1)
        #expect(bench.logic.orders[OrderKey(shop: Bench.shop, order: "gid://shopify/Order/13")]?.verification != nil)
        let asked = platform.state.withLock { $0.asked }
        try #require(asked.map(\.after) == [nil, "c1"])
        #expect(asked[0].since == (try installation(bench).activatedAt))
        // The position is in the shop's record, over a restart too.
        bench.restart()
        #expect(try installation(bench).care?.polledTo == bench.clock.now - ShopChore.Pace().pollBehindMs)
        bench.feed(try bench.webhook("orders/create", lost))
        #expect(bench.staged.on(Catalogue.requests, bench).count == before + 1)
        let written = (bench.staged.map(\.record) + bench.sent).compactMap(\.value)
        #expect(!written.contains { String(decoding: $0, as: UTF8.self).contains("gateway_names") })
    }

    @Test("an order from before the shop's activation, or of yesterday, is passed over without a word")
    func oldOrders() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        await perform(bench, keeper)
        bench.clock.advance(by: .seconds(661))
        let old = try #require(
            JSONSerialization.jsonObject(
                with: Data(try Sample.order(Sample.india, ["created_at": "2026-11-20T10:02:44Z"]))) as? [String: Any])
        try platform.state.withLock { $0.pages = [try page([old], next: nil)] }
        #expect(await perform(bench, keeper) == .poll)
        #expect(bench.logic.orders.count == 0)
        #expect(bench.staged.on(Catalogue.outcomes, bench).isEmpty)
    }

    @Test("a run is bounded, and the next one goes on where it stopped")
    func bounded() async throws {
        let (bench, platform) = try open()
        let keeper = keeper(bench, platform)
        await perform(bench, keeper)
        bench.clock.advance(by: .seconds(661))
        let order = try #require(
            JSONSerialization.jsonObject(with: Data(try Sample.order(Sample.india, OrderTests.fresh))) as? [String: Any]
        )
        try platform.state.withLock { state in
            state.pages = try (0..<30).map { try page([order], next: "c\($0)") }
        }
        await perform(bench, keeper)
        #expect(platform.state.withLock { $0.asked.count } == ShopErrands.pagesAtMost)
        #expect(try installation(bench).care?.polledTo == Bench.start + 20_000)
    }
}
