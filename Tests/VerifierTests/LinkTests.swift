import Foundation
import HTTP
import Model
import Pipeline
import Security
import Testing

@testable import Verifier

@Suite("The link as people and programs copy it")
struct LinkTests {
    private static let answer: Answer = {
        var answer = Answer(.seen, about: nil)
        answer.status = .pending
        answer.codeLength = 6
        answer.resendsLeft = 3
        return answer
    }()

    private let scripted = ScriptedDoor(Self.answer)

    /// The query of a storefront, signed as Shopify does.
    private func signed() -> String {
        let seconds = scripted.now.withLock { $0 } / 1000
        let message = "path_prefix=/apps/otpshop=a.myshopify.comtimestamp=\(seconds)"
        let hex = Digest.hmacSHA256(key: ScriptedDoor.secret.bytes, Array(message.utf8))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "?shop=a.myshopify.com&path_prefix=%2Fapps%2Fotp&timestamp=\(seconds)&signature=\(hex)"
    }

    static let behind = [
        "", ".", ")", ",", "/", "//", "%20", "%20%20", ";", ":", "!", "?", "'", "%22", "\"", ">", "%3E", "]", "}", "*",
        "**", "_",
        "…", "%E2%80%A6", "”", "%E2%80%9D", "’", "»", "%C2%BB", "›", "“", "」", "』", "）", "】", "。", "،", "؟", "।",
        "\u{A0}",
        "%C2%A0", "\u{200B}", "\u{200F}", "%E2%80%8F", "%0A", "%0D%0A", "%09", "%00", "%", "%2", "%E2", "%E2%80", "%zz",
        ").", "/)",
        "./", "/%20", "&", "=", "+", "|", "~", "%5B/url%5D", "</a>", "/index.html", "Confirm", "0", "ff", "é", "%2F",
        "/x/y",
        "\u{301}", "?utm_source=sms", ".?x=1", "%23", "&amp;x=1", "-", "@",
    ]

    @Test("whatever stands behind a right token, it is the page, with forms to the clean link", arguments: behind)
    func page(behind: String) async {
        let (door, _) = scripted.door()
        let token = scripted.token.text
        for (method, prefix, query) in [("GET", "", ""), ("HEAD", "", ""), ("GET", "/proxy", signed())] {
            // A link's own query is no storefront's.
            guard query.isEmpty || !behind.contains("?") else { continue }
            let page = await scripted.call(method, "\(prefix)/v/\(token)\(behind)\(query)", door)
            #expect(page.status == 200)
            let html = String(decoding: page.body, as: UTF8.self)
            let link = prefix.isEmpty ? "/v/\(token)" : "/apps/otp/v/\(token)"
            #expect(html.contains("action=\"\(link)\"") && html.contains("action=\"\(link)/resend\""))
            #expect(html.contains("data-path=\"\(link)\""))
        }
        #expect(!scripted.refused(.token))
    }

    @Test("a code sent to such a link is taken all the same", arguments: behind)
    func code(behind: String) async throws {
        let (door, _) = scripted.door()
        let answer = await scripted.call("POST", "/v/\(scripted.token.text)\(behind)", body: "code=123456", door)
        #expect(answer.status == 200)
        guard case .guess = try AttemptMessage(Bench.arrived(try #require(scripted.questions.first))) else {
            Issue.record("not a guess")
            return
        }
    }

    @Test("upper-case letters and the page after a resend are the same link")
    func same() async {
        let (door, _) = scripted.door()
        let token = scripted.token.text
        for path in ["/v/\(token.uppercased())", "/v/\(token)/resend", "/v/\(token.uppercased())."] {
            let page = await scripted.call("GET", path, door)
            #expect(page.status == 200)
            #expect(String(decoding: page.body, as: UTF8.self).contains("action=\"/v/\(token)\""))
        }
    }

    @Test("what is no token is a page that says so, and counts against its address")
    func broken() async throws {
        let (door, _) = scripted.door()
        let token = scripted.token.text
        let short = [String(token.dropLast()), String(token.prefix(8)), "", "%", "\(token.dropLast())/", "(\(token)"]
        for text in short {
            let page = await scripted.call("GET", "/v/\(text)", headers: ["X-Forwarded-For": "198.51.100.1"], door)
            #expect(page.status == 404 && page.headers["Content-Type"]?.hasPrefix("text/html") == true, "\(text)")
        }
        let client = try #require(ClientAddress("198.51.100.1"))
        for _ in short.count..<30 {
            #expect(door.limits.failures.wait(client) == nil)
            door.limits.failures.take(client)
        }
        #expect(door.limits.failures.wait(client) != nil)
        #expect(scripted.questions.isEmpty && scripted.refused(.token))
    }

    @Test("the API wants the token alone; more behind it is a mistake, and no failure of the address")
    func exact() async {
        let (door, _) = scripted.door()
        let path = "/api/v1/verifications/\(scripted.token.text)."
        for _ in 0..<40 {
            #expect(
                await scripted.call("GET", path, headers: ["X-Forwarded-For": "198.51.100.1"], door).status == 404)
        }
        #expect(!scripted.refused(.address) && scripted.questions.isEmpty)
    }
}

