@testable import Model
import Testing

@Suite("Plans")
struct PlanLimitsTests {
    @Test("limits are read by name; what is not named stays; what is none is refused")
    func parsing() {
        #expect(PlanLimits(parsing: "") == .standard)
        #expect(PlanLimits(parsing: "starter=5, pro=unlimited")?.monthly == [.starter: 5, .growth: 1_000])
        for bad in ["gold=5", "starter", "starter=-1", "starter=x", "starter=5=6"] {
            #expect(PlanLimits(parsing: bad) == nil, "\(bad)")
        }
    }

    @Test(
        "what is on offer follows Shopify's plan of the shop",
        arguments: [
            (nil, 3), ("Basic", 3), ("Plus", 3), ("Development", 3), ("Starter", 2), ("Lite", 2), ("Trial", 2),
            ("Paused", 0), ("Inactive", 0),
        ] as [(String?, Int)])
    func offers(name: String?, count: Int) {
        let shop = ShopRecord.Installation(
            accessToken: Sealed([]), plan: .starter, shopifyPlan: name, settings: ShopSettings(), activatedAt: 0)
        #expect(shop.plansOnOffer.count == count)
    }

    @Test("a share is reached by one order only, whatever the limit", arguments: [1, 2, 3, 7, 100, 999])
    func shares(limit: Int) {
        let limits = PlanLimits(monthly: [.starter: limit])
        let shop = ShopRecord.Installation(
            accessToken: Sealed([]), plan: .starter, shopifyPlan: nil, settings: ShopSettings(), activatedAt: 0)
        func first(_ share: Int) -> Int? { (1...limit).first { limits.reached(shop, used: $0).contains(share) } }
        #expect(first(80) == Int((Double(limit) * 0.8).rounded(.up)))
        #expect(first(100) == limit)
    }
}
