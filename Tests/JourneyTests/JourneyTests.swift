import Base
import Foundation
import Testing

/// One order's way through the built daemons, for every way it can go.
@Suite("Journeys", .scannedWorld)
struct JourneyTests {
    private let world = World.now

    /// A number of the range that is kept for fiction.
    private func phone(_ n: Int) -> String { Traffic.phone(n) }

    @Test("a code sent, a wrong guess, the right one: verified, tagged and noted, told once")
    func wholeWay() async throws {
        let shop = "whole-way.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: phone(1))
        #expect(order.webhookStatus == 200)
        let text = try await world.text(to: phone(1))
        let page = try await world.verifierAPI("GET", text.token)
        #expect(page.status == 200 && page.json["status"] as? String == "pending")
        #expect(page.json["phone"] as? String == "+1*****\(phone(1).suffix(4))")
        let wrong = try await world.guess(text.code == "000000" ? "000001" : "000000", text.token)
        #expect(wrong.status == 200 && wrong.json["verdict"] as? String == "mismatch")
        #expect(wrong.json["attemptsLeft"] as? Int == 4)
        let right = try await world.guess(text.code, text.token)
        #expect(right.status == 200 && right.json["status"] as? String == "verified")
        _ = try await world.eventually("the tag") { try await world.tags(order).contains("otp-verified") ? true : nil }
        let note = try await world.eventually("the note") {
            let note = try await world.order(order)["note"] as? String
            return note?.isEmpty == false ? note : nil
        }
        #expect(note.contains("verified"))
        let terminal = try await world.eventually("the outcome") {
            let terminal = world.outcomes(order.gid).filter { $0 != "sent" && $0 != "delivered" }
            return terminal.isEmpty ? nil : terminal
        }
        #expect(terminal == ["verified"])
        #expect(try await world.texts(to: phone(1)).count == 1)
    }

    @Test("nobody answers: expired, then cancelled by us, tagged and noted; a late code finds it closed")
    func timeOut() async throws {
        let shop = "time-out.myshopify.com"
        try await world.register(shop, timerSeconds: 5)
        let order = try await world.place(shop, phone: phone(2))
        let text = try await world.text(to: phone(2))
        _ = try await world.eventually("the cancellation") {
            try await world.tags(order).contains("otp-cancelled") ? true : nil
        }
        #expect(try await world.order(order)["cancelled"] as? Bool == true)
        let told = try await world.eventually("both outcomes") {
            let told = world.outcomes(order.gid).filter { $0 != "sent" && $0 != "delivered" }
            return told.count >= 2 ? told : nil
        }
        #expect(told == ["expired:timed_out", "cancelled:us"])
        let late = try await world.guess(text.code, text.token)
        #expect(late.status == 410)
        let look = try await world.verifierAPI("GET", text.token)
        #expect(look.status == 200 && look.json["status"] as? String == "cancelled")
    }

    @Test("five different wrong codes lock it, even for the right one")
    func fiveWrong() async throws {
        let shop = "five-wrong.myshopify.com"
        try await world.register(shop)
        _ = try await world.place(shop, phone: phone(3))
        let text = try await world.text(to: phone(3))
        let wrong = (0..<6).map { String(format: "%06d", $0) }.filter { $0 != text.code }.prefix(5)
        for code in wrong { #expect(try await world.guess(code, text.token).json["verdict"] as? String == "mismatch") }
        let locked = try await world.guess(text.code, text.token)
        #expect(locked.status == 429)
        #expect(locked.headers["Retry-After"].flatMap { Int($0) } ?? 0 > 0)
    }

    @Test("one order's webhook, again and under another delivery id, makes one text")
    func duplicates() async throws {
        let shop = "duplicates.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: phone(4))
        let payload = try await world.sandbox("GET", "/orders/\(order.id)/payload").json
        let body = String(decoding: try JSONSerialization.data(withJSONObject: payload), as: UTF8.self)
        for delivery in ["same", "same", "another"] {
            let answer = try await world.sandbox(
                "POST", "/webhooks",
                ["topic": "orders/create", "shop": shop, "deliveryId": delivery, "body": body])
            #expect(answer.json["status"] as? Int == 200)
        }
        _ = try await world.text(to: phone(4))
        // A later order of the same shop passes through the same partition: all that came before has been decided.
        _ = try await world.place(shop, phone: phone(5))
        _ = try await world.text(to: phone(5))
        #expect(try await world.texts(to: phone(4)).count == 1)
        #expect(try await world.texts(to: phone(5)).count == 1)
    }

    @Test("a number that refuses texts for good: undeliverable, and tagged for a person to look at")
    func permanentError() async throws {
        let shop = "refused.myshopify.com"
        try await world.register(shop)
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["mode": "refuse", "code": 21211, "times": 1, "to": phone(6)])
        let order = try await world.place(shop, phone: phone(6))
        _ = try await world.eventually("the review tag") {
            try await world.tags(order).contains("otp-unverified") ? true : nil
        }
        let told = try await world.eventually("the outcome") {
            let told = world.outcomes(order.gid)
            return told.isEmpty ? nil : told
        }
        #expect(told == ["undeliverable:undeliverable"])
        #expect(try await world.texts(to: phone(6)).isEmpty)
    }

