import Foundation
import HTTP
import Outbound
import Platforms
import Security
import TestWorld

/// What the driver does over HTTP: at the sandbox as the world, at the daemons' doors as platform, merchant and
/// shopper.
struct ChaosWorld: Sendable {
    let fleet: Fleet
    let http = HTTPClient.urlSession()

    struct SentText: Codable, Sendable, Equatable {
        var to: String
        var body: String
        var code: String?
        var token: String?
        /// Milliseconds since 1970.
        var at: Int64
    }

    /// An order as the shop has it.
    struct ShopOrder: Codable, Sendable, Equatable {
        var gid: String
        var tags: [String]
        var note: String?
        var cancelled: Bool
        /// `customer` where the merchant did it, `other` where we did.
        var cancelReason: String?
        var timeline: [Happening]?

        struct Happening: Codable, Sendable, Equatable {
            var kind: String
        }
    }

    func sandbox(_ method: String, _ path: String, _ body: [String: any Sendable]? = nil) async throws -> (Int, Data) {
        let bytes = try body.map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) } ?? []
        let answer = try await http.send(
            OutboundRequest(
                method: method, url: "http://127.0.0.1:\(fleet.ports.sandbox)/sandbox/api\(path)",
                headers: ["Content-Type": "application/json"], body: bytes, deadline: .seconds(20)))
        return (answer.status, Data(answer.body))
    }

    func register(_ shop: String, timerSeconds: Int) async throws {
        let settings: [String: any Sendable] = [
            "shop": shop, "timerSeconds": timerSeconds, "codeSeconds": 30, "maxCancelsPerHour": 1_000_000,
        ]
        let (status, body) = try await sandbox("POST", "/shops", settings)
        guard status == 200 else {
            throw WorldError("registering \(shop): \(status) \(String(decoding: body, as: UTF8.self))")
        }
    }

    private struct Placed: Decodable {
        var id: String
        var gid: String
    }

    /// Places an order without telling anybody, and gets the body a webhook about it carries. Only what the daemons
    /// read stands in it, so that much traffic fits into the mock.
    func place(_ shop: String, phone: String?) async throws -> (id: String, gid: String, body: [UInt8]) {
        let leaner: [String: any Sendable] = [
            "line_items": [String](), "shipping_lines": [String](), "client_details": [String: String](),
        ]
        let (status, data) = try await sandbox(
            "POST", "/orders",
            ["shop": shop, "country": "US", "phone": phone ?? NSNull(), "webhook": false, "overrides": leaner])
        guard status == 201 else { throw WorldError("placing an order: \(status)") }
        let placed = try JSONDecoder().decode(Placed.self, from: data)
        return (placed.id, placed.gid, try await payload(placed.id))
    }

    func payload(_ id: String) async throws -> [UInt8] {
        [UInt8](try await sandbox("GET", "/orders/\(id)/payload").1)
    }

    func order(_ id: String) async throws -> ShopOrder {
        try JSONDecoder().decode(ShopOrder.self, from: try await sandbox("GET", "/orders/\(id)").1)
    }

    private struct Texts: Decodable {
        var texts: [SentText]
    }

    /// Newest first.
    func texts(to phone: String) async throws -> [SentText] {
        let (_, data) = try await sandbox("GET", "/texts?to=\(phone.replacing("+", with: "%2B"))")
        return try JSONDecoder().decode(Texts.self, from: data).texts
    }

    /// Posts a webhook as Shopify does; true for 200. Nil, for an answer that no sender of webhooks should ever get.
    func post(_ topic: String, _ shop: String, _ body: [UInt8], delivery: String, to port: UInt16) async -> Bool? {
        let secret = Secret(Array(fleet.secrets.clientSecret.utf8))
        let request = OutboundRequest(
            method: "POST", url: "http://127.0.0.1:\(port)/webhooks/shopify",
            headers: [
                "Content-Type": "application/json", "X-Shopify-Topic": topic, "X-Shopify-Shop-Domain": shop,
                "X-Shopify-Webhook-Id": delivery, "X-Shopify-Event-Id": UUID().uuidString,
                "X-Shopify-Hmac-Sha256": ShopifyWebhook.sign(body: body, secret: secret),
            ], body: body, deadline: .seconds(5))
        do {
            let status = try await http.send(request).status
            return status == 200 ? true : status == 503 ? false : nil
        } catch {
            return false
        }
    }

    struct DoorAnswer: Sendable {
        var status: Int
        var kind: String
        var attemptsLeft: Int?
    }

    private struct Body: Decodable {
        var verdict: String?
        var title: String?
        var attemptsLeft: Int?
        var verification: Inner?

        struct Inner: Decodable {
            var attemptsLeft: Int?
        }
    }

    /// A shopper's POST; nil without an answer.
    func ask(_ path: String, token: String, _ body: [String: String], at port: UInt16) async -> DoorAnswer? {
        do {
            let answer = try await http.send(
                OutboundRequest(
                    method: "POST", url: "http://127.0.0.1:\(port)/api/v1/verifications/\(token)\(path)",
                    headers: ["Content-Type": "application/json", "X-Forwarded-For": ShopperAddress.of(token)],
                    body: [UInt8](try JSONEncoder().encode(body)), deadline: .seconds(8)))
            guard let told = try? JSONDecoder().decode(Body.self, from: Data(answer.body)) else { return nil }
            return DoorAnswer(
                status: answer.status, kind: told.verdict ?? told.title ?? "",
                attemptsLeft: told.attemptsLeft ?? told.verification?.attemptsLeft)
        } catch {
            return nil
        }
    }
}
