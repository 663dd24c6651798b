import Foundation
import HTTP
@testable import Ingest
import Kafka
import Model
import Pipeline
import Testing
import Texts

@Suite("The operator's door")
struct AdminDoorTests {
    private let least = #"{"platform": "shopify", "accessToken": "\#(Bench.accessToken)"}"#

    private func errors(_ answer: HTTPResponse) throws -> [String] {
        try #require(try answer.json()["errors"] as? [String])
    }

    @Test("a put makes the key, seals the token and answers with the shop; get shows everything but the token")
    func put() async throws {
        let bench = try Bench()
        let answer = await bench.admin.put(bench.admin("PUT", least), Bench.shop)
        #expect(answer.status == 200)
        #expect(bench.sent.count == 2)
        let record = try #require(bench.directory[Bench.shop])
        #expect(record.installation?.settings == ShopSettings())
        let (_, key) = try #require(bench.directory.current(Bench.shop))
        let token = try key.open(
            try #require(record.installation?.accessToken.bytes), topic: "shops", key: Bench.shop,
            field: "accessToken")
        #expect(String(decoding: token, as: UTF8.self) == Bench.accessToken)

        let shown = await bench.admin.get(bench.admin("GET"), Bench.shop)
        #expect(shown.status == 200)
        let json = try shown.json()
        #expect(json as NSDictionary == (try answer.json()) as NSDictionary)
        #expect(json["accessToken"] as? String == "•••")
        #expect(json["plan"] as? String == "starter")
        #expect(!shown.text.contains(Bench.accessToken))
        let settings = try #require(json["settings"] as? [String: Any])
        #expect(
            Set(settings.keys) == [
                "active", "timerSeconds", "codeSeconds", "codeLength", "orders", "cancelOnTimeout", "onUndeliverable",
                "onUnusablePhone", "maxCancelsPerHour", "countries", "dailyCap", "template", "texts", "name",
                "originBound", "linkURL",
                "colour", "logo", "minimumTotal", "shippingCountries", "onlyTags", "exceptTags", "channels",
                "codGateways", "skipVerified", "phoneSources", "fixedLine", "voip", "aboveLimit", "refundOnCancel",
                "restockOnCancel", "notifyOnCancel", "staffNote",
            ])
        #expect(settings["countries"] is NSNull)
    }

    @Test("a put again keeps the key and the activation and replaces the rest")
    func putAgain() async throws {
        let bench = try Bench()
        _ = await bench.admin.put(bench.admin("PUT", least), Bench.shop)
        let first = try #require(bench.directory[Bench.shop])
        bench.clock.advance(by: .seconds(3600))
        let body =
            #"{"platform":"shopify","accessToken":"new","plan":"pro","shopifyPlan":"plus","settings":{"orders":"cod"}}"#
        #expect(await bench.admin.put(bench.admin("PUT", body), Bench.shop).status == 200)
        let second = try #require(bench.directory[Bench.shop])
        #expect(second.version == first.version)
        #expect(second.wrappedKey == first.wrappedKey)
        #expect(second.installation?.activatedAt == first.installation?.activatedAt)
        #expect(second.installation?.activatedAt == Bench.start)
        #expect(second.installation?.plan == .pro)
        #expect(second.installation?.shopifyPlan == "plus")
        #expect(second.installation?.settings.orders == .cod)
    }

    @Test("every problem of a body is named at once")
    func problems() async throws {
        let bench = try Bench()
        let body = """
            {"accessToken": "with space", "plan": "gold", "shopifyPlan": 7, "Platform": "shopify", "settings": {
              "active": 1, "timerSeconds": 299, "codeSeconds": 601, "codeLength": "6", "orders": "some",
              "cancelOnTimeout": null, "onUndeliverable": "tag", "maxCancelsPerHour": -1, "countries": ["de"],
              "dailyCap": 1.5, "template": "no code", "timer": 3, "name": "", "originBound": 1, "linkURL": "http://x.example/a",
              "texts": {"code": {"de": "kein", "fr": 3}, "verified": {"de": "www.x"}, "sold": {}}}}
            """
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.shop)
        #expect(answer.status == 400)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
        let named = try errors(answer).map { String($0.prefix { $0 != ":" }) }
        #expect(
            Set(named) == [
                "platform", "accessToken", "plan", "shopifyPlan", "Platform", "settings.active",
                "settings.timerSeconds", "settings.codeSeconds", "settings.codeLength", "settings.orders",
                "settings.cancelOnTimeout", "settings.maxCancelsPerHour", "settings.countries", "settings.dailyCap",
                "settings.template", "settings.timer", "settings.name", "settings.originBound", "settings.linkURL",
                "settings.texts.code", "settings.texts.verified.de", "settings.texts.sold",
            ])
        #expect(named.count == Set(named).count)
        #expect(!answer.text.contains("with space"))
        #expect(bench.sent.isEmpty)
    }

    @Test("texts, name and the last line are kept as they were put, and shown")
    func texts() async throws {
        let bench = try Bench()
        let body = """
            {"platform": "shopify", "accessToken": "t", "settings": {"name": "Café", "originBound": true,
              "texts": {"code": {"de": "{{code}} {{link}}"}, "verified": {}, "cancelled": null}}}
            """
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.shop)
        #expect(answer.status == 200)
        for answer in [answer, await bench.admin.get(bench.admin("GET"), Bench.shop)] {
            let shop = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
            let settings = try #require(shop["settings"] as? [String: Any])
            #expect(settings["name"] as? String == "Café" && settings["originBound"] as? Bool == true)
            let texts = try #require(settings["texts"] as? [String: [String: String]])
            #expect(texts == ["code": ["de": "{{code}} {{link}}"], "verified": [:]])
        }
        #expect(bench.directory[Bench.shop]?.installation?.settings.texts?.words == [.verified])
    }

    static let picture = Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Array(repeating: 1, count: 10_232))

    @Test("a colour and a logo are kept as they were put, and shown")
    func look() async throws {
        let bench = try Bench()
        let data = Self.picture.base64EncodedString()
        let body = """
            {"platform": "shopify", "accessToken": "t", "settings": {"colour": "#7A1f5c",
              "logo": {"type": "image/png", "data": "\(data)"}}}
            """
        #expect(await bench.admin.put(bench.admin("PUT", body), Bench.shop).status == 200)
        let shop = try await bench.admin.get(bench.admin("GET"), Bench.shop).json()
        let settings = try #require(shop["settings"] as? [String: Any])
        #expect(settings["colour"] as? String == "#7A1f5c")
        #expect(settings["logo"] as? [String: String] == ["type": "image/png", "data": data])
    }

    @Test(
        "a colour or logo that can't be shown is refused, and says why",
        arguments: [
            (#""colour": "red""#, "settings.colour"), ("\"colour\": \"#12345\"", "settings.colour"),
            (#""colour": 7"#, "settings.colour"), (#""logo": "x""#, "settings.logo"),
            (#""logo": {}"#, "settings.logo.data"), (#""logo": {"type": "image/png"}"#, "settings.logo.data"),
            (#""logo": {"type": "image/svg+xml", "data": "PHN2Zz4="}"#, "settings.logo.type"),
            (#""logo": {"type": "image/png", "data": "%%%"}"#, "settings.logo.data"),
            (#""logo": {"type": "image/jpeg", "data": "iVBORw0KGgo="}"#, "settings.logo.data"),
            (#""logo": {"type": "image/png", "data": "iVBORw0KGgo=", "url": "x"}"#, "settings.logo.url"),
            (
                #""logo": {"type": "image/png", "data": "\#((picture + [1]).base64EncodedString())"}"#,
                "settings.logo.data"
            ),
        ])
    func badLook(settings: String, name: String) async throws {
        let bench = try Bench()
        let body = #"{"platform": "shopify", "accessToken": "t", "settings": {\#(settings)}}"#
        let answer = await bench.admin.put(bench.admin("PUT", body), Bench.shop)
        #expect(answer.status == 400)
        #expect(try errors(answer).contains { $0.hasPrefix("\(name):") })
    }

    @Test(
        "what is no object, or whose parts are no objects, is refused",
        arguments: ["", "[]", "null", "{", "\"x\"", #"{"platform":"shopify","accessToken":"t","settings":[]}"#])
    func noObject(body: String) async throws {
        let bench = try Bench()
        #expect(await bench.admin.put(bench.admin("PUT", body), Bench.shop).status == 400)
    }

    @Test("five seconds are a timer only where short timers are allowed")
    func shortTimers() throws {
        let body = Array(
            #"{"platform":"shopify","accessToken":"t","settings":{"timerSeconds":5,"codeSeconds":600}}"#.utf8)
        func parse(_ allowed: Bool) -> Result<ShopPutBody, ShopPutBody.Problems> {
            ShopPutBody.parse(
                body, shop: Bench.shop, allowShortTimers: allowed, check: TemplateCheck(publicURL: nil))
        }
        #expect(throws: ShopPutBody.Problems.self) { try parse(false).get() }
        let good = try parse(true).get()
        #expect(good.settings.timerSeconds == 5)
        #expect(good.settings.codeSeconds == 600)
    }

    @Test("a delete is answered once the shop is gone; then it is unknown")
    func delete() async throws {
        let bench = try Bench()
        #expect(await bench.admin.delete(bench.admin("DELETE"), Bench.shop).status == 404)
        _ = await bench.admin.put(bench.admin("PUT", least), Bench.shop)
        #expect(await bench.admin.delete(bench.admin("DELETE"), Bench.shop).status == 204)
        #expect(bench.directory[Bench.shop] == nil)
        #expect(await bench.admin.get(bench.admin("GET"), Bench.shop).status == 404)
        _ = await bench.admin.put(bench.admin("PUT", least), Bench.shop)
        #expect(bench.directory[Bench.shop]?.installation != nil)
    }

    @Test("through the router: only a listed token is let in, only a shop's domain is an address")
    func guarded() async throws {
        let bench = try Bench()
        for token in [nil, "", "wrong", String(Bench.adminToken.dropLast()), Bench.adminToken + "x"] {
            let answer = await bench.admin.answer(bench.admin("GET", token: token), Bench.shop, bench.admin.get)
            #expect(answer.status == 401)
            #expect(answer.headers["WWW-Authenticate"] == "Bearer")
        }
        for token in [Bench.adminToken, String(repeating: "x", count: 40)] {
            let answer = await bench.admin.answer(bench.admin("GET", token: token), Bench.shop, bench.admin.get)
            #expect(answer.status == 404)
        }
        for name in ["example", "a.b.", "192.0.2.1", "x-.example.com", "demo.shop.myshopify.com", "a/b.example.com"] {
            let bad = await bench.admin.answer(bench.admin("GET"), name, bench.admin.get)
            #expect(bad.status == 400, "\(name)")
        }
        bench.isCaughtUp = false
        let early = await bench.admin.answer(bench.admin("GET"), Bench.shop, bench.admin.get)
        #expect(early.status == 503)
    }

    @Test("when the owner does not answer within five seconds it is 503")
    func noOwner() async throws {
        let bench = try Bench()
        let expectation = bench.watch.expect(
            Bench.shop, deadline: bench.watch.deadline(after: ShopChanges.patienceMs)
        ) { $0 != nil }
        bench.clock.advance(by: .milliseconds(4_999))
        bench.watch.expire()
        bench.clock.advance(by: .milliseconds(1))
        bench.watch.expire()
        #expect(await expectation.outcome() == false)
        bench.kafka = .full
        let answer = await bench.admin.put(bench.admin("PUT", least), Bench.shop)
        #expect(answer.status == 503)
        #expect(answer.headers["Retry-After"] != nil)
    }

    @Test("a message that Kafka does not take at once is put again, and done once")
    func putAgainToKafka() async throws {
        let bench = try Bench()
        bench.refusals = 2
        #expect(await bench.admin.put(bench.admin("PUT", least), Bench.shop).status == 200)
        #expect(bench.refusals == 0)
        #expect(bench.sent.count == 2)
    }
}
