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
        (try? schemas.validate(JSONValue(parsing: body), against: Self.name)) != nil
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
        ("timestamp", "2026-11-20T10:02:41", false), ("timestamp", 1_795_168_961, false), ("data", "x", false),
        ("data.shop", "SHOP.example.com", true), ("data.shop", "localhost", false), ("data.shop", "a..b", false),
        ("data.shop", "-a.example", false), ("data.id", "a.b:c/d_e-F9", true), ("data.id", "", false),
        ("data.id", "a b", false), ("data.id", "ä", false), ("data.id", 7, false),
        ("data.id", String(repeating: "x", count: 100), true), ("data.id", String(repeating: "x", count: 101), false),
        ("data.name", String(repeating: "ü", count: 100), true),
        ("data.name", String(repeating: "ü", count: 101), false), ("data.name", "", false),
        ("data.createdAt", "yesterday", false), ("data.updatedAt", "", false), ("data.cancelledAt", false, false),
        ("data.fulfilled", "no", false), ("data.test", 1, false), ("data.tags", "a,b", false),
        ("data.tags", [""], false), ("data.tags", [1], false), ("data.tags", [String](), true),
        ("data.tags", Array(repeating: "t", count: 251), false), ("data.cashOnDelivery", "yes", false),
        ("data.total", "12.50", false), ("data.total", ["amount": "12.50"], false),
        ("data.total", ["amount": "12", "currency": "JPY"], true),
        ("data.total", ["amount": "-1", "currency": "EUR"], false),
        ("data.total", ["amount": "1.", "currency": "EUR"], false),
        ("data.total", ["amount": "1", "currency": "eur"], false),
        ("data.locale", "x", false), ("data.channel", "", false), ("data.customer", [String](), false),
        ("data.customer.id", 77, false), ("data.customer.phone", "", true),
        ("data.customer.phone", String(repeating: "1", count: 51), false),
        ("data.shipping.country", "Austria", false), ("data.shipping.country", "at", false),
        ("data.billing.phone", 436_641_234_567, false), ("data.gateway", String(repeating: "x", count: 101), false),
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
        #expect(problem.reason.hasPrefix(path) || problem.reason.hasPrefix("document"), "\(problem)")
    }

    private func set(_ object: [String: Any], _ path: [String], _ value: Any) -> [String: Any] {
        var copy = object
        copy[path[0]] =
            path.count == 1
            ? value : set(object[path[0]] as? [String: Any] ?? [:], Array(path.dropFirst()), value)
        return copy
    }
}
