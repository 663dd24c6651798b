import Base
import HTTP
import Testing

@testable import Sandbox

@Suite("The stand-in Twilio, told to fail")
struct TwilioFailureTests {
    @Test("throttles, breaks and refuses as often as it was told")
    func answers() async throws {
        try await TestWorld.run { test in
            let cases: [(JSONTree, Int, JSONTree)] = [
                (["mode": "throttle", "retryAfterSeconds": 7, "times": 2], 429, 20429),
                (["mode": "serverError", "times": 2], 500, 20500),
                (["mode": "refuse", "code": 21614, "times": 2], 400, 21614),
            ]
            for (fault, status, code) in cases {
                #expect(try await test.api("POST", "/twilio/failures", fault).status == 201)
                for _ in 0..<2 {
                    let answer = try await test.text()
                    #expect(answer.status == status)
                    #expect(answer.json["code"] == code)
                    #expect(answer.headers["Retry-After"] == (status == 429 ? "7" : nil))
                }
                #expect(try await test.text().status == 201)
            }
            #expect(test.world.twilio.messages.count == 3)
        }
    }

    @Test("fails for one number only, until it is cleared")
    func oneNumber() async throws {
        try await TestWorld.run { test in
            _ = try await test.api("POST", "/twilio/failures", ["mode": "refuse", "to": "+15005550001"])
            #expect(try await test.text(["To": "+15005550002"]).status == 201)
            for _ in 0..<3 { #expect(try await test.text(["To": "+15005550001"]).status == 400) }
            #expect(try await test.api("DELETE", "/twilio/failures").status == 204)
            #expect(try await test.text(["To": "+15005550001"]).status == 201)
        }
    }

    @Test("hangs before accepting, and after", arguments: [("hangBefore", 0), ("hangAfter", 1)])
    func hangs(_ mode: String, _ accepted: Int) async throws {
        try await TestWorld.run { test in
            _ = try await test.api("POST", "/twilio/failures", ["mode": .string(mode), "times": 1])
            await #expect(throws: OutboundError.self) {
                _ = try await test.text(deadline: .milliseconds(300))
            }
            #expect(test.world.twilio.messages.count == accepted)
            #expect(try await test.text().status == 201)
        }
    }

    @Test("a hang that nobody gives up ends in a 500")
    func hangEnds() async throws {
        try await TestWorld.run(hang: .milliseconds(20)) { test in
            _ = try await test.api("POST", "/twilio/failures", ["mode": "hangBefore", "times": 1])
            #expect(try await test.text().status == 500)
        }
    }

    @Test(
        "reports what it was told to report",
        arguments: [
            ("undelivered", ["queued", "sent", "undelivered"], "30005"), ("failed", ["queued", "failed"], "30005"),
            ("sentOnly", ["queued", "sent"], nil), ("wrong", ["queued", "sent", "undelivered", "delivered"], nil),
        ] as [(String, [String], String?)])
    func receipts(_ receipt: String, _ statuses: [String], _ code: String?) async throws {
        try await TestWorld.run { test in
            _ = try await test.api(
                "POST", "/twilio/failures", ["receipt": .string(receipt), "code": 30005, "times": 1])
            let url = "\(test.world.settings.daemons.ingest)/status"
            _ = try await test.text(["StatusCallback": url])
            let posts = try await test.daemons.requests(on: "/status", atLeast: statuses.count)
            #expect(posts.compactMap { StandInTwilioTests.field("MessageStatus", $0) } == statuses)
            #expect(posts.last.flatMap { StandInTwilioTests.field("ErrorCode", $0) } == code)
        }
    }

    @Test("reports nothing when reports are off")
    func silent() async throws {
        try await TestWorld.run { test in
            _ = try await test.api("POST", "/twilio/failures", ["receipt": "off", "times": 1])
            let url = "\(test.world.settings.daemons.ingest)/status"
            let silent = try await test.text(["StatusCallback": .some(url)])
            let heard = try await test.text(["StatusCallback": .some(url)])
            let posts = try await test.daemons.requests(on: "/status", atLeast: 3)
            let sids = Set(posts.compactMap { StandInTwilioTests.field("MessageSid", $0) })
            #expect(sids == [try #require(heard.json["sid"]?.string)])
            #expect(sids.contains(try #require(silent.json["sid"]?.string)) == false)
        }
    }

    @Test("a failure without mode and receipt is refused")
    func nothing() async throws {
        try await TestWorld.run { test in
            let answer = try await test.api("POST", "/twilio/failures", ["times": 1])
            #expect(answer.status == 400)
        }
    }
}
