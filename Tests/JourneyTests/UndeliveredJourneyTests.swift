import Foundation
import Testing

/// Delivery reports that are wrong, or may be: what carriers say of phones that were off, and of some that were not.
@Suite("Reports of no delivery", .scannedWorld)
struct UndeliveredJourneyTests {
    private let world = World.now

    /// A text that was reported as not delivered, though the phone has it; once Verifier knows.
    private func undelivered(_ shop: String, _ number: Int, code: Int) async throws -> (
        order: World.PlacedOrder, code: String, token: String
    ) {
        let phone = Traffic.phone(number)
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["receipt": "undelivered", "code": code, "times": 1, "to": phone])
        let order = try await world.place(shop, phone: phone)
        let text = try await world.text(to: phone)
        _ = try await world.eventually("the report") {
            let events = try await world.sandbox("GET", "/timeline?order=\(order.id)").json["events"]
            let kinds = (events as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
            return kinds.contains("undelivered") ? true : nil
        }
        return (order, text.code, text.token)
    }

    @Test("the right code is taken all the same", arguments: [(30008, 310), (30003, 311), (30007, 312)])
    func answered(code: Int, number: Int) async throws {
        let shop = "wrong-report-\(code).myshopify.com"
        try await world.register(shop, ["onUndeliverable": "cancel"])
        let text = try await undelivered(shop, number, code: code)
        let page = try await world.verifierAPI("GET", text.token)
        #expect(page.json["status"] as? String == "pending")
        #expect(try await world.guess(text.code, text.token).json["verdict"] as? String == "verified")
        _ = try await world.eventually("the tag") {
            try await world.tags(text.order).contains("otp-verified") ? true : nil
        }
        #expect(!world.outcomes(text.order.gid).contains { $0.hasPrefix("undeliverable") })
    }

    @Test("nobody answers: undeliverable, for a person to look at, never cancelled")
    func unanswered() async throws {
        let shop = "no-report-no-answer.myshopify.com"
        try await world.register(shop, timerSeconds: 5, ["onUndeliverable": "cancel"])
        let text = try await undelivered(shop, 313, code: 30008)
        _ = try await world.eventually("the review tag") {
            try await world.tags(text.order).contains("otp-unverified") ? true : nil
        }
        #expect(try await world.order(text.order)["cancelled"] as? Bool == false)
        let told = world.outcomes(text.order.gid).filter { $0 != "sent" && $0 != "delivered" }
        #expect(told == ["undeliverable:undeliverable"])
        let look = try await world.verifierAPI("GET", text.token)
        #expect(look.json["status"] as? String == "expired" && look.json["reason"] as? String == "undeliverable")
    }

    @Test("what has opted out at the provider is for a person to look at, and gets no further text")
    func optedOut() async throws {
        let (shop, phone) = ("opted-out-there.myshopify.com", Traffic.phone(314))
        try await world.register(shop, ["onUndeliverable": "cancel"])
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["mode": "refuse", "code": 21610, "times": 1, "to": phone])
        for _ in 1...2 {
            let order = try await world.place(shop, phone: phone)
            _ = try await world.eventually("the review tag") {
                try await world.tags(order).contains("otp-unverified") ? true : nil
            }
            #expect(try await world.order(order)["cancelled"] as? Bool == false)
        }
        #expect(try await world.texts(to: phone).isEmpty)
    }
}
