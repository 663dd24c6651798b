import Base
import Foundation
import Testing

/// The fourteen sample orders through the running pipeline, at shops that look everywhere for a number and take orders
/// of every channel: who gets a text, and who is skipped for what.
@Suite("Sample orders", .scannedWorld)
struct SampleTests {
    private struct Expectations: Decodable {
        struct Row: Decodable {
            struct Candidate: Decodable {
                let e164: String?
            }

            let file: String
            let candidates: [Candidate]

            enum CodingKeys: String, CodingKey {
                case file, candidates
            }
        }

        let rows: [Row]
    }

    /// What another rule decides before the phone is looked at.
    private static let known: [String: String] = [
        // Shopify's canned notification is a test order.
        "orders-create-14-admin-test-notification.json": "skipped:test_order"
    ]

    private static var everywhere: [String: Any] {
        [
            "phoneSources": ["order", "shipping", "billing", "customer", "customerDefault"],
            "channels": [] as [String], "fixedLine": true,
        ]
    }

    private static let samples = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "PlatformsTests/Vectors/shopify")

    @Test("each gets its text at the expected number, or its reason")
    func all() async throws {
        let world = World.now
        let file = Self.samples.appending(path: "expected-phone-candidates.json")
        let rows = try JSONDecoder().decode(Expectations.self, from: Data(contentsOf: file)).rows
        #expect(rows.count == 14)
        for row in rows {
            let shop = "sample-\(row.file.split(separator: "-")[2]).myshopify.com"
            try await world.register(shop, Self.everywhere)
            let gid = try await post(row.file, shop, world)
            let expected: String
            if let known = Self.known[row.file] {
                expected = known
            } else if let number = row.candidates.compactMap(\.e164).first {
                _ = try await world.text(to: number)
                expected = "sent"
            } else {
                expected = "skipped:no_phone"
            }
            let first = try await world.eventually("\(row.file): \(expected)") { world.outcomes(gid).first }
            #expect(first == expected, "\(row.file)")
        }
    }

    /// Sends a sample as its shop would today; returns the order's id.
    private func post(_ name: String, _ shop: String, _ world: World) async throws -> String {
        let data = try Data(contentsOf: Self.samples.appending(path: name))
        var order = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        for field in ["created_at", "updated_at", "processed_at"] { order[field] = RFC3339.text(Clock.system.now()) }
        order["order_status_url"] = "https://\(shop)/1/orders/x/authenticate"
        let body = String(decoding: try JSONSerialization.data(withJSONObject: order), as: UTF8.self)
        let answer = try await world.sandbox(
            "POST", "/webhooks", ["topic": "orders/create", "shop": shop, "body": body])
        #expect(answer.json["status"] as? Int == 200)
        return try #require(order["admin_graphql_api_id"] as? String)
    }
}
