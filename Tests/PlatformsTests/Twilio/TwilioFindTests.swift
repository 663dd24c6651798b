import Foundation
import HTTP
import Platforms
import Testing

@Suite("Looking for a text after an attempt of unknown outcome")
struct TwilioFindTests {
    static let since: Int64 = 1_795_168_961_000  // Fri, 20 Nov 2026 10:02:41 +0000

    static func message(
        _ sid: String, _ body: Any, _ created: Any = "Fri, 20 Nov 2026 10:02:41 +0000"
    ) -> [String: Any] {
        ["sid": sid, "status": "delivered", "body": body, "date_created": created, "date_sent": NSNull()]
    }

    static func find(_ messages: [[String: Any]], next: Any = NSNull()) async throws -> TextProvider.Lookup {
        let http = ScriptedHTTP(try .json(200, ["messages": messages, "next_page_uri": next]))
        return await TwilioProviderTests.provider(http).find("+15005550006", since, "123456 is “your” code")
    }

    @Test("The list is asked for by number alone: a text still queued has no day of sending")
    func request() async throws {
        let http = ScriptedHTTP(.answer(200))
        _ = await TwilioProviderTests.provider(http).find("+15005550006", Self.since, "x")
        let request = try #require(http.requests.first)
        #expect(request.method == "GET")
        #expect(
            request.url == "https://api.twilio.com/2010-04-01/Accounts/ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/"
                + "Messages.json?To=%2B15005550006&PageSize=200")
        #expect(request.headers["Authorization"]?.hasPrefix("Basic ") == true)
    }

    @Test("A text with our words, at or after the time, is found; SmartEncoded may have changed its quotes")
    func found() async throws {
        let hit = TextProvider.Lookup.found(id: "SM1", status: "delivered")
        #expect(try await Self.find([Self.message("SM1", "123456 is “your” code")]) == hit)
        #expect(try await Self.find([Self.message("SM1", "123456 is \"your\" code")]) == hit)
        let others = [Self.message("SM0", "999999 is your code"), Self.message("SM1", "123456 is your code")]
        #expect(try await Self.find(others) == hit)
        #expect(try await Self.find(others, next: "/2010-04-01/…") == hit)
        let clocks = Self.message("SM1", "123456 is your code", "Fri, 20 Nov 2026 10:02:11 +0000")
        #expect(try await Self.find([clocks]) == hit)
    }

    @Test("Another text, or ours from before the time, is none of it")
    func absent() async throws {
        #expect(try await Self.find([]) == .absent)
        #expect(try await Self.find([Self.message("SM1", "654321 is your code")]) == .absent)
        let old = Self.message("SM1", "123456 is your code", "Fri, 20 Nov 2026 10:02:10 +0000")
        #expect(try await Self.find([old]) == .absent)
    }

    @Test("What can't be told is unknown: a text not kept, a date not read, a list not at its end")
    func unknown() async throws {
        #expect(try await Self.find([Self.message("SM1", "")]) == .unknown)
        #expect(try await Self.find([Self.message("SM1", NSNull())]) == .unknown)
        #expect(try await Self.find([Self.message("SM1", "123456 is your code", "today")]) == .unknown)
        #expect(try await Self.find([], next: "/2010-04-01/…") == .unknown)
    }

    @Test("A text that is still queued, without a day of sending, is found")
    func queued() async throws {
        var message = Self.message("SM1", "123456 is your code")
        message["status"] = "queued"
        #expect(try await Self.find([message]) == .found(id: "SM1", status: "queued"))
    }

    @Test("No usable answer is unknown")
    func noAnswer() async {
        let answers: [Result<OutboundResponse, OutboundError>] = [
            .lost(.timedOut, maybeSent: true), .answer(500), .answer(404), .answer(200, Array("{}".utf8)),
        ]
        for answer in answers {
            let lookup = await TwilioProviderTests.provider(ScriptedHTTP(answer)).find("+15005550006", Self.since, "x")
            #expect(lookup == .unknown)
        }
    }
}
