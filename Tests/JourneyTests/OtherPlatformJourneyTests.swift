import Base
import Foundation
import HTTP
import Pipeline
import Platforms
import Security
import Testing

/// Shops that are not at Shopify: put by the operator's words, signed as Standard Webhooks.
@Suite("Any other platform", .serialized, .world, .timeLimit(.minutes(3)))
struct OtherPlatformJourneyTests {
    private let world = World.now
    private let secret = Secret((0..<32).map { _ in UInt8.random(in: 0...255) })

    // MARK: What people and shops do

    private func shops(_ arguments: String..., input: String = "") throws -> Program {
        try Program.run(
            "otp-ingest", ["shops"] + arguments,
            environment: [
                "OTP_INGEST_URL": "http://127.0.0.1:\(world.ports.ingest)", "OTP_ADMIN_TOKEN": world.secrets.adminToken,
            ], input: input)
    }

    private func add(_ shop: String, _ secrets: [Secret], _ more: String...) throws {
        let text = secrets.map { StandardWebhooks.text(of: $0) + "\n" }.joined()
        let added = try Program.run(
            "otp-ingest", ["shops", "add", shop, "--secrets-file", "-"] + more,
            environment: [
                "OTP_INGEST_URL": "http://127.0.0.1:\(world.ports.ingest)", "OTP_ADMIN_TOKEN": world.secrets.adminToken,
            ], input: text)
        #expect(added.status == 0 && added.output == "\(shop): added\n", "\(added)")
    }

    private func event(
        _ type: String, _ shop: String, _ order: String, phone: String,
        _ change: (inout [String: Any]) -> Void = { _ in }
    ) throws -> [UInt8] {
        let now = RFC3339.precise(Clock.system.now())
        var data: [String: Any] = [
            "shop": shop, "id": order, "name": "#\(order)", "createdAt": now, "updatedAt": now, "locale": "en",
            "cashOnDelivery": true, "shipping": ["phone": phone, "country": "US"],
        ]
        change(&data)
        let body: [String: Any] = ["type": type, "timestamp": now, "data": data]
        return [UInt8](try JSONSerialization.data(withJSONObject: body))
    }

    private func post(
        _ body: [UInt8], _ source: String, secrets: [Secret], ago seconds: Int64 = 0, id: String = UUID().uuidString
    ) async throws -> OutboundResponse {
        let timestamp = Int64(Date.now.timeIntervalSince1970) - seconds
        return try await world.http.send(
            OutboundRequest(
                method: "POST", url: "http://127.0.0.1:\(world.ports.ingest)/webhooks/orders?source=\(source)",
                headers: [
                    "webhook-id": id, "webhook-timestamp": String(timestamp),
                    "webhook-signature": StandardWebhooks.sign(
                        id: id, timestamp: timestamp, body: body, secrets: secrets),
                ], body: body, deadline: .seconds(10)))
    }

    private func accept(_ body: [UInt8], _ source: String, id: String = UUID().uuidString) async throws {
        let answer = try await post(body, source, secrets: [secret], id: id)
        #expect(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
    }

    private func outcome(_ order: String, _ kind: String) async throws {
        _ = try await world.eventually("\(kind) of \(order)") {
            world.outcomes(order).contains { $0.hasPrefix(kind) } ? true : nil
        }
    }

    // MARK: Journeys

    @Test("put by the operator's words, ordered, asked, verified: told once, whatever the shop repeats")
    func verified() async throws {
        let shop = "tea.example.com"
        try add(shop, [secret])
        let phone = Traffic.phone(401)
        let body = try event("order.created", shop, "tea-1/a", phone: phone)
        try await accept(body, shop, id: "once")
        try await accept(body, shop, id: "once")
        try await accept(body, shop)
        let (code, token) = try await world.text(to: phone)
        #expect(try await world.guess(code, token).json["verdict"] as? String == "verified")
        try await outcome("tea-1/a", "verified")
        let told = world.topics.on(Catalogue.outcomes).filter { $0.header("ce_subject") == "tea-1/a" }
        #expect(told.allSatisfy { $0.header("ce_source") == "/shops/\(shop)" })
        #expect(try await world.texts(to: phone).count == 1)
        // Nobody can be asked to tag it, and nobody tries.
        let mine = world.topics.on(Catalogue.dead).filter { $0.key.map { String(decoding: $0, as: UTF8.self) } == shop }
        #expect(mine.isEmpty)
    }

    @Test("cancelled by the shop before the end: closed")
    func cancelled() async throws {
        let shop = "coffee.example.com"
        try add(shop, [secret])
        let phone = Traffic.phone(402)
        try await accept(try event("order.created", shop, "coffee-1", phone: phone), shop)
        let (code, token) = try await world.text(to: phone)
        try await accept(try event("order.cancelled", shop, "coffee-1", phone: phone), shop)
        try await outcome("coffee-1", "cancelled")
        #expect(try await world.guess(code, token).status == 410)
        #expect(!world.outcomes("coffee-1").contains { $0.hasPrefix("verified") })
    }

