import Foundation
import Testing

/// What the shopper's phone shows.
@Suite("Texts", .scannedWorld)
struct TextJourneyTests {
    private let world = World.now

    private func bodies(to phone: String, count: Int) async throws -> [String] {
        try await world.eventually("\(count) texts to \(phone.suffix(4))") {
            let texts = try await world.texts(to: phone)
            return texts.count == count ? texts.map(\.body) : nil
        }
    }

    @Test("in the order's language, the merchant's words, with the last line; then a word of thanks, once")
    func merchantsWords() async throws {
        let shop = "words.myshopify.com"
        let phone = Traffic.phone(201)
        try await world.register(
            shop,
            [
                "name": "Käse & Co", "originBound": true,
                "texts": ["code": ["de": "{{code}} für „{{shop}}“: {{link}}"], "verified": [String: String]()],
            ])
        _ = try await world.place(shop, phone: phone, ["locale": "de-AT", "name": "#77"])
        let text = try await world.text(to: phone)
        #expect(
            try await bodies(to: phone, count: 1).first
                == "\(text.code) für \"Käse & Co\": http://127.0.0.1:\(world.ports.verifier)/v/\(text.token)"
                + "\n\n@127.0.0.1 #\(text.code)")
        #expect(try await world.guess(text.code, text.token).json["verdict"] as? String == "verified")
        #expect(try await world.guess(text.code, text.token).json["verdict"] as? String == "verified")
        let both = try await bodies(to: phone, count: 2)
        #expect(both.contains { $0.hasPrefix("Käse & Co: Vielen Dank") })
    }

    @Test("an order that we cancelled is told, in the built-in words; one that shop did not ask for is not")
    func cancelled() async throws {
        for (shop, phone, texts) in [
            ("told.myshopify.com", Traffic.phone(202), ["cancelled": [String: String]()] as [String: Any]),
            ("untold.myshopify.com", Traffic.phone(203), [:]),
        ] {
            try await world.register(shop, timerSeconds: 5, ["texts": texts])
            let order = try await world.place(shop, phone: phone, ["locale": "fr"])
            _ = try await world.eventually("the cancellation") {
                try await world.tags(order).contains("otp-cancelled") ? true : nil
            }
            let bodies = try await bodies(to: phone, count: texts.isEmpty ? 1 : 2)
            #expect(bodies.allSatisfy { $0.contains("commande") })
            if !texts.isEmpty { #expect(bodies.contains { $0.contains("a été annulée, faute de confirmation") }) }
        }
    }
}
