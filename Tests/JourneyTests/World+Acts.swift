import Foundation
import HTTP
import Model
import Pipeline
import TestWorld

/// What people and platforms do in a journey, through the sandbox's API and the daemons' doors.
extension World {
    struct PlacedOrder: Sendable {
        let id: String
        let gid: String
        let webhookStatus: Int
    }

    struct ArrivedText: Sendable, Decodable {
        let to: String
        let body: String
        let code: String?
        let token: String?
    }

    /// A JSON call; the decoded object and the status.
    func call(_ method: String, _ url: String, _ body: [String: Any]? = nil, headers: HTTPHeaders = [:]) async throws
        -> (status: Int, json: [String: Any], headers: HTTPHeaders)
    {
        var headers = headers
        if body != nil { headers.set("Content-Type", "application/json") }
        let bytes = try body.map { [UInt8](try JSONSerialization.data(withJSONObject: $0)) } ?? []
        let answer = try await http.send(
            OutboundRequest(method: method, url: url, headers: headers, body: bytes, deadline: .seconds(20)))
        let json = try? JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any]
        return (answer.status, json ?? [:], answer.headers)
    }

    func sandbox(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> (
        status: Int, json: [String: Any], headers: HTTPHeaders
    ) {
        try await call(method, "http://127.0.0.1:\(ports.sandbox)/sandbox/api\(path)", body)
    }

    func register(_ shop: String, timerSeconds: Int = 900, _ settings: [String: Any] = [:]) async throws {
        var body = settings
        body["shop"] = shop
        body["timerSeconds"] = timerSeconds
        let answer = try await sandbox("POST", "/shops", body)
        guard answer.status == 200 else { throw WorldError("registering \(shop): \(answer.status) \(answer.json)") }
    }

    func place(_ shop: String, phone: String?, country: String = "US", _ more: [String: Any] = [:]) async throws
        -> PlacedOrder
    {
        var body = more
        body["shop"] = shop
        body["country"] = country
        body["phone"] = phone ?? NSNull()
        let answer = try await sandbox("POST", "/orders", body)
        guard answer.status == 201, let id = answer.json["id"] as? String, let gid = answer.json["gid"] as? String
        else { throw WorldError("placing an order: \(answer.status) \(answer.json)") }
        let webhook = answer.json["webhook"] as? [String: Any]
        return PlacedOrder(id: id, gid: gid, webhookStatus: webhook?["status"] as? Int ?? 0)
    }

    func order(_ order: PlacedOrder) async throws -> [String: Any] {
        try await sandbox("GET", "/orders/\(order.id)").json
    }

    func texts(to phone: String) async throws -> [ArrivedText] {
        let query = phone.replacing("+", with: "%2B")
        let answer = try await sandbox("GET", "/texts?to=\(query)")
        let texts = try JSONSerialization.data(withJSONObject: answer.json["texts"] ?? [])
        return try JSONDecoder().decode([ArrivedText].self, from: texts)
    }

    func verifierAPI(_ method: String, _ token: String, _ path: String = "", _ body: [String: Any]? = nil) async throws
        -> (status: Int, json: [String: Any], headers: HTTPHeaders)
    {
        try await call(
            method, "http://127.0.0.1:\(ports.verifier)/api/v1/verifications/\(token)\(path)", body,
            headers: ["X-Forwarded-For": ShopperAddress.of(token)])
    }

    func guess(_ code: String, _ token: String) async throws -> (
        status: Int, json: [String: Any], headers: HTTPHeaders
    ) {
        try await verifierAPI("POST", token, "/attempts", ["code": code])
    }

    /// The outcomes told of an order so far, as `type` or `type:reason/by`, in log order.
    func outcomes(_ gid: String) -> [String] {
        topics.on(Catalogue.outcomes).compactMap { record in
            guard record.header("ce_subject") == gid, let value = record.value,
                let data = try? JSONDecoder().decode(OutcomeData.self, from: Data(value)),
                let type = record.header("ce_type")?.split(separator: ".").dropLast().last
            else { return nil }
            let more = data.by ?? data.reason
            return more.map { "\(type):\($0)" } ?? String(type)
        }
    }

    /// Waits until `condition` holds; what is awaited is named when it does not come.
    func eventually<Value>(
        _ what: String, within seconds: Int = 20, _ condition: () async throws -> Value?
    ) async throws -> Value {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while true {
            if let value = try await condition() { return value }
            guard ContinuousClock.now < deadline else { throw WorldError("waited in vain: \(what)") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The first text to a phone, with its code and token.
    func text(to phone: String) async throws -> (code: String, token: String) {
        try await eventually("a text to \(phone.suffix(4))") {
            guard let text = try await texts(to: phone).first, let code = text.code, let token = text.token else {
                return nil
            }
            return (code, token)
        }
    }

    func tags(_ order: PlacedOrder) async throws -> [String] {
        try await self.order(order)["tags"] as? [String] ?? []
    }
}