    @Test("paused, its orders are skipped; resumed, they are verified again; removed, nobody knows it")
    func paused() async throws {
        let shop = "cake.example.com"
        try add(shop, [secret], "--plan", "pro")
        #expect(try shops("pause", shop).status == 0)
        try await accept(try event("order.created", shop, "cake-1", phone: Traffic.phone(403)), shop)
        try await outcome("cake-1", "skipped:shop_inactive")
        let listed = try shops("list", "--json").output.split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let entry = try #require(listed.first { $0["shop"] as? String == shop })
        #expect(entry["active"] as? Bool == false && entry["plan"] as? String == "pro")
        #expect(try shops("resume", shop, "--json").status == 0)
        try await accept(try event("order.created", shop, "cake-2", phone: Traffic.phone(404)), shop)
        _ = try await world.text(to: Traffic.phone(404))
        #expect(try shops("remove", shop).status == 78)
        #expect(try shops("remove", shop, "--yes").output == "\(shop): removed\n")
        let gone = try shops("show", shop)
        #expect(gone.status == 1 && gone.output.isEmpty && gone.errors.split(separator: "\n").count == 1)
        let body = try event("order.created", shop, "cake-3", phone: Traffic.phone(405))
        #expect(try await post(body, shop, secrets: [secret]).status == 401)
    }

    @Test("secrets change without a gap: old and new, then the new one alone")
    func rotation() async throws {
        let shop = "jam.example.com"
        let new = Secret((0..<24).map { _ in UInt8.random(in: 0...255) })
        try add(shop, [secret])
        let body = try event("order.updated", shop, "jam-1", phone: Traffic.phone(406))
        #expect(try await post(body, shop, secrets: [new]).status == 401)
        #expect(try shops("pause", shop).status == 0)
        let both = [new, secret].map(StandardWebhooks.text).joined(separator: "\n")
        #expect(try shops("secrets", shop, "--secrets-file", "-", input: both).status == 0)
        for secrets in [[secret], [new], [new, secret]] {
            #expect(try await post(body, shop, secrets: secrets).status == 200)
        }
        let alone = StandardWebhooks.text(of: new)
        #expect(try shops("secrets", shop, "--secrets-file", "-", input: alone).output == "\(shop): has new secrets\n")
        // Nothing else was changed with them.
        #expect(
            try shops("list").output.split(separator: "\n").contains { $0.hasPrefix(shop) && $0.contains("paused") })
        #expect(try await post(body, shop, secrets: [secret]).status == 401)
        #expect(try await post(body, shop, secrets: [new]).status == 200)
        let text = StandardWebhooks.text(of: new).dropFirst(6)
        for (name, log) in try world.logs() { #expect(!log.contains(text), "the log of \(name)") }
        #expect(try !shops("show", shop, "--json").output.contains(text))
    }

    @Test(
        "wrong signatures and strangers learn nothing; what is signed but not understood is told at once, and not kept")
    func refused() async throws {
        let (shop, other) = ("salt.example.com", "pepper.example.com")
        try add(shop, [secret])
        try add(other, [Secret([UInt8](repeating: 1, count: 32))])
        let body = try event("order.created", shop, "salt-1", phone: Traffic.phone(407))
        var answers: [OutboundResponse] = []
        for (source, secrets) in [(shop, [Secret([UInt8](repeating: 2, count: 32))]), (other, [secret])] {
            answers.append(try await post(body, source, secrets: secrets))
        }
        answers.append(try await post(body, "nobody.example.com", secrets: [secret]))
        #expect(Set(answers.map(\.body)).count == 1 && answers.allSatisfy { $0.status == 401 })
        #expect(try await post(body, shop, secrets: [secret], ago: 400).status == 401)
        #expect(try await post(body, shop, secrets: [secret], ago: -400).status == 401)
        #expect(try await post(Array(repeating: 0x20, count: (2 << 20) + 1), shop, secrets: [secret]).status == 413)

        let faults: [([UInt8], String)] = [
            (Array("{\"type\"".utf8), "#"),
            (try event("order.created", other, "salt-2", phone: Traffic.phone(407)), "#/data/shop"),
            (
                try event("order.created", shop, "salt-3", phone: Traffic.phone(407)) { $0["createdAt"] = 7 },
                "#/data/createdAt"
            ),
        ]
        for (body, place) in faults {
            let answer = try await post(body, shop, secrets: [secret])
            let problem = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            #expect(answer.status == 422 && answer.headers["Content-Type"] == "application/problem+json")
            #expect((problem["errors"] as? [[String: String]])?.map { $0["pointer"] } == [place])
        }
        let kept = (world.topics.on(Catalogue.webhooks) + world.topics.on(Catalogue.dead)).filter { record in
            record.key.map { String(decoding: $0, as: UTF8.self) } == shop && record.header("otp-type") != "shop-key"
                && record.header("otp-type") != "shop-put"
        }
        #expect(kept.isEmpty)
        #expect(try await world.texts(to: Traffic.phone(407)).isEmpty)
    }
}
