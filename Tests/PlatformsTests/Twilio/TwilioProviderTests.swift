import Foundation
import HTTP
import Platforms
import Security
import Testing

@Suite("Sending through Twilio")
struct TwilioProviderTests {
    struct Sample: Decodable {
        let method: String
        let url: String
        let form: [String: String]
        let encodedBody: String
    }

    static let now: Int64 = 1_795_168_920_000

    static func provider(_ http: ScriptedHTTP, baseURL: String = "https://api.twilio.com") -> TextProvider {
        let now = now
        return TwilioProvider.make(
            accountSid: "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", authToken: Secret(text: "token"),
            messagingServiceSid: "MGaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", baseURL: baseURL, http: http.client,
            now: { now })
    }

    static let message = TextMessage(to: "+15005550006", body: "123456 is your code", validitySeconds: 600)

    @Test(
        "The request is the sample's, byte for byte", arguments: ["https://api.twilio.com", "https://api.twilio.com/"])
    func request(base: String) async throws {
        let sample = try Vectors.decode(Sample.self, "twilio/messages-create-request.json")
        let http = ScriptedHTTP(.answer(201, try Vectors.bytes("twilio/messages-create-201.json")))
        let callback = try #require(sample.form["StatusCallback"]?.split(separator: "#").first)
        let message = TextMessage(
            to: try #require(sample.form["To"]), body: try #require(sample.form["Body"]),
            statusCallback: String(callback), validitySeconds: 600)
        let result = await Self.provider(http, baseURL: base).send(message)
        #expect(result == .accepted(messageId: "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
        let request = try #require(http.requests.first)
        #expect(http.requests.count == 1)
        #expect(request.method == sample.method)
        #expect(request.url == sample.url)
        #expect(
            String(decoding: request.body, as: UTF8.self) == sample.encodedBody + "&ContentRetention=discard")
        #expect(request.headers["Content-Type"] == "application/x-www-form-urlencoded")
        let credentials = Data("ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:token".utf8).base64EncodedString()
        #expect(request.headers["Authorization"] == "Basic \(credentials)")
    }

    @Test(
        "The time in the queue is kept to what Twilio takes",
        arguments: [(-5, 1), (0, 1), (1, 1), (600, 600), (36_000, 36_000), (259_200, 36_000)])
    func validity(asked: Int, sent: Int) async throws {
        let http = ScriptedHTTP(.answer(500))
        var message = Self.message
        message.validitySeconds = asked
        _ = await Self.provider(http).send(message)
        let fields = HTTPRequest(method: "POST", target: "/", body: try #require(http.requests.first).body).formFields()
        #expect(fields.first { $0.0 == "ValidityPeriod" }?.1 == String(sent))
        #expect(!fields.contains { $0.0 == "StatusCallback" })
    }

    @Test("An account that can't discard texts is asked once, then no more")
    func retention() async throws {
        let created = try Vectors.bytes("twilio/messages-create-201.json")
        let http = ScriptedHTTP(
            try .json(400, ["code": 30029, "message": "Invalid ContentRetention", "status": 400]),
            .answer(201, created), .answer(201, created))
        let provider = Self.provider(http)
        for _ in 0..<2 {
            #expect(
                await provider.send(Self.message) == .accepted(messageId: "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
        }
        let asked = http.requests.map { String(decoding: $0.body, as: UTF8.self).contains("ContentRetention") }
        #expect(asked == [true, false, false])
    }

    @Test("Every byte of a text survives the form")
    func encoding() async throws {
        let http = ScriptedHTTP(.answer(500))
        var message = Self.message
        message.body = "a+b&c=d%20 ~*-._\r\n€ código 花子 '\"<>#@"
        _ = await Self.provider(http).send(message)
        let fields = HTTPRequest(method: "POST", target: "/", body: try #require(http.requests.first).body).formFields()
        #expect(fields.first { $0.0 == "Body" }?.1 == message.body)
    }

    @Test(
        "Without an answer it matters whether the request may have left",
        arguments: [OutboundError.Kind.timedOut, .couldNotConnect, .connectionLost, .tls, .cancelled, .other])
    func lost(kind: OutboundError.Kind) async {
        let reason = "no answer, \(kind.rawValue)"
        let left = await Self.provider(ScriptedHTTP(.lost(kind, maybeSent: true))).send(Self.message)
        #expect(left == .ambiguous(reason: reason))
        let stayed = await Self.provider(ScriptedHTTP(.lost(kind, maybeSent: false))).send(Self.message)
        #expect(stayed == .retry(after: nil, reason: reason))
    }

    @Test(
        "Retry-After is honoured in both forms",
        arguments: [("1", Duration.seconds(1)), ("Fri, 20 Nov 2026 10:02:41 GMT", .seconds(41))])
    func retryAfter(header: String, wait: Duration) async {
        let http = ScriptedHTTP(.answer(429, Array(#"{"code":20429}"#.utf8), headers: ["Retry-After": header]))
        #expect(
            await Self.provider(http).send(Self.message) == .retry(after: wait, reason: "429 20429 too many requests"))
    }

    @Test("A success without a message id may have been sent", arguments: ["", "{}", #"{"sid":""}"#, "<html>"])
    func noId(body: String) async {
        let result = await Self.provider(ScriptedHTTP(.answer(201, Array(body.utf8)))).send(Self.message)
        #expect(result == .ambiguous(reason: "201 without a message id"))
    }
}
