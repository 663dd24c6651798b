import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Testing

@testable import Ingest

/// A shop of another platform, and what it posts.
extension Bench {
    static let source = "shop.example.com"
    static let sourceSecret = Secret([UInt8](repeating: 5, count: 32))

    /// Puts the source through the operator's door.
    func putSource(
        _ shop: String = Bench.source, secrets: [Secret] = [Bench.sourceSecret], settings: String = "{}"
    ) async throws -> HTTPResponse {
        let texts = secrets.map { "\"\(StandardWebhooks.text(of: $0))\"" }.joined(separator: ", ")
        let body = #"{"platform": "orders", "webhookSecrets": [\#(texts)], "settings": \#(settings)}"#
        return await admin.put(admin("PUT", body), shop)
    }

    /// An event of the source's; dotted paths are changed, nil removes.
    static func event(_ type: String = "order.created", _ changes: [String: Any?] = [:]) throws -> [UInt8] {
        var body: [String: Any] = [
            "type": type, "timestamp": "2026-11-20T10:02:47Z",
            "data": [
                "shop": source, "id": "1001", "name": "#1001", "createdAt": "2026-11-20T10:02:46Z",
                "locale": "en-IN", "cashOnDelivery": true, "customer": ["id": "c-7"],
                "shipping": ["phone": "081234 56789", "country": "IN"],
            ],
        ]
        for (path, value) in changes { set(&body, path.split(separator: ".").map(String.init), value) }
        return [UInt8](try JSONSerialization.data(withJSONObject: body))
    }

    private static func set(_ object: inout [String: Any], _ path: [String], _ value: Any?) {
        guard path.count > 1 else { return object[path[0]] = value }
        var inner = object[path[0]] as? [String: Any] ?? [:]
        set(&inner, Array(path.dropFirst()), value)
        object[path[0]] = inner
    }

    /// As a door of before sealed it: the body as it came, whatever it holds.
    func stored(_ body: [UInt8]) throws -> OutgoingRecord {
        let (record, key) = try #require(directory.current(Self.source))
        return WebhookMessage.webhook(
            .init(
                platform: "orders", topic: "order", deliveryId: UUID().uuidString, eventId: nil,
                shopVersion: record.version,
                body: key.seal(body, topic: "webhooks", key: Self.source, field: "body"))
        ).record(shop: Self.source, topology)
    }

    /// The body of the webhook sent last, opened.
    func lastBody() throws -> [UInt8] {
        let (_, key) = try #require(directory.current(Self.source))
        guard case .webhook(let webhook) = try WebhookMessage(try #require(sent.last).incoming) else {
            throw WireProblem("no webhook")
        }
        return try key.open(webhook.body, topic: "webhooks", key: Self.source, field: "body")
    }

    /// A shop of ours beside the one under test: known by its name alone.
    func put(anotherShop shop: String) {
        feed(WebhookMessage.shopKey(.init(platform: "shopify", putId: "other")).record(shop: shop, topology))
    }

    /// As a source posts it now, signed.
    func orderPost(
        _ body: [UInt8], source: String = Bench.source, id: String = "msg_\(UUID().uuidString)",
        secrets: [Secret] = [Bench.sourceSecret],
        ago seconds: Int64 = 0, _ change: (inout HTTPHeaders) -> Void = { _ in }
    ) -> HTTPRequest {
        let timestamp = clock.now / 1000 - seconds
        var headers: HTTPHeaders = [
            "webhook-id": id, "webhook-timestamp": String(timestamp),
            "webhook-signature": StandardWebhooks.sign(id: id, timestamp: timestamp, body: body, secrets: secrets),
        ]
        change(&headers)
        return HTTPRequest(
            method: "POST", target: "/webhooks/orders?source=\(source)", headers: headers, body: body)
    }

    /// Hands a request to the sources' door; nil while nobody has answered.
    func orderAnswer(_ request: HTTPRequest) -> HTTPResponse? {
        let box = AnswerBox()
        orders.handle(request, box.responder)
        return box.answer
    }

    func dead() -> [String] {
        staged.filter { $0.record.topic == topology.name(Catalogue.dead) }
            .compactMap { $0.incoming.header("reason") }
    }
}
