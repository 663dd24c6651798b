import Base
import Foundation
import HTTP
import Model
import Pipeline
import TestWorld
import Testing

/// What happens to shops and their orders beside a shopper's answer: lost webhooks, changed numbers, merchants who
/// decide themselves, plans, uninstalls, tokens that end.
@Suite("Shops and their orders", .scannedWorld)
struct ShopJourneyTests {
    private let world = World.now

    private func row(_ shop: String) throws -> ShopRecord? {
        let row = world.topics.on(Catalogue.shops).last { $0.key == Array(shop.utf8) }
        return try row?.value.map { try JSONDecoder().decode(ShopRecord.self, from: Data($0)) }
    }

    private func change(_ order: World.PlacedOrder, _ change: [String: Any]) async throws {
        let answer = try await world.sandbox("POST", "/orders/\(order.id)/update", change)
        #expect(answer.status == 200)
    }

    @Test("an order whose webhook never came is found, verified, and tagged; those that came are not asked twice")
    func reconciled() async throws {
        try await world.restart("otp-ingest", ["OTP_POLL_SECONDS": "1"])
        let shop = "lost-webhooks.myshopify.com"
        try await world.register(shop)
        let seen = try await world.place(shop, phone: "+12025550160")
        #expect(seen.webhookStatus == 200)
        let lost = try await world.place(shop, phone: "+12025550161", ["webhook": false])
        let text = try await world.text(to: "+12025550161")
        #expect(try await world.guess(text.code, text.token).status == 200)
        _ = try await world.eventually("the tag") {
            try await world.tags(lost).contains("otp-verified") ? true : nil
        }
        _ = try await world.eventually("the position to go on") {
            try row(shop)?.installation?.care?.polledTo.flatMap { $0 > Self.now() - 5_000 ? true : nil }
        }
        #expect(try await world.texts(to: "+12025550160").count == 1)
        try await world.restart("otp-ingest")
    }

