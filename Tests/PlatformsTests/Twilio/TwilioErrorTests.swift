import HTTP
@testable import Platforms
import Testing

@Suite("Twilio's errors")
struct TwilioErrorTests {
    enum Expected: Sendable {
        case refused(SendFault)
        case retry(Duration?)
        case ambiguous
    }

    static func send(_ status: Int, code: Int?, headers: HTTPHeaders = [:]) async -> SendResult {
        let body = code.map { #"{"code":\#($0),"message":"To +15005550006","status":\#(status)}"# } ?? "<html>"
        let http = ScriptedHTTP(.answer(status, Array(body.utf8), headers: headers))
        return await TwilioProviderTests.provider(http).send(TwilioProviderTests.message)
    }

    static func expect(_ result: SendResult, _ expected: Expected) {
        switch (result, expected) {
        case (.refused(let reason, let fault), .refused(let wanted)):
            #expect(fault == wanted)
            #expect(!reason.contains("+1"))
        case (.retry(let after, _), .retry(let wanted)): #expect(after == wanted)
        case (.ambiguous, .ambiguous): break
        default: Issue.record("\(result) is not \(expected)")
        }
    }

    /// Every row of the table, as an answer with HTTP 400.
    static let rows: [(Int, Expected)] = [
        (10001, .refused(.account)), (20003, .refused(.account)), (20005, .refused(.account)),
        (20006, .refused(.account)), (20008, .refused(.account)), (20404, .refused(.account)), (20429, .retry(nil)),
        (20500, .retry(nil)),
        (20503, .retry(nil)), (21211, .refused(.number)), (21212, .refused(.account)),
        (21213, .refused(.account)), (21214, .refused(.number)), (21265, .refused(.number)),
        (21266, .refused(.account)), (21268, .refused(.number)), (21408, .refused(.destination)),
        (21602, .refused(.content)), (21603, .refused(.account)), (21604, .refused(.content)),
        (21606, .refused(.account)), (21607, .refused(.account)),
        (21608, .refused(.destination)), (21609, .refused(.account)), (21610, .refused(.optedOut)),
        (21611, .retry(nil)),
        (21612, .refused(.destination)),
        (21614, .refused(.number)), (21617, .refused(.content)), (21626, .refused(.account)),
        (21635, .refused(.number)),
        (21654, .refused(.account)), (21655, .refused(.account)), (21656, .refused(.account)),
        (21657, .refused(.account)),
        (21659, .refused(.account)), (21660, .refused(.account)), (21661, .refused(.account)),
        (21662, .refused(.account)), (21701, .refused(.account)), (21702, .refused(.account)),
        (21703, .refused(.account)), (21704, .refused(.account)), (21705, .refused(.account)), (30001, .retry(nil)),
        (30002, .refused(.account)),
        (30003, .retry(nil)), (30004, .refused(.content)), (30005, .refused(.number)), (30006, .refused(.number)),
        (30007, .refused(.content)), (30008, .retry(nil)), (30010, .refused(.account)), (30022, .retry(nil)),
        (30023, .retry(nil)), (30024, .refused(.destination)), (30032, .refused(.destination)),
        (30034, .refused(.destination)), (30035, .refused(.destination)), (30036, .retry(nil)),
        (30037, .refused(.account)), (30410, .retry(nil)), (30450, .refused(.suspect)), (30453, .refused(.suspect)),
        (30454, .refused(.suspect)),
        (30485, .refused(.suspect)), (63038, .retry(.seconds(3600))),
    ]

    @Test("A code decides where the status is 400", arguments: rows)
    func row(code: Int, expected: Expected) async {
        Self.expect(await Self.send(400, code: code), expected)
    }

    @Test("Every row of the table is tested")
    func complete() {
        #expect(Self.rows.map(\.0) == TwilioErrorRule.table.map(\.code))
    }

    @Test("An unknown code or none is final and nobody's number's fault", arguments: [29_999, nil])
    func unknown(code: Int?) async {
        Self.expect(await Self.send(400, code: code), .refused(.content))
        Self.expect(await Self.send(422, code: code), .refused(.content))
    }

    @Test(
        "The status comes first, whatever the code",
        arguments: [
            (401, .refused(.account)), (403, .refused(.account)), (404, .refused(.account)), (429, .retry(nil)),
            (408, .ambiguous), (500, .ambiguous), (502, .ambiguous), (503, .ambiguous), (504, .ambiguous),
            (302, .ambiguous),
        ] as [(Int, Expected)])
    func status(status: Int, expected: Expected) async {
        for code in [21211, 21610, nil] { Self.expect(await Self.send(status, code: code), expected) }
    }

    @Test("A country that is not enabled is no reason to stop all texts, whatever the status", arguments: [400, 403])
    func oneCountry(status: Int) async {
        Self.expect(await Self.send(status, code: 21408), .refused(.destination))
    }

    @Test("An account over its daily limit is not asked every few seconds")
    func dailyLimit() async {
        Self.expect(await Self.send(429, code: 63038), .retry(.seconds(3600)))
        Self.expect(await Self.send(429, code: 63038, headers: ["Retry-After": "60"]), .retry(.seconds(60)))
    }

    @Test("as a delivery report only what says something of the number for good blames it")
    func reports() {
        let known = Dictionary(grouping: TwilioErrorRule.table, by: { "\($0.report)" }).mapValues { $0.map(\.code) }
        #expect(known["number"] == [21211, 21214, 21265, 21268, 21614, 21635, 30005, 30006])
        #expect(known["optedOut"] == [21610])
        #expect(known["passing(nil)"] == [30450, 30453, 30454, 30485])
        for code in [30001, 30003, 30008, 30022, 30023, 30036, 30410] {
            #expect(TwilioErrorRule.of(code)?.report == .passing(.anybody), "\(code)")
        }
        for code in [30002, 30004, 30007, 30010, 30032, 30034, 21408, 21612] {
            #expect(TwilioErrorRule.of(code)?.report == .passing(.another), "\(code)")
        }
    }

    struct Samples: Decodable {
        struct Case: Decodable {
            struct Body: Decodable {
                let code: Int
            }

            let httpStatus: Int
            let body: Body
            let headers: [String: String]?
        }

        let cases: [Case]
    }

    @Test("The sample answers")
    func samples() async throws {
        let expected: [Int: Expected] = [
            21211: .refused(.number), 21408: .refused(.destination), 21610: .refused(.optedOut),
            21612: .refused(.destination),
            21614: .refused(.number), 21635: .refused(.number), 21617: .refused(.content), 20003: .refused(.account),
            20404: .refused(.account), 20429: .retry(.seconds(1)), 63038: .retry(.seconds(3600)), 20500: .ambiguous,
            20503: .ambiguous,
        ]
        let cases = try Vectors.decode(Samples.self, "twilio/errors.json").cases
        #expect(cases.count == 13)
        for sample in cases {
            let headers = HTTPHeaders((sample.headers ?? [:]).map { ($0.key, $0.value) })
            let result = await Self.send(sample.httpStatus, code: sample.body.code, headers: headers)
            Self.expect(result, try #require(expected[sample.body.code]))
        }
    }
}
