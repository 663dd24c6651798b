import Foundation
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing

@Suite("Orders outside a shop's rules")
struct ScopeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let reason: SkipReason
        /// Laid over the sample: what is in the way at first.
        let body: String
        var settings: @Sendable (inout ShopSettings) -> Void = { _ in }
        /// Whether the order may start when nothing is in the way any longer.
        var startsLate = false
        var testDescription: String { reason.rawValue }
    }

    static let cases: [Case] = [
        Case(reason: .channel, body: #"{"source_name": "pos"}"#),
        Case(reason: .outOfScope, body: #"{"payment_gateway_names": ["manual"]}"#, settings: { $0.orders = .cod }),
        Case(reason: .belowMinimum, body: #"{"total_price": "1.00"}"#, settings: { $0.minimumTotal = "1800" }),
        Case(
            reason: .countryOutOfScope, body: #"{"shipping_address": {"phone": "081234 56789", "country_code": "FR"}}"#,
            settings: { $0.shippingCountries = ["IN"] }),
        Case(reason: .tagExcluded, body: #"{"tags": "vip"}"#, settings: { $0.exceptTags = ["vip"] }),
        Case(reason: .tagMissing, body: #"{"tags": ""}"#, settings: { $0.onlyTags = ["check"] }),
        Case(reason: .testOrder, body: #"{"test": true}"#),
        Case(reason: .alreadyFulfilled, body: #"{"fulfillment_status": "partial"}"#),
        Case(reason: .approved, body: #"{"tags": "otp-approve"}"#),
        Case(reason: .noPhone, body: #"{"shipping_address": {"country_code": "IN"}}"#, startsLate: true),
    ]

    /// The order as it fits every rule of the table, changed last at `time`.
    private func body(_ time: String, _ changes: [String: Any] = [:]) throws -> [UInt8] {
        let fitting: [String: Any] = [
            "created_at": "2026-11-20T10:02:46Z", "updated_at": time, "tags": "check", "source_name": "web",
        ]
        return try Sample.order(Sample.india, fitting.merging(changes) { $1 })
    }

    @Test(
        "an order that comes to fit the rules later starts nothing, but for a number that was missing", arguments: cases
    )
    func later(_ example: Case) throws {
        let bench = try Bench()
        try bench.install(example.settings)
        bench.clock.advance(by: .seconds(1))
        let wrong = try #require(JSONSerialization.jsonObject(with: Data(example.body.utf8)) as? [String: Any])
        let skipped = bench.feed(try bench.webhook("orders/create", try body("2026-11-20T10:02:46Z", wrong)))
        let outcome = try #require(skipped.on(Catalogue.outcomes, bench).first)
        #expect(try outcome.record.decode(OutcomeData.self).reason == example.reason.rawValue)
        #expect(skipped.on(Catalogue.requests, bench).isEmpty)

        let topics = ["orders/updated", "orders/paid", "orders/create"]
        let started = try topics.enumerated().map { number, topic in
            let changed = try body("2026-11-20T10:03:0\(number)Z")
            return bench.feed(try bench.webhook(topic, changed)).on(Catalogue.requests, bench).count
        }
        #expect(started == (example.startsLate ? [1, 0, 0] : [0, 0, 0]))
    }

    @Test("the same order fits from the start where nothing is in the way", arguments: cases)
    func fits(_ example: Case) throws {
        let bench = try Bench()
        try bench.install(example.settings)
        bench.clock.advance(by: .seconds(1))
        let staged = bench.feed(try bench.webhook("orders/create", try body("2026-11-20T10:02:46Z")))
        #expect(staged.on(Catalogue.requests, bench).count == 1)
    }
}
