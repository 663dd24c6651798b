import HTTP
import Platforms
import Testing

@Suite("Twilio's delivery reports")
struct TwilioStatusTests {
    @Test("The sample callbacks are read, in their order none goes backwards")
    func samples() throws {
        let file = try Vectors.decode(TwilioSignatureTests.Callbacks.self, "twilio/status-callbacks.json")
        let reports = file.callbacks.compactMap { callback in
            TwilioStatusCallback(
                formFields: HTTPRequest(method: "POST", target: "/", body: Array(callback.encodedBody.utf8))
                    .formFields())
        }
        #expect(reports.allSatisfy { $0.messageId == "SMaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" })
        #expect(
            reports.map { "\($0.status.name) \($0.errorCode ?? 0) \($0.fault?.rawValue ?? "-") \($0.mayRetry)" } == [
                "queued 0 - false", "sent 0 - false", "delivered 0 - false", "undelivered 30003 number true",
                "undelivered 30005 number false", "undelivered 30006 number false", "undelivered 30007 content false",
                "failed 30008 content true", "failed 30034 destination false", "failed 30450 suspect false",
                "undelivered 30036 content true",
            ])
    }

    @Test("The older names will do, unknown fields are ignored, the first of a name counts")
    func lenient() {
        let report = TwilioStatusCallback(formFields: [
            ("MessageStatus", ""), ("SmsSid", "SM1"), ("SmsStatus", "Delivered"), ("New", "x"), ("SmsSid", "SM2"),
            ("ErrorCode", "none"),
        ])
        #expect(report == TwilioStatusCallback(messageId: "SM1", status: TwilioStatus("delivered")))
    }

    @Test(
        "A report without a message or a status is none",
        arguments: [
            [], [("MessageSid", "SM1")], [("MessageStatus", "sent")], [("MessageSid", ""), ("MessageStatus", "sent")],
            [("MessageSid", String(repeating: "a", count: 65)), ("MessageStatus", "sent")],
        ] as [[(String, String)]])
    func unusable(fields: [(String, String)]) {
        #expect(TwilioStatusCallback(formFields: fields) == nil)
    }

    @Test("A failure without a known code is not the number's fault", arguments: [nil, 12_345])
    func unknownCode(code: Int?) {
        let report = TwilioStatusCallback(messageId: "SM1", status: TwilioStatus("failed"), errorCode: code)
        #expect(report.fault == .content)
        #expect(!report.mayRetry)
        #expect(report.report == .passing(.anybody))
    }

    @Test("A code on a text that is under way is no failure")
    func notFailed() {
        let report = TwilioStatusCallback(messageId: "SM1", status: TwilioStatus("sent"), errorCode: 30003)
        #expect(report.fault == nil && report.report == nil)
        #expect(!report.mayRetry)
    }

    @Test("Nothing goes backwards: each word is outdone only by those after it")
    func ranks() {
        let steps = [
            ["something new", "receiving"], ["scheduled"], ["accepted"], ["queued"], ["sending"], ["sent"],
            ["undelivered", "failed", "canceled"], ["partially_delivered"], ["delivered"], ["read"],
        ].map { $0.map { TwilioStatus($0) } }
        for (index, earlier) in steps.enumerated() {
            for (other, later) in steps.enumerated() {
                for a in earlier { for b in later { #expect(b.supersedes(a) == (other > index)) } }
            }
        }
        #expect(steps.joined().filter(\.isFailed).map(\.name) == ["undelivered", "failed", "canceled"])
        #expect(steps.joined().filter(\.isDelivered).map(\.name) == ["partially_delivered", "delivered", "read"])
        #expect(steps.joined().filter(\.isFinal).count == 6)
    }
}
