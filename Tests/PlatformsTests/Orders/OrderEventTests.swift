import Base
import Foundation
import Schemas
import Testing

@testable import Platforms

/// What the schema lets through the decoder reads, and what it refuses the decoder refuses.
@Suite("Events about orders")
struct OrderEventTests {
    private static let docs = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs")
        .standardized
    private static let name = "order-webhook.schema.json"
    private let schemas: SchemaSet

    init() throws {
        schemas = try SchemaSet(folder: Self.docs.appending(path: "schemas"))
    }

    private func example(_ index: Int) throws -> [String: Any] {
        let bytes = try Data(contentsOf: Self.docs.appending(path: "schemas/\(Self.name)"))
        let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        return try #require((schema["examples"] as? [[String: Any]])?[index])
    }

    private func isOfSchema(_ body: [UInt8]) -> Bool {
        (try? schemas.validate(JSONTree(document: body), against: Self.name)) != nil
    }

    @Test("the schema uses only what is checked, and its examples hold")
    func document() throws {
        try schemas.check()
    }

    @Test("the example of the page is the schema's, and is read to the last field")
    func whole() throws {
        let page = try String(contentsOf: Self.docs.appending(path: "orders-webhook.md"), encoding: .utf8)
        let start = try #require(page.range(of: "```json\n{\n  \"type\"")).lowerBound
        let text = page[start...].dropFirst("```json\n".count)
        let shown = Array(text[..<(try #require(text.range(of: "```")).lowerBound)].utf8)
        #expect(NSDictionary(dictionary: try Vectors.object(shown)).isEqual(to: try example(0)))
        let event = try OrderEvent.decode(shown)
        #expect(
            event
                == OrderEvent(
                    kind: .created, timestamp: 1_795_168_961_000, shop: "shop.example.com", id: "1001", name: "#1001",
                    createdAt: 1_795_168_960_000, updatedAt: 1_795_168_960_000, cancelledAt: nil, fulfilled: false,
                    test: false, tags: ["wholesale"], gateway: "Cash on delivery", cashOnDelivery: true,
                    total: .init(amount: "12.50", currency: "EUR"), channel: "web", locale: "de-AT", customerId: "77",
                    customerPhone: "0664 1234567", shipping: .init(phone: "+436641234567", country: "AT"),
                    billing: .init(phone: nil, country: "AT")))
        #expect(event.phoneCandidates().map(\.path) == ["shipping_address.phone", "customer.phone"])
        #expect("\(event) \(String(reflecting: event.shipping))".firstRange(of: "664") == nil)
    }

    @Test("what is not required may be missing or null")
    func least() throws {
        let event = try OrderEvent.decode(Vectors.data(try example(1)))
        #expect(event.isCancelled && !event.isFulfilled && event.id == "ord_9/2" && event.countryHint == nil)
        #expect(event.createdAt == 1_795_168_960_125 && event.timestamp == 1_795_168_961_000)
        #expect(event.phoneCandidates().isEmpty && event.gateways.isEmpty && event.tags.isEmpty)
        var body = try example(0)
        var data = try #require(body["data"] as? [String: Any])
        for name in data.keys where !["shop", "id", "createdAt"].contains(name) { data[name] = NSNull() }
        data["customerOf"] = ["anything": true]
        body["data"] = data
        _ = try OrderEvent.decode(Vectors.data(body))
        data["customerOf"] = nil
        body["data"] = data
        #expect(isOfSchema(try Vectors.data(body)))
    }

    @Test("each phone has the country of its own address, the customer's the shipping address's")
    func ownCountry() throws {
        var event = try OrderEvent.decode(Vectors.data(try example(0)))
        event.billing = .init(phone: "1", country: "DE")
        let found = event.phoneCandidates([.billing, .customer, .shipping])
        #expect(found.map(\.country) == ["DE", "AT", "AT"])
        #expect(found.map(\.others) == [["AT"], ["DE"], ["DE"]])
        event.billing = .init(phone: "1", country: nil)
        #expect(event.phoneCandidates([.billing]).map { [$0.country] + $0.others } == [["AT"]])
    }

    static let changes: [(String, any Sendable, Bool)] = [
        ("type", "order.fulfilled", true), ("type", "order.paid", false), ("type", 1, false),
        ("timestamp", "2026-11-20T10:02:41.123456789+05:30", true), ("timestamp", "2026-11-20", false),
        ("timestamp", "2026-11-20T10:02:41", true), ("timestamp", 1_795_168_961, false), ("data", "x", false),
        ("timestamp", "2026-11-20 10:02", true), ("timestamp", "2026-11-20t10:02:41,5 +0530", true),
        ("timestamp", "", false), ("timestamp", "20.11.2026 10:02:41", false),
        ("data.shop", "SHOP.example.com", true), ("data.shop", "localhost", false), ("data.shop", "a..b", false),
        ("data.shop", "-a.example", false), ("data.id", "a.b:c/d_e-F9", true), ("data.id", "", false),
        ("data.id", "a b", false), ("data.id", "ä", false), ("data.id", 7, true), ("data.id", true, false),
        ("data.id", String(repeating: "x", count: 100), true), ("data.id", String(repeating: "x", count: 101), false),
        ("data.name", String(repeating: "ü", count: 100), true),
        ("data.name", String(repeating: "ü", count: 101), false), ("data.name", "", true), ("data.name", 1102, true),
        ("data.createdAt", "yesterday", false), ("data.createdAt", "", false), ("data.updatedAt", "", true),
        ("data.updatedAt", "0000-00-00 00:00:00", true), ("data.cancelledAt", false, false),
        ("data.fulfilled", "no", true), ("data.fulfilled", "shipped", false), ("data.fulfilled", [String](), false),
        ("data.test", 1, true), ("data.test", 2, false), ("data.test", "FALSE", true), ("data.test", "", true),
        ("data.tags", "a,b", false), ("data.tags", "", true),
        ("data.tags", [""], true), ("data.tags", [1], true), ("data.tags", [[1]], false),
        ("data.tags", [String](), true), ("data.tags", [String(repeating: "t", count: 256)], false),
        ("data.tags", Array(repeating: "t", count: 251), false), ("data.cashOnDelivery", "yes", true),
        ("data.cashOnDelivery", "perhaps", false),
        ("data.total", "12.50", false), ("data.total", ["amount": "12.50"], false), ("data.total", "", true),
        ("data.total", [String](), true), ("data.total", [1], false), ("data.total", ["currency": "EUR"], true),
        ("data.total", ["amount": 12.5, "currency": "EUR"] as [String: any Sendable], true),
        ("data.total", ["amount": -12.5, "currency": "EUR"] as [String: any Sendable], false),
        ("data.total", ["amount": "12.500000", "currency": "EUR"], true),
        ("data.total", ["amount": "12,50", "currency": "EUR"], false),
        ("data.total", ["amount": "1234567890123", "currency": "EUR"], false),
        ("data.total", ["amount": "", "currency": ""], true), ("data.total", ["amount": "1", "currency": "€"], false),
        ("data.total", ["amount": "12", "currency": "JPY"], true),
        ("data.total", ["amount": "-1", "currency": "EUR"], false),
        ("data.total", ["amount": "1.", "currency": "EUR"], false),
        ("data.total", ["amount": "1", "currency": "eur"], true),
        ("data.locale", "x", false), ("data.locale", "", true), ("data.channel", "", true),
        ("data.customer", [String](), true), ("data.customer", "", true), ("data.customer", "Ann", false),
        ("data.customer", ["Ann"], false), ("data.customer", true, false),
        ("data.customer.id", 77, true), ("data.customer.id", "", true), ("data.customer.id", false, false),
        ("data.customer.phone", "", true),
        ("data.customer.phone", String(repeating: "1", count: 51), true),
        ("data.customer.phone", String(repeating: "1", count: 250), true),
        ("data.customer.phone", String(repeating: "1", count: 251), false),
        ("data.shipping.country", "Austria", false), ("data.shipping.country", "at", true),
        ("data.shipping.country", "", true), ("data.shipping.country", 40, false), ("data.shipping", "", true),
        ("data.shipping", [String](), true), ("data.shipping", ["Vienna"], false), ("data.shipping", 5, false),
        ("data.billing.phone", 436_641_234_567, true), ("data.gateway", String(repeating: "x", count: 101), false),
        ("data.gateway", "", true),
    ]

    @Test("schema and decoder refuse the same", arguments: changes.indices)
    func agreement(index: Int) throws {
        let (path, value, isGood) = Self.changes[index]
        let body = try Vectors.data(set(try example(0), path.split(separator: ".").map(String.init), value))
        #expect(isOfSchema(body) == isGood, "the schema on \(path): \(value)")
        let decoded = Result { () throws(PayloadError) in try OrderEvent.decode(body) }
        guard case .failure(let problem) = decoded else {
            #expect(isGood, "the decoder on \(path): \(value)")
            return
        }
        #expect(!isGood, "\(problem) on \(path): \(value)")
        #expect(problem.reason.hasPrefix(path), "\(problem)")
    }

    static let readings: [(String, any Sendable, @Sendable (OrderEvent) -> Bool)] = [
        ("timestamp", "2026-11-20T10:02:41", { $0.timestamp == 1_795_168_961_000 }),
        ("timestamp", " 2026-11-20 10:02 ", { $0.timestamp == 1_795_168_920_000 }),
        ("timestamp", "2026-11-20T15:32:41+0530", { $0.timestamp == 1_795_168_961_000 }),
        ("timestamp", "2026-11-20t12:02:41.250+02", { $0.timestamp == 1_795_168_961_250 }),
        ("data.updatedAt", "0000-00-00 00:00:00", { $0.updatedAt == nil }),
        ("data.id", 6_502_000_000_002, { $0.id == "6502000000002" }),
        ("data.id", " 1001 ", { $0.id == "1001" }), ("data.name", 1102, { $0.name == "1102" }),
        ("data.name", "  ", { $0.name == nil }), ("data.gateway", "", { $0.gateways.isEmpty == false }),
        (
            "data.total", ["amount": 12.5, "currency": "eur"] as [String: any Sendable],
            { $0.total == .init(amount: "12.5", currency: "EUR") }
        ),
        (
            "data.total", ["amount": 1899, "currency": "INR"] as [String: any Sendable],
            { $0.total == .init(amount: "1899", currency: "INR") }
        ),
        (
            "data.total", ["amount": "29.989999999999998", "currency": "EUR"],
            { $0.total == .init(amount: "29.9900", currency: "EUR") }
        ),
        (
            "data.total", ["amount": "999.99996", "currency": "EUR"],
            { $0.total == .init(amount: "1000.0000", currency: "EUR") }
        ),
        ("data.total", ["amount": "", "currency": "EUR"], { $0.total == nil }),
        ("data.shipping.country", " at ", { $0.shipping?.country == "AT" }),
        ("data.shipping", [String](), { $0.shipping == nil }), ("data.customer", "", { $0.customerId == nil }),
        ("data.customer.id", 77, { $0.customerId == "77" }),
        ("data.billing.phone", 436_641_234_567, { $0.billing?.phone == "436641234567" }),
        ("data.tags", ["a", "", 7] as [any Sendable], { $0.tags == ["a", "7"] }),
        ("data.tags", "", { $0.tags.isEmpty }),
        ("data.test", "true", { $0.test }), ("data.test", 1, { $0.test }), ("data.test", "0", { !$0.test }),
        ("data.fulfilled", "Yes", { $0.isFulfilled }), ("data.cashOnDelivery", "", { $0.cashOnDelivery == nil }),
        ("data.cashOnDelivery", 0, { $0.cashOnDelivery == false }),
    ]

    @Test("what can mean only one thing is read, and written down as it was understood", arguments: readings.indices)
    func unmistakable(index: Int) throws {
        let (path, value, isRight) = Self.readings[index]
        let changed = set(try example(0), path.split(separator: ".").map(String.init), value)
        let event = try OrderEvent.decode(Vectors.data(changed))
        #expect(isRight(event), "\(path): \(value)")
        #expect(try OrderEvent.decode(event.json) == event)
        #expect(isOfSchema(event.json))
    }

    static let zones: [([String: String], [String])] = [
        // Every time lacks its zone.
        (
            ["timestamp": "2026-11-20 12:02:41", "createdAt": "2026-11-19 10:02:40", "updatedAt": "2026-11-20 10:02"],
            []
        ),
        // Those that have one show that the others are UTC.
        (["createdAt": "2026-11-20 09:47:41"], []), (["createdAt": "2026-11-20 10:17:41"], []),
        (["timestamp": "2026-11-20 10:02:41"], []), (["updatedAt": "2026-11-20 10:02:40"], []),
        (["createdAt": "0000-00-00 00:00:00", "updatedAt": "2026-11-20 10:02:40"], ["/data/createdAt"]),
        // They may be local.
        (["createdAt": "2026-11-20 11:02:40"], ["/data/createdAt"]),
        (["createdAt": "2026-11-20T09:47:40"], ["/data/createdAt"]),
        (["createdAt": "2026-11-20 10:17:42"], ["/data/createdAt"]),
        (["timestamp": "2026-11-20 15:32:41"], ["/timestamp"]),
        (
            ["createdAt": "2026-11-20 11:02:40", "updatedAt": "2026-11-20 11:02:40"],
            ["/data/createdAt", "/data/updatedAt"]
        ),
        (["createdAt": "2026-11-19T10:02:40Z", "cancelledAt": "2026-11-20 11:02"], ["/data/cancelledAt"]),
        (["createdAt": "2026-11-19T10:02:40Z", "cancelledAt": "2026-11-20 11:02 +01"], []),
    ]

    @Test(
        "a time without zone is UTC only where the event's other times do not make that doubtful",
        arguments: zones.indices)
    func zone(index: Int) throws {
        let (times, places) = Self.zones[index]
        var body = try example(0)
        var data = try #require(body["data"] as? [String: Any])
        data["updatedAt"] = nil
        for (name, time) in times where name != "timestamp" { data[name] = time }
        body["data"] = data
        body["timestamp"] = times["timestamp"] ?? "2026-11-20T10:02:41Z"
        switch OrderEvent.read(try Vectors.data(body)) {
        case .success(let event):
            #expect(places.isEmpty)
            #expect(try OrderEvent.decode(event.json) == event)
        case .failure(let faults): #expect(faults.all.map(\.pointer) == places, "\(faults)")
        }
    }

    static let amounts: [(any Sendable, String, String?)] = [
        ("1.234", "EUR", nil), ("12.500", "USD", nil), ("999.999", "JPY", nil), ("1.234", "BHD", "1.234"),
        ("1.234", "kwd", "1.234"), ("1.234", "TND", "1.234"), ("1234.567", "EUR", "1234.567"),
        ("0.500", "EUR", "0.500"), ("1.23", "EUR", "1.23"), ("1.2345", "EUR", "1.2345"), ("1234", "EUR", "1234"),
        (1.234, "EUR", "1.2340"), (1.234, "OMR", "1.234"), ("1.23400", "EUR", "1.2340"),
    ]

    @Test(
        "three digits behind the only point are thousandths only where the currency has them",
        arguments: amounts.indices)
    func thousands(index: Int) throws {
        let (amount, currency, expected) = Self.amounts[index]
        let total = ["amount": amount, "currency": currency] as [String: any Sendable]
        switch OrderEvent.read(try Vectors.data(set(try example(0), ["data", "total"], total))) {
        case .success(let event):
            #expect(event.total?.amount == expected)
            #expect(try OrderEvent.decode(event.json) == event)
        case .failure(let faults):
            #expect(expected == nil && faults.all.map(\.pointer) == ["/data/total/amount"], "\(faults)")
        }
    }

    @Test("no time loses a millisecond when it is written down")
    func milliseconds() {
        let starts: [Int64] = [0, 1_795_168_961_000, 951_782_399_000, 4_102_444_799_000, 253_402_300_799_000]
        let times = starts.flatMap { start in (0..<1000).map { start + $0 } }
        #expect(times.filter { RFC3339.milliseconds(RFC3339.precise($0)) != $0 } == [])
        #expect(RFC3339.precise(1_795_168_961_001) == "2026-11-20T10:02:41.001Z")
    }

    @Test("every place that can't be read is named, to a bound")
    func everyPlace() throws {
        var body = try example(0)
        body["type"] = "order.sold"
        body["data"] = ["id": "#", "tags": 7, "shipping": ["phone": true, "country": "AUT"]] as [String: Any]
        guard case .failure(let faults) = OrderEvent.read(try Vectors.data(body)) else {
            Issue.record("it was read")
            return
        }
        #expect(
            Set(faults.all.map(\.pointer)) == [
                "/type", "/data/shop", "/data/id", "/data/createdAt", "/data/tags", "/data/shipping/phone",
                "/data/shipping/country",
            ])
        #expect(Set(faults.all.map(\.pointer)).count == faults.all.count)
    }

    private func set(_ object: [String: Any], _ path: [String], _ value: Any) -> [String: Any] {
        var copy = object
        copy[path[0]] =
            path.count == 1
            ? value : set(object[path[0]] as? [String: Any] ?? [:], Array(path.dropFirst()), value)
        return copy
    }
}
