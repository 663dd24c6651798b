import Base
import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Platforms
import Security
import Testing
import Texts

@testable import Ingest

@Suite("Changing a shop")
struct ShopPatchTests {
    private let whole = #"""
        {"platform": "shopify", "accessToken": "\#(Bench.accessToken)", "plan": "growth", "settings": {
          "name": "Café", "timerSeconds": 1800, "countries": ["DE"],
          "texts": {"code": {"de": "{{code}} {{link}}", "en": "{{code}} {{link}}"}, "verified": {}}}}
        """#

    private func open() async throws -> Bench {
        let bench = try Bench()
        #expect(await bench.admin.put(bench.admin("PUT", whole), Bench.shop).status == 200)
        return bench
    }

    private func patch(_ bench: Bench, _ body: String, match: String? = nil) async -> HTTPResponse {
        var request = bench.admin("PATCH", body)
        if let match { request.headers.set("If-Match", match) }
        return await bench.admin.patch(request, Bench.shop)
    }

    @Test("what is named changes, the rest stays, the token among it; null is the default again")
    func merge() async throws {
        let bench = try await open()
        let before = try #require(bench.directory[Bench.shop])
        let answer = await patch(
            bench,
            #"{"plan": "pro", "settings": {"active": false, "countries": null, "texts": {"code": {"de": null}}}}"#)
        #expect(answer.status == 200)
        let after = try #require(bench.directory[Bench.shop])
        var expected = try #require(before.installation)
        expected.plan = .pro
        expected.settings.active = false
        expected.settings.countries = nil
        expected.settings.texts?.code?["de"] = nil
        #expect(after.installation == expected)
        #expect(after.version == before.version && after.putId != before.putId)
        let shown = await bench.admin.get(bench.admin("GET"), Bench.shop)
        #expect(shown.text == answer.text && shown.headers["ETag"] == answer.headers["ETag"])
        #expect(answer.headers["ETag"] == "\"\(after.putId)\"")
    }

    @Test("every setting that can be put can be read back from what is stored")
    func names() throws {
        var settings = ShopSettings()
        settings.countries = ["DE"]
        settings.dailyCap = 7
        settings.texts = ShopTexts(code: ["de": "{{code}} {{link}}"], verified: [:])
        settings.name = "Café"
        settings.originBound = true
        settings.colour = "#7A1f5c"
        settings.logo = ShopLogo(type: "image/png", data: AdminDoorTests.picture.base64EncodedString())
        settings.linkURL = "https://shop.example/apps/otp"
        settings.minimumTotal = "12.50"
        settings.shippingCountries = ["AT"]
        settings.onlyTags = ["a"]
        settings.exceptTags = ["b"]
        settings.channels = []
        settings.codGateways = ["Bar"]
        settings.skipVerified = true
        settings.phoneSources = [.billing, .order]
        settings.onUnusablePhone = .ignore
        settings.fixedLine = true
        settings.voip = false
        settings.aboveLimit = .review
        settings.refundOnCancel = false
        settings.restockOnCancel = false
        settings.notifyOnCancel = true
        settings.staffNote = "note"
        settings.template = "{{code}} {{link}}"
        guard case .object(let fields) = JSONTree(of: settings) else {
            Issue.record("no object")
            return
        }
        // One that is nil is not stored: a setting that was forgotten above would be no field.
        #expect(fields.count == Mirror(reflecting: settings).children.count)
        let (read, problems) = ShopPutBody.settings(fields, false)
        #expect(read == settings && problems == [])
    }

    @Test("nothing is asked of the owner for nothing")
    func empty() async throws {
        let bench = try await open()
        let sent = bench.sent.count
        for body in ["{}", #"{"settings": {}}"#, #"{"settings": null}"#] {
            #expect(await patch(bench, body).status == 200)
        }
        #expect(bench.sent.count <= sent + 1)
        #expect(try #require(bench.directory[Bench.shop]?.installation).plan == .growth)
    }

    @Test(
        "what the patch makes wrong is named, and nothing changes",
        arguments: [
            (#"[]"#, "the body must be"), (#"{"accessToken": "x"}"#, "accessToken: unknown field"),
            (#"{"platform": "orders"}"#, "platform: unknown field"), (#"{"plan": "gold"}"#, "plan: must be"),
            (#"{"webhookSecrets": []}"#, "webhookSecrets: unknown field"),
            (#"{"settings": {"timerSeconds": 1}}"#, "settings.timerSeconds: 1 is outside"),
            (#"{"settings": {"activ": true}}"#, "settings.activ: unknown field"),
            (#"{"settings": {"texts": {"code": {"de": "no code"}}}}"#, "settings.texts.code.de"),
        ])
    func wrong(body: String, problem: String) async throws {
        let bench = try await open()
        let before = bench.directory[Bench.shop]
        let answer = await patch(bench, body)
        #expect(answer.status == 400)
        let errors = try #require(try answer.json()["errors"] as? [String])
        #expect(errors.count == 1 && errors.allSatisfy { $0.hasPrefix(problem) }, "\(errors)")
        #expect(bench.directory[Bench.shop] == before)
    }

    @Test("a shop whose settings would not be put today can still be paused, not made worse")
    func oldRules() async throws {
        let bench = try Bench()
        try bench.install { $0.timerSeconds = 5 }
        #expect(await patch(bench, #"{"settings": {"active": false}}"#).status == 200)
        let settings = try #require(bench.directory[Bench.shop]?.installation?.settings)
        #expect(!settings.active && settings.timerSeconds == 5)
        #expect(await patch(bench, #"{"settings": {"timerSeconds": 6}}"#).status == 400)
        #expect(await patch(bench, #"{"settings": {"timerSeconds": 600}}"#).status == 200)
    }

    @Test("an unknown shop is 404, one that was changed since is 412 for who wants to know")
    func conditions() async throws {
        let bench = try Bench()
        #expect(await patch(bench, "{}").status == 404)
        let seen = try #require(
            await bench.admin.put(bench.admin("PUT", whole), Bench.shop).headers["ETag"])
        #expect(await patch(bench, #"{"plan": "pro"}"#, match: "*").status == 200)
        #expect(await patch(bench, #"{"plan": "starter"}"#, match: seen).status == 412)
        let now = await bench.admin.get(bench.admin("GET"), Bench.shop).headers["ETag"]
        #expect(await patch(bench, #"{"plan": "starter"}"#, match: now).status == 200)
        #expect(bench.directory[Bench.shop]?.installation?.plan == .starter)
    }

    @Test("a put that came between is not undone: the owner passes the patch over, the door merges again")
    func between() async throws {
        let bench = try await open()
        let record = try #require(bench.directory[Bench.shop])
        var settings = try #require(record.installation?.settings)
        settings.active = false
        let patch = WebhookMessage.shopPatch(
            .init(putId: "a", over: "another", shopVersion: record.version, settings: settings))
        bench.feed(patch.record(shop: Bench.shop, bench.topology))
        #expect(bench.directory[Bench.shop] == record)
        let older = WebhookMessage.shopPatch(
            .init(putId: "a", over: record.putId, shopVersion: record.version - 1, settings: settings))
        bench.feed(older.record(shop: Bench.shop, bench.topology))
        #expect(bench.directory[Bench.shop] == record)
        #expect(bench.metric("otp_ingest_replays_total") == 1 && bench.metric("otp_ingest_key_gone_total") == 1)
        // While the door's first message was under way, another operator's put was done.
        bench.before = {
            let put = WebhookMessage.shopPatch(
                .init(putId: "b", over: record.putId, shopVersion: record.version, plan: .pro))
            bench.feed(put.record(shop: Bench.shop, bench.topology))
        }
        #expect(await self.patch(bench, #"{"settings": {"active": false}}"#).status == 200)
        let after = try #require(bench.directory[Bench.shop]?.installation)
        #expect(after.plan == .pro && !after.settings.active && after.settings.name == "Café")
    }

    @Test("a source's secrets change without the rest; none, or six, are refused")
    func secrets() async throws {
        let bench = try Bench()
        _ = try await bench.putSource(settings: #"{"name": "Example"}"#)
        let new = Secret([UInt8](repeating: 8, count: 32))
        func change(_ secrets: [Secret]) async -> Int {
            let texts = secrets.map { "\"\(StandardWebhooks.text(of: $0))\"" }.joined(separator: ", ")
            return await bench.admin.patch(bench.admin("PATCH", #"{"webhookSecrets": [\#(texts)]}"#), Bench.source)
                .status
        }
        #expect(await change([new]) == 200)
        let (record, key) = try #require(bench.directory.current(Bench.source))
        #expect(bench.secrets.of(Bench.source, record.installation?.webhookSecrets, key) == [new])
        #expect(record.installation?.settings.name == "Example")
        #expect(await change([]) == 400)
        #expect(await change(Array(repeating: new, count: 6)) == 400)
        #expect(bench.directory[Bench.source] == record)
    }

    @Test("what the owner learned in the meantime stays")
    func learned() async throws {
        let bench = try await open()
        var record = try #require(bench.directory[Bench.shop])
        record.installation?.profile = ShopProfile(name: "P", timeZone: "Asia/Kolkata", currency: "INR")
        record.shipsTo = ["IN"]
        bench.logic.restore(
            bench.incoming(
                Wire.record(
                    Catalogue.shops, bench.topology, key: Bench.shop, type: "shop", value: Wire.encode(record))))
        #expect(await patch(bench, #"{"settings": {"active": false}}"#).status == 200)
        let after = try #require(bench.directory[Bench.shop])
        #expect(after.installation?.profile?.name == "P" && after.shipsTo == ["IN"])
    }
}