@Suite("Below a path")
struct PublicPathTests {
    private static let answer: Answer = {
        var answer = Answer(.seen, about: nil)
        answer.status = .pending
        answer.codeLength = 6
        answer.resendsLeft = 3
        answer.shop = "a.myshopify.com"
        return answer
    }()

    @Test(
        "the page's addresses begin with our path, whether the proxy strips it or not",
        arguments: ["https://example.com/otp", "https://example.com/a/b-c_d.e"], [true, false])
    func below(url: String, isStripped: Bool) async throws {
        let scripted = ScriptedDoor(Self.answer)
        var settings = ShopSettings()
        let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4]
        settings.logo = ShopLogo(type: "image/png", data: Data(png).base64EncodedString())
        let record = ShopRecord(
            platform: "shopify", version: 1, wrappedKey: Sealed([1]), keyId: "k",
            installation: ShopRecord.Installation(
                accessToken: Sealed([2]), plan: .pro, shopifyPlan: nil, settings: settings, activatedAt: 0),
            putId: "p", applied: 1)
        scripted.looks.take(
            Bench.arrived(
                Wire.record(
                    Catalogue.shops, Bench.topology, key: "a.myshopify.com", type: "shop", value: Wire.encode(record))))
        let (door, _) = scripted.door(publicURL: url)
        let path = PublicPath.of(url)
        let asked = isStripped ? "" : path
        let token = scripted.token.text
        let calls = [
            ("GET", "/v/\(token)", "", 200), ("GET", "/v/\(token)/)", "", 200), ("GET", "/v/\(token)/resend", "", 200),
            ("POST", "/v/\(token)", "code=123456", 200), ("POST", "/v/\(token)/resend", "", 200),
            ("GET", "/api/v1/verifications/\(token)", "", 200), ("GET", "/v/x", "", 404),
        ]
        for (method, target, body, status) in calls {
            scripted.now.withLock { $0 += 2_000 }
            let answer = await scripted.call(method, asked + target, body: body, door)
            #expect(answer.status == status, "\(method) \(target)")
            let html = String(decoding: answer.body, as: UTF8.self)
            for match in html.matches(of: #/(?:action|src|href|data-path)="(/[^"]*)"/#) {
                #expect(match.1.hasPrefix("\(path)/v/"), "\(match.1)")
            }
        }
        let page = await scripted.call("GET", "\(asked)/v/\(token)", door)
        let logo = try #require(String(decoding: page.body, as: UTF8.self).firstMatch(of: #/src="([^"]*)"/#)?.1)
        #expect(logo.hasPrefix("\(path)/v/logo/"))
        let stripped = isStripped ? String(logo.dropFirst(path.count)) : String(logo)
        #expect(await scripted.call("GET", stripped, door).status == 200)
    }

    @Test(
        "a path is taken as it stands, or refused",
        arguments: [
            ("https://example.com", "", true), ("https://example.com/otp", "/otp", true),
            ("http://[::1]:80/a/b", "/a/b", true), ("https://example.com/a b", "/a b", false),
            ("https://example.com/:x", "/:x", false), ("https://example.com/%61", "/%61", false),
            ("https://example.com//otp", "//otp", false), ("https://example.com/a/../b", "/a/../b", false),
            ("https://example.com/*", "/*", false), ("https://example.com/{shop}", "/{shop}", false),
        ])
    func paths(url: String, path: String, isGood: Bool) {
        #expect(PublicPath.of(url) == path)
        #expect((PublicPath.complaint(about: url) == nil) == isGood)
    }
}
