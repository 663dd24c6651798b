import Foundation
import Testing

/// What becomes of an order at the shop while nobody answers, through the built daemons.
@Suite("The fate of an order", .scannedWorld)
struct OrderFateJourneyTests {
    private let world = World.now

    private func phone(_ n: Int) -> String { Traffic.phone(n) }

    private func update(_ order: World.PlacedOrder, _ change: [String: Any]) async throws {
        let answer = try await world.sandbox("POST", "/orders/\(order.id)/update", change)
        #expect(answer.status == 200)
    }

    /// All but `delivered`, in the log's order; a quick shopper answers before the provider's word that the text was
    /// sent.
    private func threeOutcomes(of order: World.PlacedOrder) async throws -> [String] {
        try await world.eventually("all outcomes") {
            let told = world.outcomes(order.gid).filter { $0 != "delivered" }
            return told.count == 3 ? told : nil
        }
    }

    @Test("an order paid while it is open is left alone, whether the shop tells us or we find it so")
    func paidMeanwhile() async throws {
        let shop = "paid-meanwhile.myshopify.com"
        try await world.register(shop, timerSeconds: 6, ["orders": "cod"])
        let told = try await world.place(shop, phone: phone(71))
        let found = try await world.place(shop, phone: phone(72))
        for number in [71, 72] { _ = try await world.text(to: phone(number)) }
        try await update(told, ["paid": true])
        try await update(found, ["paid": true, "webhook": false])
        _ = try await world.eventually("the release") { world.outcomes(told.gid).contains("expired:paid") ? true : nil }
        _ = try await world.eventually("the note") {
            (try await world.order(found)["note"] as? String)?.contains("paid by now") == true ? true : nil
        }
        #expect(world.outcomes(found.gid).contains("expired:timed_out"))
        for order in [told, found] { #expect(try await world.order(order)["cancelled"] as? Bool == false) }
        #expect(try await world.tags(told).isEmpty)
    }

    @Test("staff who tag an order otp-verified have verified it")
    func taggedByHand() async throws {
        let shop = "by-hand.myshopify.com"
        try await world.register(shop, timerSeconds: 6)
        let order = try await world.place(shop, phone: phone(73))
        _ = try await world.text(to: phone(73))
        try await update(order, ["addTags": ["otp-verified"]])
        _ = try await world.eventually("the release") {
            world.outcomes(order.gid).contains("expired:approved") ? true : nil
        }
        try await Task.sleep(for: .seconds(7))
        #expect(try await world.order(order)["cancelled"] as? Bool == false)
        #expect(try await world.tags(order) == ["otp-verified"])
    }

    @Test("an order without a usable number is tagged with the reason, and a number that comes later is asked")
    func nobodyToAsk() async throws {
        let shop = "nobody-to-ask.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: "call me")
        _ = try await world.eventually("the tag") {
            try await world.tags(order) == ["otp-unverified"] ? true : nil
        }
        _ = try await world.eventually("the note") {
            (try await world.order(order)["note"] as? String)?.contains("No code was sent") == true ? true : nil
        }
        #expect(world.outcomes(order.gid) == ["skipped:phone_unusable"])

        try await update(order, ["phone": phone(74)])
        let text = try await world.text(to: phone(74))
        #expect(try await world.guess(text.code, text.token).json["status"] as? String == "verified")
        _ = try await world.eventually("the tags") {
            try await world.tags(order) == ["otp-verified"] ? true : nil
        }
        let told = try await threeOutcomes(of: order)
        #expect(told.first == "skipped:phone_unusable" && Set(told.dropFirst()) == ["sent", "verified"])
    }

    @Test("a number that failed for good and is corrected within the day is asked: first a review, then verified")
    func correctedNumber() async throws {
        let shop = "corrected.myshopify.com"
        try await world.register(shop)
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["mode": "refuse", "code": 21211, "times": 1, "to": phone(76)])
        let order = try await world.place(shop, phone: phone(76))
        _ = try await world.eventually("the review") {
            try await world.tags(order) == ["otp-unverified"] ? true : nil
        }
        try await update(order, ["phone": phone(77)])
        let text = try await world.text(to: phone(77))
        #expect(try await world.guess(text.code, text.token).json["status"] as? String == "verified")
        _ = try await world.eventually("the tags") {
            try await world.tags(order) == ["otp-verified"] ? true : nil
        }
        let told = try await threeOutcomes(of: order)
        #expect(told.first == "undeliverable:undeliverable" && Set(told.dropFirst()) == ["sent", "verified"])
        _ = try await world.eventually("both notes") {
            let note = try await world.order(order)["note"] as? String ?? ""
            return note.contains("no text could be delivered") && note.contains("number 2] Phone number") ? true : nil
        }
    }

    @Test("a shop that does not want to know is not told")
    func ignored() async throws {
        let shop = "not-told.myshopify.com"
        try await world.register(shop, ["onUnusablePhone": "ignore"])
        let order = try await world.place(shop, phone: nil)
        _ = try await world.eventually("the outcome") {
            world.outcomes(order.gid) == ["skipped:no_phone"] ? true : nil
        }
        let other = try await world.place(shop, phone: phone(75))
        _ = try await world.text(to: phone(75))
        #expect(other.webhookStatus == 200)
        #expect(try await world.tags(order).isEmpty)
    }
}
