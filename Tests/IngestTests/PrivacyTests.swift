import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("Nothing stands in the clear")
struct PrivacyTests {
    /// Everything in the samples that belongs to a person, and our own secrets.
    static let secrets = [
        "Meera", "Krishnan", "meera@example.com", "081234 56789", "8123456789", "Temple Road", "600004", "Chennai",
        "203.0.113.24", "7701000000002", "Cotton Kurta", Bench.accessToken,
    ]

    static let written = [
        Catalogue.shops, Catalogue.requests, Catalogue.attempts, Catalogue.orders, Catalogue.usage,
        Catalogue.outcomes, Catalogue.dead, Catalogue.webhooks,
    ]

    @Test("no record of any topic, in key, value or headers, and no log line holds anything of a person or a secret")
    func scan() async throws {
        let bench = try Bench()
        let body = #"{"platform":"shopify","accessToken":"\#(Bench.accessToken)","settings":{"maxCancelsPerHour":0}}"#
        #expect(await bench.admin.put(bench.admin("PUT", body), Bench.shop).status == 200)
        bench.clock.advance(by: .seconds(1))
        let bodies: [(String, [UInt8])] = [
            ("orders/create", try Sample.order(Sample.india, OrderTests.fresh)),
            (
                "orders/create",
                try Sample.order(Sample.india, (OrderTests.fresh as [String: Any]).merging(["id": "x"]) { $1 })
            ),
            ("orders/updated", try Sample.order("orders-updated-phone-changed", OrderTests.fresh)),
            ("orders/cancelled", try Sample.order("orders-cancelled", OrderTests.fresh)),
            ("customers/redact", try Sample.order()), ("shop/update", try Sample.order()),
        ]
        for (topic, body) in bodies { #expect(bench.answer(bench.post(topic, body))?.status == 200) }
        for (number, sample) in try Self.creates().enumerated() {
            let changes: [String: Any] = ["admin_graphql_api_id": "gid://shopify/Order/\(number)"]
            let order = try Sample.order(sample, (OrderTests.fresh as [String: Any]).merging(changes) { $1 })
            #expect(bench.answer(bench.post("orders/create", order))?.status == 200)
        }
        bench.feed(bench.notice(.expired, order: "gid://shopify/Order/1"))

        let token = bench.identity.token(platform: "shopify", shop: Bench.shop, order: Sample.indiaOrder).text
        let topics = Set(bench.staged.map(\.record.topic) + bench.sent.map(\.topic))
        for topic in Self.written {
            #expect(topics.contains(bench.topology.name(topic)), "\(topic.name) was never written")
        }
        for record in bench.staged.map(\.record) + bench.sent {
            let places = [record.key, record.value].compactMap { $0 } + record.headers.map(\.value)
            for text in places.map({ String(decoding: $0, as: UTF8.self) }) {
                for secret in Self.secrets + [token] {
                    #expect(!text.localizedCaseInsensitiveContains(secret), "\(secret) in \(record.topic)")
                }
            }
        }
        for secret in Self.secrets + [token] {
            #expect(!bench.logLines.all.contains { $0.contains(secret) })
            #expect(!String(decoding: bench.registry.exposition(), as: UTF8.self).contains(secret))
        }
        #expect(!bench.logLines.all.isEmpty)
    }

    static func creates() throws -> [String] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Vectors")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix("orders-create-") }.map { String($0.dropLast(".json".count)) }.sorted()
    }
}