    @Test(
        "a provider in passing trouble is asked again, with the same code",
        arguments: [
            ("throttle", 7), ("serverError", 8), ("hangBefore", 9),
        ])
    func passingTrouble(mode: String, number: Int) async throws {
        let shop = "trouble-\(number).myshopify.com"
        try await world.register(shop)
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["mode": mode, "retryAfterSeconds": 1, "times": 1, "to": phone(number)])
        let order = try await world.place(shop, phone: phone(number))
        let text = try await world.eventually("a text after trouble", within: 40) {
            try await world.texts(to: phone(number)).first
        }
        let verdict = try await world.guess(text.code ?? "", text.token ?? "")
        #expect(verdict.json["verdict"] as? String == "verified")
        // A quick shopper answers before Sender's word that the text was accepted has come: the two may swap.
        let told = try await world.eventually("both outcomes") {
            let told = world.outcomes(order.gid)
            return told.contains("verified") && told.contains("sent") ? told : nil
        }
        #expect(told.filter { $0 == "sent" }.count == 1)
    }

    @Test("a text that the provider took without ever saying so is found there, and not sent twice")
    func takenInSilence() async throws {
        let shop = "silence.myshopify.com"
        try await world.register(shop)
        _ = try await world.sandbox(
            "POST", "/twilio/failures", ["mode": "hangAfter", "receipt": "off", "times": 1, "to": phone(27)])
        let order = try await world.place(shop, phone: phone(27))
        _ = try await world.eventually("word that it was sent", within: 40) {
            world.outcomes(order.gid).contains("sent") ? true : nil
        }
        #expect(try await world.texts(to: phone(27)).count == 1)
    }

    @Test("an order without a phone is skipped with its reason")
    func noPhone() async throws {
        let shop = "no-phone.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: nil)
        let told = try await world.eventually("the outcome") {
            let told = world.outcomes(order.gid)
            return told.isEmpty ? nil : told
        }
        #expect(told == ["skipped:no_phone"])
    }

    @Test("the merchant cancels before the end: closed, and nothing is done at the shop")
    func merchantCancels() async throws {
        let shop = "merchant.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: phone(10))
        let text = try await world.text(to: phone(10))
        _ = try await world.sandbox("POST", "/orders/\(order.id)/cancel", [:])
        _ = try await world.eventually("the outcome") {
            world.outcomes(order.gid).last == "cancelled:merchant" ? true : nil
        }
        #expect(try await world.guess(text.code, text.token).status == 410)
        #expect(try await world.tags(order).allSatisfy { !$0.hasPrefix("otp-") })
    }

    @Test(
        "orders of inactive shops, out of scope, stale or from before the installation are skipped",
        arguments: [
            ("inactive", ["active": false], 0, "shop_inactive"),
            ("scope", ["orders": "cod", "card": true], 0, "out_of_scope"),
            ("stale", [:], 25 * 3600, "stale"), ("before", [:], 7200, "before_activation"),
        ] as [(String, [String: any Sendable], Int, String)])
    func skipped(name: String, settings: [String: any Sendable], age: Int, reason: String) async throws {
        let shop = "skipped-\(name).myshopify.com"
        var settings = settings
        let isCard = settings.removeValue(forKey: "card") != nil
        try await world.register(shop, settings)
        var more: [String: Any] = ["cod": !isCard]
        if age > 0 { more["createdAt"] = Clock.system.now() - Int64(age) * 1000 }
        let order = try await world.place(shop, phone: phone(11), more)
        let told = try await world.eventually("the outcome") {
            let told = world.outcomes(order.gid)
            return told.isEmpty ? nil : told
        }
        #expect(told == ["skipped:\(reason)"])
    }
}