    @Test(
        "a shop that refuses customers still has its lost orders found, by whichever token; the refusal is named once and shown"
    )
    func reconciledInPart() async throws {
        try await world.restart("otp-ingest", ["OTP_POLL_SECONDS": "1"])
        let (shop, modest) = ("no-customers.myshopify.com", "documented-scopes.myshopify.com")
        try await world.register(shop)
        #expect(try await world.sandbox("POST", "/shops/\(modest)/install", [:]).status == 200)
        let fault = ["mode": "refuseField", "operation": "orders", "field": "customer"]
        #expect(try await world.sandbox("POST", "/shopify/failures", fault).status == 201)
        for (domain, phone) in [(shop, "+12025550181"), (modest, "+12025550182")] {
            let lost = try await world.place(domain, phone: phone, ["webhook": false])
            let text = try await world.text(to: phone)
            #expect(try await world.guess(text.code, text.token).status == 200)
            _ = try await world.eventually("the tag") {
                try await world.tags(lost).contains("otp-verified") ? true : nil
            }
        }
        #expect(try row(shop)?.installation?.care?.accessDenied == ["customer"])
        let program = try Program.run(
            "otp-ingest", ["shops", "show", shop],
            environment: [
                "OTP_INGEST_URL": "http://127.0.0.1:\(world.ports.ingest)", "OTP_ADMIN_TOKEN": world.secrets.adminToken,
            ], input: "")
        #expect(program.output.contains("accessDenied") && program.output.contains("customer"))
        let logs = try world.logs().filter { $0.0 == "otp-ingest" }.map { $0.1 }.joined()
        #expect(
            logs.split(separator: "\n").filter { $0.contains("refuses what is asked") && $0.contains(shop) }.count == 1)
        _ = try await world.sandbox("DELETE", "/shopify/failures")
        try await world.restart("otp-ingest")
    }

    @Test("a shop with two names at Shopify is verified under both")
    func twoNames() async throws {
        let shop = "a1b2c3-4d.myshopify.com"
        try await world.register(shop, ["otherName": "two-names.myshopify.com"])
        let order = try await world.place(shop, phone: "+12025550183")
        let text = try await world.text(to: "+12025550183")
        #expect(try await world.guess(text.code, text.token).status == 200)
        _ = try await world.eventually("the tag") {
            try await world.tags(order).contains("otp-verified") ? true : nil
        }
        _ = try await world.eventually("the shop's number") { try row(shop)?.installation?.profile?.id }
    }

    private static func now() -> Int64 { Clock.system.now() }

    @Test("another number on the order gets its own code; the old code is void")
    func phoneChanged() async throws {
        let shop = "other-number.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: "+12025550162")
        let old = try await world.text(to: "+12025550162")
        try await change(order, ["phone": "+12025550163"])
        let new = try await world.text(to: "+12025550163")
        #expect(old.token == new.token)
        let wrong = try await world.guess(old.code, old.token)
        #expect(wrong.json["verdict"] as? String != "verified")
        #expect(try await world.guess(new.code, new.token).json["verdict"] as? String == "verified")
    }

    @Test("the merchant's own word closes a verification, and nothing is cancelled", arguments: [true, false])
    func released(byTag: Bool) async throws {
        let shop = "own-word-\(byTag ? "tag" : "sent").myshopify.com"
        try await world.register(shop, timerSeconds: 5)
        let phone = byTag ? "+12025550164" : "+12025550165"
        let order = try await world.place(shop, phone: phone)
        let text = try await world.text(to: phone)
        try await change(order, byTag ? ["addTags": ["otp-approve"]] : ["fulfilled": true])
        let word = byTag ? "expired:approved" : "expired:fulfilled"
        _ = try await world.eventually(word) { world.outcomes(order.gid).contains(word) ? true : nil }
        #expect(try await world.guess(text.code, text.token).status == 410)
        // Longer than the timer would have been.
        try await Task.sleep(for: .seconds(6))
        let after = try await world.order(order)
        #expect(after["cancelledAt"] is NSNull || after["cancelledAt"] == nil)
        #expect(!world.outcomes(order.gid).contains { $0.hasPrefix("cancelled") })
    }

    @Test("above the plan's limit orders pass by, or are tagged where the merchant wants that")
    func planLimit() async throws {
        try await world.restart("otp-ingest", ["OTP_PLAN_LIMITS": "growth=1"])
        for policy in ["letThrough", "review"] {
            let shop = "small-plan-\(policy.lowercased()).myshopify.com"
            try await world.register(shop, ["aboveLimit": policy])
            let first = try await world.place(shop, phone: policy == "review" ? "+12025550166" : "+12025550167")
            _ = try await world.eventually("a text") { world.outcomes(first.gid).first }
            let second = try await world.place(shop, phone: "+12025550168")
            if policy == "review" {
                _ = try await world.eventually("the tag") {
                    try await world.tags(second).contains("otp-unverified") ? true : nil
                }
                #expect(world.outcomes(second.gid) == ["undeliverable:undeliverable"])
            } else {
                let outcome = try await world.eventually("the outcome") { world.outcomes(second.gid).first }
                #expect(outcome == "skipped:plan_limit")
            }
        }
        #expect(try await world.texts(to: "+12025550168").isEmpty)
        try await world.restart("otp-ingest")
    }

    @Test("an uninstall takes the shop away: its key, its records, its outcomes; nothing is sent any more")
    func uninstalled() async throws {
        let shop = "goes-away.myshopify.com"
        #expect(try await world.sandbox("POST", "/shops/\(shop)/install", [:]).status == 200)
        let order = try await world.place(shop, phone: "+12025550169")
        let text = try await world.text(to: "+12025550169")
        #expect(try await world.sandbox("POST", "/shops/\(shop)/uninstall").status == 200)
        _ = try await world.eventually("the shop's row to go") { try row(shop) == nil ? true : nil }
        let id = world.topics.on(Catalogue.outcomes).first { $0.header("ce_subject") == order.gid }
        #expect(id != nil)
        _ = try await world.eventually("the record to go") {
            try await world.verifierAPI("GET", text.token).status == 404 ? true : nil
        }
        // Every outcome key of the shop's has a tombstone, after all else under that key.
        let all = world.topics.on(Catalogue.outcomes).filter { record in
            record.key.map { String(decoding: $0, as: UTF8.self).hasPrefix("\(shop)/") } ?? false
        }
        let last = Dictionary(all.map { ($0.key, $0.value == nil) }) { $1 }
        #expect(!last.isEmpty && last.values.allSatisfy(\.self))
        let late = try await world.place(shop, phone: "+12025550170")
        #expect(late.webhookStatus == 200)
        #expect(world.outcomes(late.gid).isEmpty)
        #expect(try await world.texts(to: "+12025550170").isEmpty)
    }

    @Test("a customer's redaction reaches the record of an order named, and that alone")
    func redacted() async throws {
        let shop = "redacts.myshopify.com"
        try await world.register(shop)
        let order = try await world.place(shop, phone: "+12025550171")
        let other = try await world.place(shop, phone: "+12025550172")
        let (text, kept) = (try await world.text(to: "+12025550171"), try await world.text(to: "+12025550172"))
        let number = Int64(order.gid.split(separator: "/").last ?? "") ?? 0
        let body = #"{"shop_id":1,"shop_domain":"\#(shop)","customer":{"id":1},"orders_to_redact":[\#(number)]}"#
        let answer = try await world.sandbox(
            "POST", "/webhooks", ["topic": "customers/redact", "shop": shop, "body": body])
        #expect(answer.json["status"] as? Int == 200)
        _ = try await world.eventually("the record to go") {
            try await world.verifierAPI("GET", text.token).status == 404 ? true : nil
        }
        #expect(try await world.verifierAPI("GET", kept.token).status == 200)
        #expect(world.outcomes(other.gid).contains { $0.hasPrefix("sent") })
    }

    @Test("a token that ends is renewed before it does, and orders are tagged with the new one")
    func renewed() async throws {
        let shop = "renews.myshopify.com"
        #expect(try await world.sandbox("POST", "/shops/\(shop)/install", ["tokenSeconds": 8]).status == 200)
        let first = try await world.eventually("the grant") { try row(shop)?.installation?.grant?.number }
        _ = try await world.eventually("a new token, tried") { () -> Bool? in
            guard let grant = try row(shop)?.installation?.grant, grant.number > first, grant.previous == nil else {
                return nil
            }
            return true
        }
        let order = try await world.place(shop, phone: "+12025550173")
        let text = try await world.text(to: "+12025550173")
        #expect(try await world.guess(text.code, text.token).status == 200)
        _ = try await world.eventually("the tag") {
            try await world.tags(order).contains("otp-verified") ? true : nil
        }
    }
}
