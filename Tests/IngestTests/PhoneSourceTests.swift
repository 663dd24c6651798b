import Foundation
@testable import Ingest
import Model
import Pipeline
import Platforms
import Security
import Testing

/// Where the number of an order is looked for: the fourteen samples, with the usual places and with all of them.
@Suite("Phone sources")
struct PhoneSourceTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let sample: String
        /// The number, or `missing`, `unusable`, `refused`.
        let usual: String
        let all: String

        init(_ sample: String, _ usual: String, all: String? = nil) {
            self.sample = sample
            self.usual = usual
            self.all = all ?? usual
        }

        var testDescription: String { sample }
    }

    static let rows: [Row] = [
        Row("01-us-top-level-phone", "+15035550142"),
        Row("02-in-shipping-phone-cod", "+918123456789"),
        Row("03-gb-billing-phone-digital", "missing", all: "+447400123456"),
        Row("04-de-customer-phone", "+4915123456789"),
        Row("05-ae-default-address-phone-cod", "missing", all: "+971501234567"),
        Row("06-fr-no-phone", "missing"),
        Row("07-pk-two-phones-cod", "+923012345678"),
        Row("08-ar-mobile-15", "+5491123456789"),
        Row("09-jp-local-mobile", "+819012345678"),
        Row("10-us-protected-fields-redacted", "missing"),
        Row("11-ca-pos-no-customer", "missing"),
        Row("12-nl-fixed-line", "refused", all: "+31101234567"),
        Row("13-ng-cc-without-plus-cod", "+2348021234567"),
        Row("14-admin-test-notification", "unusable"),
    ]

    private func found(_ order: ShopifyOrder, _ change: (inout ShopSettings) -> Void = { _ in }) -> String {
        var settings = ShopSettings()
        change(&settings)
        let identity = IdentityKey(Secret([UInt8](repeating: 7, count: 32)))
        let phone = order.judgedPhone(settings)
        let facts = order.facts(shop: Bench.shop, phone: phone, identity)
        #expect(facts.phoneHash == phone.number.map { identity.phoneHash($0.e164) })
        switch facts.phone {
        case .missing: return "missing"
        case .unusable: return "unusable"
        case .refused: return "refused"
        case .usable: return phone.number?.e164 ?? "none"
        }
    }

    @Test("the usual places are the shipping address, then the customer", arguments: rows)
    func usual(row: Row) throws {
        let order = try ShopifyOrder.decode(try Sample.bytes("orders-create-\(row.sample)"))
        #expect(found(order) == row.usual)
    }

    @Test("with all places and fixed lines on, every sample gives its first candidate", arguments: rows)
    func all(row: Row) throws {
        let order = try ShopifyOrder.decode(try Sample.bytes("orders-create-\(row.sample)"))
        let number = found(order) {
            $0.phoneSources = ShopSettings.PhoneSource.allCases
            $0.fixedLine = true
        }
        #expect(number == row.all)
    }

    /// An order with another number at each of its places.
    private func everywhere(_ changes: [String: Any] = [:]) throws -> ShopifyOrder {
        let numbers: [String: Any] = [
            "phone": "+15035550141", "shipping_address.phone": "+15035550142", "billing_address.phone": "+15035550143",
            "customer.phone": "+15035550144", "customer.default_address.phone": "+15035550145",
        ]
        return try ShopifyOrder.decode(try Sample.order(Sample.india, numbers.merging(changes) { $1 }))
    }

    static let orders: [([ShopSettings.PhoneSource]?, String)] = [
        (nil, "+15035550142"), ([.order, .shipping], "+15035550141"), ([.billing], "+15035550143"),
        ([.customer, .shipping], "+15035550144"), ([.customerDefault, .billing, .order], "+15035550145"),
    ]

    @Test("places are looked at in the shop's order", arguments: orders)
    func inOrder(sources: [ShopSettings.PhoneSource]?, expected: String) throws {
        let order = try everywhere()
        #expect(found(order) { $0.phoneSources = sources } == expected)
    }

    @Test("a number that gets no codes is passed over for the next place's; what a shop allows is not")
    func passedOver() throws {
        let order = try everywhere(["shipping_address.phone": "+442079460123", "customer.phone": "+447400123456"])
        #expect(found(order) == "+447400123456")
        #expect(found(order) { $0.fixedLine = true } == "+442079460123")
        let voip = try everywhere(["shipping_address.phone": "+445612345678", "customer.phone": "no"])
        #expect(found(voip) == "refused")
        #expect(found(voip) { $0.fixedLine = true } == "refused")
        #expect(found(voip) { $0.voip = true } == "+445612345678")
        let premium = try everywhere(["shipping_address.phone": "+448712345678", "customer.phone": "  "])
        #expect(
            found(premium) {
                $0.fixedLine = true
                $0.voip = true
            } == "refused")
    }

    @Test("a fixed line that a shop allows is asked for its text like any number")
    func requested() throws {
        let bench = try Bench()
        try bench.install { $0.fixedLine = true }
        bench.clock.advance(by: .seconds(1))
        let body = try Sample.order("orders-create-12-nl-fixed-line", OrderTests.fresh)
        let staged = bench.feed(try bench.webhook("orders/create", body))
        #expect(staged.topics(bench) == ["attempts", "orders", "requests", "shops", "usage"])
    }

    /// A German who has it sent to Austria.
    private func abroad(_ changes: [String: Any]) throws -> ShopifyOrder {
        let order: [String: Any] = [
            "phone": NSNull(), "shipping_address.phone": NSNull(), "shipping_address.country_code": "AT",
            "billing_address.phone": NSNull(), "billing_address.country_code": "DE", "customer.phone": NSNull(),
            "customer.default_address.phone": NSNull(), "customer.default_address.country_code": "DE",
        ]
        return try ShopifyOrder.decode(try Sample.order(Sample.india, order.merging(changes) { $1 }))
    }

    static let countries: [(String, [String], String?)] = [
        // Two readings in the first country: no other one makes a third of it.
        ("0171 1234567 8", ["DE", "AT"], nil), ("0664 1234567 12", ["AT", "DE"], nil),
        ("0664 1234567-12", ["AT", "DE"], nil), ("0664 123456 O 78", ["AT", "DE"], nil),
        ("0612345678 0687654321", ["FR", "DE"], nil), ("06 12 34 56 78 9", ["FR", "DE"], nil),
        ("Top 4 0664 1234567", ["AT", "DE"], nil),
        // No number like it there.
        ("07400 123456", ["US", "GB"], "+447400123456"), ("0151 23456789", ["US", "DE"], "+4915123456789"),
        ("(415) 555-0100", ["FR", "US"], "+14155550100"), ("0664 123 456 78 Max", ["AT", "DE"], "+4366412345678"),
    ]

    @Test("another country is asked only where the first has no number like it", arguments: countries.indices)
    func otherCountries(index: Int) {
        let (raw, countries, e164) = Self.countries[index]
        let candidate = PhoneCandidate(
            path: "shipping_address.phone", raw: raw, country: countries[0], others: Array(countries.dropFirst()))
        let judged = [candidate].judged(allowing: [.fixedLine])
        #expect(judged.number?.e164 == e164)
        #expect((judged.verdict == .unusable) == (e164 == nil))
    }

    static let own: [(String, String, String)] = [
        ("billing_address.phone", "01512/3456789", "+4915123456789"),
        ("customer.phone", "0151 23456789", "+4915123456789"),
        ("customer.default_address.phone", "0171 1234567", "+491711234567"),
        ("shipping_address.phone", "0664 1234567", "+436641234567"), ("phone", "0664 1234567", "+436641234567"),
        ("billing_address.phone", "+43 664 1234567", "+436641234567"),
    ]

    @Test("a number is read with the country of its own address", arguments: own)
    func ownCountry(path: String, raw: String, e164: String) throws {
        let order = try abroad([path: raw])
        #expect(found(order) { $0.phoneSources = ShopSettings.PhoneSource.allCases } == e164)
    }

    @Test("only where its own country has no number like it the others' are tried, one after the other")
    func second() throws {
        let german: [String: Any] = [
            "shipping_address.phone": "0151 23456789", "shipping_address.country_code": "FR",
            "billing_address.country_code": "NL",
        ]
        #expect(found(try abroad(german)) == "+4915123456789")
        #expect(found(try abroad(["shipping_address.phone": "0151 234567890123"])) == "unusable")
        // Vienna has a line like this German mobile phone.
        #expect(found(try abroad(["shipping_address.phone": "01512/3456789"])) == "refused")
    }

    @Test(
        "a remark beside a number, or a text too long to be one, asks for no text to another number",
        arguments: [
            ("0664 1234567 Max", "+436641234567"), ("0664 1234567 (2)", "+436641234567"),
            ("0664 1234567-12", nil), ("0664 12345O7", nil),
            ("1234567ext" + String(repeating: ",", count: 450_000) + "1", nil),
        ] as [(String, String?)])
    func remarks(raw: String, e164: String?) throws {
        let bench = try Bench()
        try bench.install()
        bench.clock.advance(by: .seconds(1))
        let changes = ["shipping_address.phone": raw, "shipping_address.country_code": "AT"]
        let staged = bench.feed(
            try bench.webhook("orders/create", try Sample.order(Sample.india, changes.merging(OrderTests.fresh) { $1 }))
        )
        let opened = try staged.on(Catalogue.attempts, bench).map { try AttemptMessage($0.incoming) }
        guard let e164 else {
            #expect(staged.on(Catalogue.requests, bench).isEmpty)
            #expect(opened.allSatisfy { if case .skipped = $0 { true } else { false } })
            #expect(bench.metric("otp_ingest_decisions_total", #"effect="skip",reason="phone_unusable""#) == 1)
            return
        }
        guard case .opened(let subject) = try #require(opened.first) else {
            Issue.record("not opened")
            return
        }
        #expect(subject.phoneHash == bench.identity.phoneHash(e164))
    }
}
