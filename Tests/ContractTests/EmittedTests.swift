import Base
import Foundation
import Kafka
import Model
import Pipeline
import Schemas
import Testing

@Suite("What is emitted against what is published")
struct EmittedTests {
    let contract: Contract

    init() throws {
        contract = try Contract()
    }

    @Test("every kind with every reason is as its message says", arguments: Sample.all)
    func emitted(sample: Sample) throws {
        try contract.validate(sample.record, as: sample.kind.rawValue)
        #expect(contract.messages[sample.kind.rawValue]?["name"] == .string(sample.kind.eventType))
    }

    @Test("no member and no header is emitted that is not described", arguments: Sample.all)
    func described(sample: Sample) throws {
        let data = try JSONTree(document: sample.record.value ?? []).object ?? [:]
        let schema = try contract.schemas.resolve("\(sample.kind.rawValue).json", from: "").schema
        let described = schema["properties"]?.object ?? [:]
        #expect(!data.isEmpty && data.keys.allSatisfy { described[$0] != nil })
        let headers = contract.schemas.files["headers.json"]?["properties"]?.object ?? [:]
        #expect(sample.record.headers.map(\.name).sorted() == headers.keys.sorted())
    }

    @Test("the time in the header is the time in the data")
    func time() throws {
        let record = Sample(.verified).record
        let text = try #require(Contract.headers(record)["ce_time"]?.string)
        let date = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
        let at = try JSONTree(document: record.value ?? [])["at"]?.integer
        #expect(at == Int64((date.timeIntervalSince1970 * 1000).rounded()))
    }

    @Test("tombstones and beats are as their messages say, and neither passes for an event")
    func nulls() throws {
        for tombstone in OutcomeRecord.tombstones(Sample.id, shop: "demo.myshopify.com", texts: 2, Topology()) {
            try contract.validate(tombstone, as: "tombstone")
            #expect(throws: SchemaSet.Problem.self) { try contract.validate(tombstone, as: "verified") }
        }
        let beat = Wire.beat(Catalogue.outcomes, Topology(), partition: 11)
        try contract.validate(beat, as: "beat")
        #expect(throws: SchemaSet.Problem.self) { try contract.validate(beat, as: "tombstone") }
    }

    @Test("a sample lacking any required member or header fails", arguments: Sample.all)
    func missing(sample: Sample) throws {
        let data = try JSONTree(document: sample.record.value ?? [])
        let name = sample.kind.rawValue
        let required = contract.schemas.files["\(name).json"]?["required"]?.strings ?? []
        #expect(required.contains("at") && required.contains("order"))
        for member in required { #expect(fails(data.setting(member, nil), "payload", name), "\(member)") }
        let headers = Contract.headers(sample.record)
        for header in sample.record.headers {
            #expect(fails(headers.setting(header.name, nil), "headers", name), "\(header.name)")
        }
    }

    static let wrong: [(OutcomeKind, String, JSONTree)] = [
        (.verified, "phone", .string("+15035550142")), (.sent, "phone", .string("+1503*****0142")),
        (.sent, "phone", .string("+1*****50142")), (.verified, "at", .string("2027-01-15T08:00:00Z")),
        (.verified, "at", .number(1.5)), (.verified, "at", .integer(-1)), (.sent, "number", .integer(0)),
        (.delivered, "number", .string("1")), (.verified, "verification", .string("not-a-uuid")),
        (.verified, "verification", .string("1B4E28BA-2FA1-8D3B-A3F5-EF19B5A7633B")),
        (.verified, "verification", .string("1b4e28ba-2fa1-4d3b-a3f5-ef19b5a7633b")),
        (.verified, "shop", .string("Demo/x")), (.verified, "order", .string("")), (.verified, "orderName", .null),
        (.skipped, "reason", .string("bad_mood")), (.expired, "reason", .string("undeliverable")),
        (.undeliverable, "reason", .string("timed_out")), (.cancelled, "by", .string("shopper")),
    ]

    @Test("a sample with one wrong member fails", arguments: wrong)
    func wrongMember(kind: OutcomeKind, member: String, value: JSONTree) throws {
        let sample = try #require(Sample.all.first { $0.kind == kind })
        let data = try JSONTree(document: sample.record.value ?? [])
        #expect(!fails(data, "payload", kind.rawValue))
        #expect(fails(data.setting(member, value), "payload", kind.rawValue))
    }

    static let wrongHeaders: [(String, String)] = [
        ("ce_specversion", "0.3"), ("ce_type", "app.otpguard.verification.sent.v1"),
        ("ce_source", "demo.myshopify.com"),
        ("ce_time", "yesterday"), ("ce_time", "2027-01-15T08:00:00Z"), ("ce_id", "1"), ("ce_subject", ""),
        ("content-type", "application/cloudevents+json"),
    ]

    @Test("a sample with one wrong header fails", arguments: wrongHeaders)
    func wrongHeader(name: String, text: String) {
        let headers = Contract.headers(Sample(.verified).record)
        #expect(!fails(headers, "headers", "verified"))
        #expect(fails(headers.setting(name, .string(text)), "headers", "verified"))
    }

    @Test("the masks of numbers all over the world pass; a key without its shop does not")
    func masksAndKeys() throws {
        for number in ["+15035550142", "+491701234567", "+358401234567", "+2904123", "nonsense"] {
            try contract.schemas.validate(
                .string(PhoneNumber.mask(number)), against: "common.json#/$defs/phone")
        }
        #expect(fails(.string("1b4e28ba-2fa1-8d3b-a3f5-ef19b5a7633b"), "key", "verified"))
        #expect(fails(.string("__beat/3"), "key", "verified"))
    }

    private func fails(_ value: JSONTree, _ part: String, _ message: String) -> Bool {
        do {
            try contract.schemas.validate(value, against: contract.reference(part, of: message))
            return false
        } catch {
            return true
        }
    }
}
