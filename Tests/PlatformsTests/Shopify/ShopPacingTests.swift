import Testing

@testable import Platforms

@Suite("Pacing of a shop")
struct ShopPacingTests {
    static let bucket = ShopPacing.Bucket(maximumAvailable: 100, currentlyAvailable: 25, restoreRate: 10)

    @Test("An unknown bucket lets everything through")
    func unknown() {
        var pacing = ShopPacing()
        for _ in 0..<1000 { #expect(pacing.reserve(cost: 1000, now: 0) == nil) }
        #expect(pacing.isIdle(now: 0))
    }

    @Test("Points are taken until they are used up, then the wait is what is missing by the rate")
    func takes() {
        var pacing = ShopPacing()
        pacing.observe(Self.bucket, now: 1000)
        #expect(pacing.reserve(cost: 10, now: 1000) == nil)
        #expect(pacing.reserve(cost: 10, now: 1000) == nil)
        #expect(pacing.reserve(cost: 10, now: 1000) == .seconds(1))
        #expect(pacing.reserve(cost: 36, now: 1000) == .seconds(4))
        #expect(pacing.reserve(cost: 5, now: 1000) == nil)
    }

    @Test("Time restores points up to the maximum")
    func restores() {
        var pacing = ShopPacing()
        pacing.observe(Self.bucket, now: 1000)
        #expect(pacing.reserve(cost: 100, now: 1000) == .seconds(8))
        #expect(pacing.reserve(cost: 100, now: 8499) == .seconds(1))
        #expect(!pacing.isIdle(now: 8499))
        #expect(pacing.isIdle(now: 8500))
        #expect(pacing.reserve(cost: 100, now: 1_000_000) == nil)
        #expect(pacing.reserve(cost: 1, now: 1_000_000) == .seconds(1))
    }

    @Test("An answer's figures count more than ours")
    func observes() {
        var pacing = ShopPacing()
        pacing.observe(Self.bucket, now: 0)
        #expect(pacing.reserve(cost: 25, now: 0) == nil)
        pacing.observe(Self.bucket, now: 0)
        #expect(pacing.reserve(cost: 25, now: 0) == nil)
    }

    @Test("A request dearer than the whole bucket goes when it is full, and a rate of nothing is no division by zero")
    func extremes() {
        var pacing = ShopPacing()
        pacing.observe(Self.bucket, now: 0)
        #expect(pacing.reserve(cost: 5000, now: 7500) == nil)
        pacing.observe(.init(maximumAvailable: 10, currentlyAvailable: 0, restoreRate: 0), now: 0)
        #expect(pacing.reserve(cost: 1, now: 0) == .seconds(60))
    }

    @Test("A hold stops everything until it is over, and a shorter one does not end it")
    func holds() {
        var pacing = ShopPacing()
        pacing.hold(for: .milliseconds(2500), now: 1000)
        pacing.hold(for: .milliseconds(100), now: 1000)
        #expect(pacing.reserve(cost: 1, now: 2000) == .milliseconds(1500))
        #expect(!pacing.isIdle(now: 3499))
        #expect(pacing.reserve(cost: 1, now: 3500) == nil)
    }

    @Test("Shops do not share a budget, and those that are idle are forgotten")
    func book() {
        let book = ShopPacingBook()
        book.observe(shop: "a", Self.bucket, now: 0)
        #expect(book.reserve(shop: "a", cost: 100, now: 0) == .seconds(8))
        #expect(book.reserve(shop: "b", cost: 100, now: 0) == nil)
        #expect(book.count == 1)
        for shop in 0..<2000 { book.observe(shop: "shop \(shop)", Self.bucket, now: 0) }
        #expect(book.count == 2001)
        book.observe(shop: "last", Self.bucket, now: 60_000)
        #expect(book.count == 1)
    }
}
