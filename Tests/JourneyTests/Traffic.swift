import Foundation
import HTTP
import Model
import Synchronization
import TestWorld
import Testing

/// Orders posted at Ingest as a platform posts them: again, under the same delivery id, until they are accepted.
///
/// Keeps what every answer was, so that a test can say what it asks of them; at the end every accepted order must have
/// had its one text, and be verified.
final class Traffic: Sendable {
    struct Accepted: Sendable {
        let order: World.PlacedOrder
        let phone: String
    }

    struct Answer: Sendable {
        /// Nil where the connection was refused or lost.
        let status: Int?
        let hasRetryAfter: Bool
        let took: Duration
    }

    let shop: String
    private let world: World
    private let firstPhone: Int
    private let state = Mutex(State())

    private struct State {
        var count = 0
        var isOver = false
        var accepted: [Accepted] = []
        var answers: [Answer] = []
    }

    var accepted: [Accepted] { state.withLock { $0.accepted } }
    var answers: [Answer] { state.withLock { $0.answers } }

    /// - Parameter number: tells the traffics of one world apart; each may have 1,000 orders.
    init(_ world: World, shop: String, number: Int) {
        self.world = world
        self.shop = shop
        firstPhone = number * 1_000
    }

    /// Numbers kept for fiction, one area code after the other: a range of numbers has its own limit of texts.
    static func phone(_ n: Int) -> String {
        "+1\(Self.areas[n % Self.areas.count])5550\(100 + n / Self.areas.count % 100)"
    }

    /// Those where phones are.
    private static let areas = Array(201...999).filter { area in
        PhoneNumber(e164: "+1\(area)5550100")?.type == .fixedLineOrMobile
    }

    /// Three senders, until `body` returns; then each finishes what it has begun.
    func flow<Value: Sendable>(while body: @Sendable () async throws -> Value) async throws -> Value {
        try await world.register(shop)
        state.withLock { $0.isOver = false }
        return try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    while let phone = self.nextPhone() {
                        try await self.post(phone)
                        try await Task.sleep(for: .milliseconds(150))
                    }
                }
            }
            defer { end() }
            let value = try await body()
            end()
            try await group.waitForAll()
            return value
        }
    }

    private func end() { state.withLock { $0.isOver = true } }

    private func nextPhone() -> String? {
        state.withLock { state in
            guard !state.isOver else { return nil }
            defer { state.count += 1 }
            return Self.phone(firstPhone + state.count)
        }
    }

    /// One order, from placing it to its acceptance.
    func post(_ phone: String) async throws {
        let order = try await world.place(shop, phone: phone, ["webhook": false])
        let payload = try await world.sandbox("GET", "/orders/\(order.id)/payload").json
        let body = String(decoding: try JSONSerialization.data(withJSONObject: payload), as: UTF8.self)
        let request = OutboundRequest(
            method: "POST", url: "http://127.0.0.1:\(world.ports.ingest)/webhooks/shopify",
            headers: [
                "Content-Type": "application/json", "X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": shop,
                "X-Shopify-Webhook-Id": UUID().uuidString,
                "X-Shopify-Hmac-Sha256": Signature.shopify(body, secret: world.secrets.clientSecret),
            ], body: Array(body.utf8), deadline: .seconds(10))
        _ = try await world.eventually("an order to be accepted", within: 90) {
            let began = ContinuousClock.now
            let answer = try? await world.http.send(request)
            note(answer, ContinuousClock.now - began)
            if answer?.status == 200 { return true }
            try await Task.sleep(for: .milliseconds(100))
            return nil
        }
        state.withLock { $0.accepted.append(Accepted(order: order, phone: phone)) }
    }

    private func note(_ answer: OutboundResponse?, _ took: Duration) {
        let answer = Answer(status: answer?.status, hasRetryAfter: answer?.headers["Retry-After"] != nil, took: took)
        state.withLock { $0.answers.append(answer) }
    }

    /// Nothing lost, nothing doubled: every accepted order has one text, whose code verifies it, and one outcome says
    /// so.
    func expectAllVerified() async throws {
        #expect(accepted.count > 3, "no traffic proves nothing")
        for entry in accepted {
            let text = try await world.text(to: entry.phone)
            _ = try await world.eventually("a verdict for \(entry.phone.suffix(4))") {
                let answer = try? await world.guess(text.code, text.token)
                return answer?.json["status"] as? String == "verified" ? true : nil
            }
        }
        for entry in accepted {
            _ = try await world.eventually("the tag") {
                try await world.tags(entry.order).contains("otp-verified") ? true : nil
            }
            // The shop may hear of it before this reader, whose connection had its own troubles.
            let told = try await world.eventually("the outcome") {
                let told = world.outcomes(entry.order.gid).filter { $0 != "sent" && $0 != "delivered" }
                return told.isEmpty ? nil : told
            }
            // A repeated outcome carries the same id: subscribers, and the compacted topic, have it once.
            #expect(Set(told) == ["verified"])
            #expect(try await world.texts(to: entry.phone).count == 1, "texts to \(entry.phone.suffix(4))")
        }
    }
}
