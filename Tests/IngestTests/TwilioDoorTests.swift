import Foundation
import HTTP
@testable import Ingest
import Model
import Pipeline
import Platforms
import Security
import Testing

@Suite("Twilio's door")
struct TwilioDoorTests {
    static let id = "0190f9c2-0000-8000-8000-000000000001"
    static let target = "/webhooks/twilio/status?v=\(id)&r=c29tZS1yYW5nZS1oYXNoLQ&n=2"

    private func request(
        _ form: [(String, String)], target: String = target, signature: String? = nil
    ) -> HTTPRequest {
        let signed =
            signature
            ?? TwilioSignature.sign(
                url: "https://app.example.com\(target)", parameters: form, token: Secret(text: "12345"))
        let body = form.map { "\($0.0)=\($0.1.replacing("+", with: "%2B"))" }.joined(separator: "&")
        return HTTPRequest(
            method: "POST", target: target, headers: ["X-Twilio-Signature": signed], body: Array(body.utf8))
    }

    private func status(_ bench: Bench, _ request: HTTPRequest) -> HTTPResponse? {
        let box = AnswerBox()
        bench.twilio.status(request, box.responder)
        return box.answer
    }

    private func form(_ status: String, error: String? = nil) -> [(String, String)] {
        [("MessageSid", "SM1"), ("MessageStatus", status)] + (error.map { [("ErrorCode", $0)] } ?? [])
    }

    static let reports: [(String, String?, DeliveryReceipt)] = [
        ("sent", nil, DeliveryReceipt(number: 2, messageId: "SM1", outcome: .sent, reason: nil, fault: nil)),
        ("delivered", nil, DeliveryReceipt(number: 2, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)),
        (
            "undelivered", "30005",
            DeliveryReceipt(number: 2, messageId: "SM1", outcome: .failed, reason: "30005", fault: .number)
        ),
        (
            "failed", "21610",
            DeliveryReceipt(number: 2, messageId: "SM1", outcome: .failed, reason: "opted_out", fault: .ours)
        ),
        ("read", nil, DeliveryReceipt(number: 2, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)),
        (
            "partially_delivered", nil,
            DeliveryReceipt(number: 2, messageId: "SM1", outcome: .delivered, reason: nil, fault: nil)
        ),
    ]

    /// What a later attempt or report may disprove, and by whom the text may go out once more.
    static let passing: [(String, String?, Repetition?)] = [
        ("failed", nil, .anybody), ("canceled", nil, .anybody), ("undelivered", "30003", .anybody),
        ("undelivered", "30008", .anybody), ("undelivered", "30036", .anybody), ("failed", "30410", .anybody),
        ("undelivered", "39999", .anybody), ("undelivered", "30007", .another), ("undelivered", "30004", .another),
        ("failed", "30450", nil),
    ]

    @Test("a report that may be wrong blames nobody", arguments: passing.indices)
    func mayBeWrong(index: Int) throws {
        let (name, error, again) = Self.passing[index]
        let bench = try Bench()
        #expect(status(bench, request(form(name, error: error)))?.status == 204)
        let receipt = DeliveryReceipt(
            number: 2, messageId: "SM1", outcome: .undelivered, reason: error ?? name, fault: nil, again: again)
        #expect(try RequestMessage(try #require(bench.sent.first).incoming) == .receipt(receipt))
    }

    @Test("a signed report goes to the owner of the number's range and is answered 204", arguments: reports.indices)
    func reported(index: Int) throws {
        let (name, error, receipt) = Self.reports[index]
        let bench = try Bench()
        #expect(status(bench, request(form(name, error: error)))?.status == 204)
        let sent = try #require(bench.sent.first)
        #expect(sent.keyText == Self.id)
        #expect(sent.partition == bench.topology.partition(of: "c29tZS1yYW5nZS1oYXNoLQ"))
        #expect(try RequestMessage(sent.incoming) == .receipt(receipt))
    }

    @Test("a forged, moved or unsigned report is 403 and goes nowhere")
    func forged() throws {
        let bench = try Bench()
        let good = TwilioSignature.sign(
            url: "https://app.example.com\(Self.target)", parameters: form("sent"), token: Secret(text: "12345"))
        var unsigned = request(form("sent"))
        unsigned.headers = [:]
        let moved = Self.target.replacing("n=2", with: "n=3")
        for bad in [
            unsigned, request(form("sent"), signature: "AAAA"), request(form("delivered"), signature: good),
            request(form("sent"), target: moved, signature: good),
        ] {
            #expect(status(bench, bad)?.status == 403)
        }
        #expect(bench.sent.isEmpty)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="twilio_status",result="unsigned""#) == 4)
    }

