import Foundation
import HTTP
import Model
import Security
import Testing

@testable import Sender

@Suite("Test numbers")
struct TestTextsTests {
    static let token = String(repeating: "t", count: 40)

    static func texts(_ phones: Set<String>) -> TestTexts {
        TestTexts(phones: phones, tokens: BearerTokens([Secret(text: token)]))
    }

    private func get(_ texts: TestTexts, _ token: String?) -> HTTPResponse {
        let headers: HTTPHeaders = token.map { ["Authorization": "Bearer \($0)"] } ?? [:]
        return texts.answer(HTTPRequest(method: "GET", target: "/admin/test-texts", headers: headers, body: []))
    }

    @Test("a text to one is accepted, leaves by no provider, and is shown to whoever has the operator's token")
    func shown() async throws {
        let bench = try Bench()
        let texts = Self.texts([bench.identity.phoneHash(Bench.phone)])
        bench.deliver(.send(bench.request()))
        var attempt = bench.attempt
        attempt.testTexts = texts
        let errand = try #require(bench.takeErrands().first)
        guard case .result(let result) = await attempt.perform(errand) else { Issue.record("no result"); return }
        #expect(result.result == .accepted(messageId: "test"))
        #expect(bench.script.sent.all.isEmpty && bench.script.searches.all.isEmpty)
        let answer = get(texts, Self.token)
        #expect(answer.status == 200 && answer.headers["Cache-Control"] == "no-store")
        let shown = try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: String]])
        #expect(shown.map { $0["to"] } == [Bench.phone])
        let code = try #require(CodeForge.code(errand.id, errand.request, bench.keyring))
        #expect(shown.first?["text"]?.contains(code.digits) == true)
        #expect(bench.logLines.all.allSatisfy { !$0.contains(code.digits) && !$0.contains(Bench.phone) })
    }

    @Test("other numbers' texts go their way", arguments: [Set<String>(), ["abc"]])
    func others(phones: Set<String>) async throws {
        let bench = try Bench()
        bench.deliver(.send(bench.request()))
        var attempt = bench.attempt
        attempt.testTexts = Self.texts(phones)
        _ = await attempt.perform(try #require(bench.takeErrands().first))
        #expect(bench.script.sent.all.count == 1)
    }

    @Test("without the token nothing is shown", arguments: [nil, "", "wrong", TestTextsTests.token + "x"])
    func refused(token: String?) {
        let answer = get(Self.texts([]), token)
        #expect(answer.status == 401 && answer.headers["WWW-Authenticate"] == "Bearer")
    }

    @Test("the last hundred are kept")
    func kept() throws {
        let texts = Self.texts([])
        for number in 0..<150 {
            texts.add(.init(to: "+15005550006", body: "\(number)", validitySeconds: 1), at: 0)
        }
        let shown = try #require(
            try JSONSerialization.jsonObject(with: Data(get(texts, Self.token).body)) as? [[String: String]])
        #expect(shown.count == 100 && shown.first?["text"] == "149")
    }
}
