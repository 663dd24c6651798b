import Foundation
import Testing

/// A merchant's rules through the built daemons: which orders are asked about, and how one is cancelled.
@Suite("Rules of a shop", .scannedWorld)
struct RuleJourneyTests {
    private let world = World.now

    private func phone(_ n: Int) -> String { Traffic.phone(n) }

    private func firstOutcome(_ order: World.PlacedOrder) async throws -> String {
        try await world.eventually("an outcome of \(order.gid)") { world.outcomes(order.gid).first }
    }

    @Test("each rule leaves its orders out with its reason, the others get their text")
    func scope() async throws {
        let shop = "rules.myshopify.com"
        try await world.register(
            shop,
            [
                "orders": "cod", "minimumTotal": "50", "shippingCountries": ["US", "DE"], "exceptTags": ["VIP"],
                "onlyTags": ["check"], "phoneSources": ["billing"],
            ])
        let fitting: [String: Any] = [
            "tags": ["check"], "phonePlace": "billing", "overrides": ["total_price": "50.00"],
        ]
        let others: [(String, String, [String: Any])] = [
            // Written by staff: no storefront's trace, no number typed by a shopper.
            (
                "channel", "US",
                [
                    "overrides": [
                        "source_name": "shopify_draft_order", "total_price": "50.00", "browser_ip": NSNull(),
                        "landing_site": NSNull(), "client_details": NSNull(), "app_id": 1_354_745,
                    ]
                ]
            ),
            ("channel", "US", ["overrides": ["source_name": "subscription_contract", "total_price": "50.00"]]),
            ("out_of_scope", "US", ["cod": false]), ("below_minimum", "US", ["overrides": ["total_price": "49.99"]]),
            ("country_out_of_scope", "FR", [:]), ("tag_excluded", "US", ["tags": ["check", "vip"]]),
            ("tag_missing", "US", ["tags": ["other"]]), ("no_phone", "US", ["phonePlace": "shipping"]),
        ]
        for (reason, country, changes) in others {
            let order = try await world.place(
                shop, phone: phone(61), country: country, fitting.merging(changes) { $1 })
            #expect(try await firstOutcome(order) == "skipped:\(reason)")
        }
        let order = try await world.place(shop, phone: phone(62), fitting)
        _ = try await world.text(to: phone(62))
        #expect(try await firstOutcome(order) == "sent")
        #expect(try await world.texts(to: phone(61)).isEmpty)
    }

    @Test("a number verified once is not asked again at a shop that wants it so; at another shop it is")
    func verifiedBefore() async throws {
        let shop = "asks-once.myshopify.com"
        try await world.register(shop, ["skipVerified": true])
        let first = try await world.place(shop, phone: phone(63))
        let text = try await world.text(to: phone(63))
        #expect(try await world.guess(text.code, text.token).json["status"] as? String == "verified")
        _ = try await world.eventually("the tag") { try await world.tags(first).contains("otp-verified") ? true : nil }
        let second = try await world.place(shop, phone: phone(63))
        #expect(try await firstOutcome(second) == "skipped:customer_verified")
        #expect(try await world.texts(to: phone(63)).count == 1)

        let other = "asks-always.myshopify.com"
        try await world.register(other)
        let third = try await world.place(other, phone: phone(63))
        #expect(try await firstOutcome(third) == "sent")
    }

    @Test("a shop that never cancels has its unanswered order tagged for review")
    func neverCancels() async throws {
        let shop = "never-cancels.myshopify.com"
        try await world.register(shop, timerSeconds: 5, ["cancelOnTimeout": false])
        let order = try await world.place(shop, phone: phone(64))
        _ = try await world.text(to: phone(64))
        _ = try await world.eventually("the tag") {
            try await world.tags(order).contains("otp-unverified") ? true : nil
        }
        #expect(try await world.order(order)["cancelled"] as? Bool == false)
    }
}
