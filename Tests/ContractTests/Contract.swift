import Base
import Foundation
import Kafka
import Model
import Pipeline
import Schemas
import Testing

/// The published files, read from the repository, and records as their messages describe them.
struct Contract: Sendable {
    /// Read once for all tests.
    private static let published = Result { try Contract(readingFrom: #filePath) }

    let api: JSONTree
    let schemas: SchemaSet

    init() throws {
        self = try Self.published.get()
    }

    private init(readingFrom source: String) throws {
        let root = URL(filePath: source).deletingLastPathComponent().appending(path: "../..").standardized
        let folder = root.appending(path: "docs/asyncapi")
        api = try JSONTree(document: Data(contentsOf: folder.appending(path: "asyncapi.json")))
        schemas = try SchemaSet(folder: folder.appending(path: "schemas"))
    }

    var channel: JSONTree { api.at("channels/outcomes") ?? .null }
    var messages: [String: JSONTree] { channel["messages"]?.object ?? [:] }

    /// The schema that a message names for its `headers`, its `payload` or, in the Kafka binding, its `key`.
    func reference(_ part: String, of message: String) throws -> String {
        // AsyncAPI's own schema takes a bare reference for two things at once in a binding: there it stands in `allOf`.
        let holder =
            part == "key"
            ? messages[message]?.at("bindings/kafka/key/allOf")?.array?.first : messages[message]?.at("\(part)/schema")
        guard let reference = holder?["$ref"]?.string, reference.hasPrefix("schemas/") else {
            throw SchemaSet.Problem(description: "\(message) names no schema for its \(part)")
        }
        return String(reference.dropFirst("schemas/".count))
    }

    /// Throws where the record is not as the message says.
    func validate(_ record: OutgoingRecord, as message: String) throws {
        let key = String(decoding: record.key ?? [], as: UTF8.self)
        try schemas.validate(.string(key), against: reference("key", of: message))
        let payload = try record.value.map { try JSONTree(document: $0) } ?? .null
        try schemas.validate(payload, against: reference("payload", of: message))
        if messages[message]?["headers"] != nil {
            try schemas.validate(Self.headers(record), against: reference("headers", of: message))
        } else if !record.headers.isEmpty {
            throw SchemaSet.Problem(description: "\(message) says nothing of headers")
        }
    }

    static func headers(_ record: OutgoingRecord) -> JSONTree {
        .object(
            Dictionary(record.headers.map { ($0.name, JSONTree.string($0.text ?? "")) }) { _, _ in .null })
    }
}

/// One emitted outcome: the kind, and the data that goes with it.
struct Sample: Sendable, CustomTestStringConvertible {
    let kind: OutcomeKind
    let data: OutcomeData

    static let id = VerificationID("1b4e28ba-2fa1-8d3b-a3f5-ef19b5a7633b").unsafelyUnwrapped

    init(
        _ kind: OutcomeKind, reason: String? = nil, detail: String? = nil, by: VerificationEvent.Canceller? = nil,
        orderName: String? = "#1"
    ) {
        let isSkipped = kind == .skipped
        let isNumbered = kind == .sent || kind == .delivered
        self.kind = kind
        data = OutcomeData(
            verification: isSkipped ? nil : Self.id, shop: "demo.myshopify.com", order: "gid://shopify/Order/1",
            orderName: orderName, phone: isSkipped ? nil : PhoneNumber.mask("+15035550142"),
            number: isNumbered ? 2 : nil, reason: reason, detail: detail, by: by?.rawValue, at: 1_800_000_000_123)
    }

    var record: OutgoingRecord { OutcomeRecord.make(kind, Self.id, data, Topology()) }
    var testDescription: String { "\(kind) \(data.reason ?? data.by ?? "")" }

    /// Every kind with every reason or canceller it can have.
    static let all: [Sample] = OutcomeKind.allCases.flatMap { kind in
        switch kind {
        case .sent, .delivered, .verified: [Sample(kind), Sample(kind, orderName: nil)]
        case .expired:
            VerificationEvent.Expiry.Cause.allCases.filter { $0 != .undeliverable }.map {
                Sample(kind, reason: $0.rawValue)
            }
        case .undeliverable:
            ([nil] + SendRefusal.allCases.map(\.rawValue) + ["400 21211"]).map {
                Sample(kind, reason: VerificationEvent.Expiry.Cause.undeliverable.rawValue, detail: $0)
            }
        case .cancelled: [Sample(kind, by: .us), Sample(kind, by: .merchant)]
        case .skipped: SkipReason.allCases.map { Sample(kind, reason: $0.rawValue) }
        }
    }
}
