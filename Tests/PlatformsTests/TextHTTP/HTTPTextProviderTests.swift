import Foundation
import HTTP
import Synchronization
import Testing

@testable import Platforms

@Suite("A provider by template")
struct HTTPTextProviderTests {
    static let message = TextMessage(
        to: "+14155550123", body: "Code \"123456\"", statusCallback: "https://hooks", validitySeconds: 60,
        reference: "v-1")

    static func send(
        _ answer: Result<OutboundResponse, OutboundError>, _ changes: String = "{}"
    ) async throws -> SendResult {
        let provider = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(changes), http: ScriptedHTTP(answer).client,
            resolve: { _ in [IPAddress("8.8.8.8")].compactMap { $0 } }, now: { 1_700_000_000_000 })
        return await provider.send(message)
    }

    static let ok = Array(#"{"status": "queued", "id": "m-1"}"#.utf8)

    @Test("the request is the filled template with the operator's headers")
    func request() async throws {
        let http = ScriptedHTTP(.answer(200, Self.ok))
        let provider = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(#"{"timeoutSeconds": 7}"#), http: http.client,
            resolve: { host in host == "api.example.com" ? [IPAddress("8.8.8.8")].compactMap { $0 } : [] })
        #expect(provider.name == "acme")
        #expect(await provider.send(Self.message) == .accepted(messageId: "m-1"))
        let request = try #require(http.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://api.example.com/v1/sms")
        #expect(request.deadline == .seconds(7))
        #expect(request.headers["Authorization"] == "Bearer s3cret")
        #expect(request.headers["content-type"] == "application/json")
        #expect(
            Vectors.same(
                try Vectors.object(request.body),
                ["to": "+14155550123", "message": "Code \"123456\"", "ref": "v-1"]))
        #expect(!"\(request)".contains("s3cret"))
        #expect(await provider.find("+14155550123", 0, "x") == .unknown)
        #expect(http.requests.count == 1)
    }

    @Test(
        "answers mean what the rule and their status say",
        arguments: [
            (200, #"{"status":"ok","id":"a"}"#, SendResult.accepted(messageId: "a")),
            (201, #"{"status":"queued","id":17}"#, .accepted(messageId: "17")),
            (202, #"{"status":"ok"}"#, .accepted(messageId: "unknown")),
            (202, #"{"status":"ok","id":"with space"}"#, .accepted(messageId: "unknown")),
            (202, #"{"status":"ok","id":{"a":1}}"#, .accepted(messageId: "unknown")),
            (
                200, #"{"status":"failed","id":"a"}"#,
                .refused(reason: "200, not as the success rule says", fault: .content)
            ),
            (200, "<html>", .refused(reason: "200, not as the success rule says", fault: .content)),
            (204, #"{"status":"ok"}"#, .refused(reason: "204, not as the success rule says", fault: .content)),
            (302, "", .refused(reason: "302, a redirect", fault: .account)),
            (400, #"{"status":"ok"}"#, .refused(reason: "400", fault: .content)),
            (401, "", .refused(reason: "401", fault: .account)), (402, "", .refused(reason: "402", fault: .account)),
            (403, "", .refused(reason: "403", fault: .account)), (404, "", .refused(reason: "404", fault: .account)),
            (422, "{}", .refused(reason: "422", fault: .content)), (408, "", .ambiguous(reason: "408")),
            (429, "", .retry(after: nil, reason: "429")), (500, "", .ambiguous(reason: "500")),
            (502, "", .ambiguous(reason: "502")), (503, "", .ambiguous(reason: "503")),
            (504, "", .ambiguous(reason: "504")),
        ])
    func answers(_ status: Int, _ body: String, _ result: SendResult) async throws {
        #expect(try await Self.send(.answer(status, Array(body.utf8))) == result)
    }

    @Test("an operator's rule tells numbers that can't get texts from all other refusals")
    func permanent() async throws {
        let rule = #"{"permanent": {"status": [400], "pointer": "/error/code", "equals": [7, "bad_number"]}}"#
        for (status, body, fault) in [
            (400, #"{"error":{"code":7}}"#, SendFault.number), (400, #"{"error":{"code":"bad_number"}}"#, .number),
            (400, #"{"error":{"code":8}}"#, .content), (400, "", .content), (422, #"{"error":{"code":7}}"#, .content),
        ] {
            let result = try await Self.send(.answer(status, Array(body.utf8)), rule)
            #expect(result == .refused(reason: "\(status)", fault: fault))
        }
        let byStatus = try await Self.send(.answer(410, []), #"{"permanent": {"status": [410]}}"#)
        #expect(byStatus == .refused(reason: "410", fault: .number))
        let success = try await Self.send(.answer(200, Self.ok), #"{"permanent": {"status": [200]}}"#)
        #expect(success == .accepted(messageId: "m-1"))
    }

    @Test("method, sender and how long the text is of use are the operator's and the text's")
    func variables() async throws {
        let http = ScriptedHTTP(.answer(200, Self.ok))
        let provider = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(
                """
                {"method": "PUT", "from": "Acme {{to}}",
                 "body": ["{{from}}", "{{ digits }}", "{{text}}", {"ttl": "{{validity}}", "n": 1}]}
                """), http: http.client, resolve: { _ in [IPAddress("8.8.8.8")].compactMap { $0 } })
        #expect(await provider.send(Self.message) == .accepted(messageId: "m-1"))
        #expect(http.requests.first?.method == "PUT")
        let body = http.requests.first.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(body == #"["Acme {{to}}","14155550123","Code \"123456\"",{"n":1,"ttl":"60"}]"#)
    }

    @Test("a wish to wait is kept to", arguments: [429, 503])
    func wishes(_ status: Int) async throws {
        let seconds = try await Self.send(.answer(status, headers: ["Retry-After": "30"]))
        #expect(seconds == .retry(after: .seconds(30), reason: "\(status)"))
        let date = try await Self.send(.answer(status, headers: ["retry-after": "Tue, 14 Nov 2023 22:13:30 GMT"]))
        #expect(date == .retry(after: .seconds(10), reason: "\(status)"))
    }

    @Test("without a pointer the status says it all, and values may be of any kind")
    func rules() async throws {
        let bare = #"{"success": {"status": [200]}}"#
        #expect(try await Self.send(.answer(200, []), bare) == .accepted(messageId: "unknown"))
        #expect(try await Self.send(.answer(202, []), bare) != .accepted(messageId: "unknown"))
        let flag = #"{"success": {"pointer": "/results/0/error", "equals": [false, 0]}}"#
        for (body, isMet) in [
            (#"{"results":[{"error":false}]}"#, true), (#"{"results":[{"error":0}]}"#, true),
            (#"{"results":[{"error":"0"}]}"#, false), (#"{"results":[]}"#, false),
        ] {
            let result = try await Self.send(.answer(200, Array(body.utf8)), flag)
            #expect((result == .accepted(messageId: "unknown")) == isMet)
        }
    }

    @Test(
        "without an answer it depends on whether the request has left",
        arguments: [
            (OutboundError.Kind.couldNotConnect, false, "x", true), (.other, false, "x", true),
            (.tls, true, "SSL certificate problem", true), (.tls, true, "OpenSSL SSL_read: reset", false),
            (.timedOut, true, "x", false), (.connectionLost, true, "x", false), (.cancelled, true, "x", false),
        ])
    func errors(_ kind: OutboundError.Kind, _ mayBeSent: Bool, _ message: String, _ isRetry: Bool) async throws {
        let result = try await Self.send(
            .failure(OutboundError(kind: kind, message: message, requestMayHaveBeenSent: mayBeSent)))
        let reason = "no answer, \(kind.rawValue)"
        #expect(result == (isRetry ? .retry(after: nil, reason: reason) : .ambiguous(reason: reason)))
    }

    @Test(
        "a host that has moved to our own network is not called",
        arguments: [
            ["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["::ffff:192.168.1.1"], ["2606:4700::1", "fd00::1"],
        ])
    func moved(_ addresses: [String]) async throws {
        let provider = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(), http: .unimplemented,
            resolve: { _ in addresses.compactMap { IPAddress($0) } })
        #expect(
            await provider.send(Self.message)
                == .refused(reason: "the host's address is not public", fault: .account))
    }

    @Test("a host without address is asked for again later; with allowPrivate it is not looked up at all")
    func unresolved() async throws {
        let provider = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(), http: .unimplemented, resolve: { _ in [] })
        #expect(await provider.send(Self.message) == .retry(after: nil, reason: "host not found"))
        let open = HTTPTextProvider.make(
            configuration: try HTTPTextConfigurationTests.read(
                #"{"allowPrivate": true, "url": "http://127.0.0.1:1/"}"#),
            http: ScriptedHTTP(.answer(200, Self.ok)).client,
            resolve: { _ in
                Issue.record("looked up")
                return []
            })
        #expect(await open.send(Self.message) == .accepted(messageId: "m-1"))
    }
}