    @Test(
        "states on the way are ignored with 204",
        arguments: ["queued", "accepted", "sending", "scheduled", "what"])
    func ignored(name: String) throws {
        let bench = try Bench()
        #expect(status(bench, request(form(name)))?.status == 204)
        #expect(bench.sent.isEmpty)
    }

    @Test(
        "a signed report that does not say whose text it is about is ignored",
        arguments: [
            "", "?v=\(id)&n=1", "?v=x&r=a&n=1", "?v=\(id)&r=&n=1", "?v=\(id)&r=a&n=0", "?v=\(id)&r=a&n=x",
            "?v=\(id)&r=\(String(repeating: "a", count: 65))&n=1",
        ])
    func nobodys(query: String) throws {
        let bench = try Bench()
        #expect(status(bench, request(form("sent"), target: "/webhooks/twilio/status" + query))?.status == 204)
        #expect(bench.sent.isEmpty)
    }

    @Test("Twilio's own sample callbacks pass at the address they were signed for")
    func samples() throws {
        let file = try Sample.object("status-callbacks")
        let callbacks = try #require(file["callbacks"] as? [[String: Any]])
        let bench = try Bench()
        for callback in callbacks {
            let answer = status(
                bench,
                HTTPRequest(
                    method: "POST", target: "/webhooks/twilio/status?otp=01J000000000000000000000000",
                    headers: ["X-Twilio-Signature": try #require(callback["X-Twilio-Signature"] as? String)],
                    body: Array(try #require(callback["encoded_body"] as? String).utf8)))
            #expect(answer?.status == 204)
        }
        #expect(!callbacks.isEmpty)
    }

    @Test("with Kafka away a report is 503")
    func kafkaAway() throws {
        let bench = try Bench()
        bench.kafka = .silent
        let box = AnswerBox()
        bench.twilio.status(request(form("sent")), box.responder)
        bench.clock.advance(by: .milliseconds(800))
        bench.outbox.expire()
        #expect(box.answer?.status == 503)
    }

    @Test("an incoming text is answered with nothing to say, if it is signed")
    func inbound() throws {
        let bench = try Bench()
        let target = "/webhooks/twilio/inbound"
        let box = AnswerBox()
        bench.twilio.inbound(request([("Body", "Thanks"), ("From", "+14155550123")], target: target), box.responder)
        #expect(box.answer?.status == 200)
        #expect(box.answer?.text == "<Response></Response>")
        #expect(box.answer?.headers["Content-Type"]?.hasPrefix("text/xml") == true)
        let forged = AnswerBox()
        bench.twilio.inbound(request([("Body", "STOP")], target: target, signature: "x"), forged.responder)
        #expect(forged.answer?.status == 403)
        #expect(bench.metric("otp_ingest_webhooks_total", #"source="twilio_inbound",result="ignored""#) == 1)
        #expect(bench.sent.isEmpty)
    }

    @Test("STOP and START go to the owner of the number's range, as a keyed hash", arguments: ["STOP", "START"])
    func wishes(word: String) throws {
        let bench = try Bench()
        let box = AnswerBox()
        let form = [("Body", word), ("From", "+14155550123"), ("MessageSid", "SM1")]
        bench.twilio.inbound(request(form, target: "/webhooks/twilio/inbound"), box.responder)
        #expect(box.answer?.status == 200)
        let sent = try #require(bench.sent.first)
        #expect(sent.partition == bench.topology.partition(of: bench.identity.rangeHash("+14155550123")))
        #expect(sent.keyText == bench.identity.phoneHash("+14155550123"))
        #expect(try OptOutMessage(sent.incoming)?.isOut == (word == "STOP"))
        #expect(!String(decoding: sent.value ?? [], as: UTF8.self).contains("5550123"))
    }

    @Test("STOP from a number of before a change of plan is of the phone that gets the texts")
    func formerNumber() throws {
        let bench = try Bench()
        let form = [("Body", "STOP"), ("From", "+5215512345678"), ("MessageSid", "SM1")]
        bench.twilio.inbound(request(form, target: "/webhooks/twilio/inbound"), AnswerBox().responder)
        #expect(bench.sent.first?.keyText == bench.identity.phoneHash("+525512345678"))
    }

    @Test("with Kafka away a STOP is 503")
    func stopLost() throws {
        let bench = try Bench()
        bench.kafka = .silent
        let box = AnswerBox()
        let form = [("Body", "STOP"), ("From", "+14155550123")]
        bench.twilio.inbound(request(form, target: "/webhooks/twilio/inbound"), box.responder)
        bench.clock.advance(by: .milliseconds(900))
        bench.outbox.expire()
        #expect(box.answer?.status == 503)
    }
}
