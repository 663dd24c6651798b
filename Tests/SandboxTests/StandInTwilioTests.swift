import Base
import Foundation
import HTTP
import Platforms
import Security
import Testing

@testable import Sandbox

@Suite("The stand-in Twilio")
struct StandInTwilioTests {
    @Test("accepts a text exactly as Twilio answers")
    func accepts() async throws {
        try await TestWorld.run { test in
            let answer = try await test.text()
            #expect(answer.status == 201)
            let sid = try #require(answer.json["sid"]?.string)
            #expect(sid.wholeMatch(of: #/SM[0-9a-f]{32}/#) != nil)
            var expected = try #require(JSONTree(parsing: Self.sample.utf8))
            let path = "/2010-04-01/Accounts/\(TestWorld.sid)/Messages/\(sid)"
            expected["sid"] = .string(sid)
            expected["uri"] = .string("\(path).json")
            expected["subresource_uris"] = ["media": .string("\(path)/Media.json")]
            for name in ["date_created", "date_updated"] {
                let text = try #require(answer.json[name]?.string)
                #expect(text.wholeMatch(of: #/[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d \+0000/#) != nil)
                expected[name] = .string(text)
            }
            #expect(answer.json == expected)
        }
    }

    @Test("asks for the account's credentials first", arguments: ["", "Basic", "Basic YTpi", "Bearer x"])
    func authentication(_ header: String) async throws {
        try await TestWorld.run { test in
            let answer = try await test.send("POST", TestWorld.messages, headers: ["Authorization": header])
            #expect(answer.status == 401)
            #expect(answer.json["code"] == 20003)
            #expect(answer.json["status"] == 401)
            #expect(answer.json["more_info"] == "https://www.twilio.com/docs/errors/20003")
        }
    }

    @Test("knows no other account")
    func otherAccount() async throws {
        try await TestWorld.run { test in
            let other = "/twilio/2010-04-01/Accounts/AC\(String(repeating: "c", count: 32))/Messages.json"
            let answer = try await test.send("POST", other, headers: test.credentials)
            #expect(answer.status == 404)
            #expect(answer.json["code"] == 20404)
        }
    }

    @Test(
        "refuses parameters as Twilio does",
        arguments: [
            ("To", nil, 21604), ("To", "2025550143", 21211), ("To", "+0123456789", 21211), ("To", "+1202", 21211),
            ("Body", nil, 21602), ("Body", String(repeating: "a", count: 1601), 21617),
            ("MessagingServiceSid", nil, 21603), ("MessagingServiceSid", "MGother", 21705),
            ("StatusCallback", "ftp://example.com", 21609), ("StatusCallback", "http://under_score.example", 21609),
            ("ValidityPeriod", "0", 20422), ("ValidityPeriod", "36001", 20422), ("ValidityPeriod", "x", 20422),
        ] as [(String, String?, Int64)])
    func parameters(_ name: String, _ value: String?, _ code: Int64) async throws {
        try await TestWorld.run { test in
            let answer = try await test.text([name: value])
            #expect(answer.status == 400)
            #expect(answer.json["code"] == .integer(code))
            #expect(test.world.twilio.messages.isEmpty)
        }
    }

    @Test("reports queued, sent and delivered, signed over the callback without its fragment")
    func callbacks() async throws {
        try await TestWorld.run { test in
            let url = "\(test.world.settings.daemons.ingest)/webhooks/twilio/status?otp=1"
            let accepted = try await test.text(["StatusCallback": url + "#rc=5&rp=all"])
            let posts = try await test.daemons.requests(on: "/webhooks/twilio/status", atLeast: 3)
            #expect(posts.compactMap { Self.field("MessageStatus", $0) } == ["queued", "sent", "delivered"])
            for post in posts {
                #expect(post.target == "/webhooks/twilio/status?otp=1")
                #expect(Self.field("MessageSid", post) == accepted.json["sid"]?.string)
                #expect(
                    TwilioSignature.validate(
                        url: url, parameters: post.formFields(), signature: post.headers["X-Twilio-Signature"],
                        tokens: [Secret(text: TestWorld.token)]))
            }
            #expect(Self.field("RawDlrDoneDate", posts[2])?.count == 10)
        }
    }

    @Test("repeats a callback that failed when its fragment says so")
    func callbackRetries() async throws {
        try await TestWorld.run { test in
            test.daemons.answer(.empty(503), .empty(500))
            let url = "\(test.world.settings.daemons.ingest)/status"
            _ = try await test.text(["StatusCallback": url + "#rc=5&rp=all"])
            let posts = try await test.daemons.requests(on: "/status", atLeast: 5)
            let statuses = posts.compactMap { Self.field("MessageStatus", $0) }
            #expect(statuses == ["queued", "queued", "queued", "sent", "delivered"])
        }
    }

    @Test("lists what it accepted, by number and day, and shows each")
    func lists() async throws {
        try await TestWorld.run { test in
            let first = try await test.text(["Body": "one"])
            _ = try await test.text(["To": "+15005550007", "Body": "two"])
            let query = "?To=%2B15005550006&PageSize=100"
            let found = try await test.send("GET", TestWorld.messages + query, headers: test.credentials)
            #expect(found.json["messages"]?.array?.compactMap { $0["body"]?.string } == ["one"])
            #expect(found.json["next_page_uri"] == .null)
            let later = try await test.send(
                "GET", TestWorld.messages + "?DateSent%3E=2999-01-01", headers: test.credentials)
            #expect(later.json["messages"]?.array?.isEmpty == true)
            let paged = try await test.send("GET", TestWorld.messages + "?PageSize=1", headers: test.credentials)
            #expect(paged.json["messages"]?.array?.compactMap { $0["body"]?.string } == ["two"])
            #expect(paged.json["next_page_uri"]?.string?.hasSuffix("PageSize=1&Page=1") == true)
            let sid = try #require(first.json["sid"]?.string)
            let path = "/twilio/2010-04-01/Accounts/\(TestWorld.sid)/Messages"
            let one = try await test.send("GET", "\(path)/\(sid).json", headers: test.credentials)
            #expect(one.json["body"] == "one")
            let none = try await test.send("GET", "\(path)/SM0.json", headers: test.credentials)
            #expect(none.status == 404)
        }
    }

    static func field(_ name: String, _ request: HTTPRequest) -> String? {
        request.formFields().first { $0.0 == name }?.1
    }

    /// Twilio's answer to a request with a messaging service, its ids and dates left to be filled in.
    private static let sample = """
        {"account_sid": "\(TestWorld.sid)", "api_version": "2010-04-01", "body": "123456 is your code.",
         "date_created": "", "date_sent": null, "date_updated": "", "direction": "outbound-api",
         "error_code": null, "error_message": null, "from": null,
         "messaging_service_sid": "\(TestWorld.service)", "num_media": "0", "num_segments": "1", "price": null,
         "price_unit": null, "sid": "", "status": "accepted", "subresource_uris": {}, "to": "+15005550006",
         "uri": ""}
        """
}
