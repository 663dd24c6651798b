import Foundation
import Testing

@testable import HTTP

@Suite("Values")
struct ValueTests {
    @Test("Header names compare without case, duplicates and order are kept")
    func headers() {
        var headers = HTTPHeaders([("Accept", "a"), ("X-One", "1"), ("ACCEPT", "b")])
        #expect(headers["accept"] == "a")
        #expect(headers.all("Accept") == ["a", "b"])
        #expect(headers["none"] == nil)
        headers.set("accept", "c")
        #expect(headers.map { "\($0.name)=\($0.value)" } == ["X-One=1", "accept=c"])
    }

    @Test(
        "Forms and queries are decoded as the URL standard says",
        arguments: [
            ("a=1&b=two+words&a=%C3%A9", [("a", "1"), ("b", "two words"), ("a", "é")]),
            ("&&x&=y&z=a=b", [("x", ""), ("", "y"), ("z", "a=b")]),
            ("bad=%zz&half=%4&byte=%ff", [("bad", "%zz"), ("half", "%4"), ("byte", "\u{FFFD}")]),
            ("", []),
        ])
    func forms(_ text: String, _ expected: [(String, String)]) {
        let request = HTTPRequest(method: "POST", target: "/p?\(text)", body: Array(text.utf8))
        #expect(request.path == "/p")
        #expect(request.queryItems().map { [$0.0, $0.1] } == expected.map { [$0.0, $0.1] })
        #expect(request.formFields().map { [$0.0, $0.1] } == expected.map { [$0.0, $0.1] })
    }

    @Test("Requests and responses print nothing of their contents")
    func printing() {
        let request = HTTPRequest(
            method: "POST", target: "/v/secret", headers: ["A": "secret"], body: Array("secret".utf8))
        let outbound = OutboundRequest(method: "POST", url: "https://secret", body: Array("secret".utf8))
        #expect(!"\(request) \(outbound) \(HTTPResponse.text("secret"))".contains("secret"))
    }

    private struct Problem: Codable, Equatable {
        var title: String
        var status: Int
        var errors: [String]
    }

    @Test("A problem document has its media type, status and every error named")
    func problem() throws {
        let response = HTTPResponse.problem(400, title: "Bad settings", errors: ["one", "two"])
        #expect(response.headers["content-type"] == "application/problem+json")
        let document = try JSONDecoder().decode(Problem.self, from: Data(response.body))
        #expect(document == Problem(title: "Bad settings", status: 400, errors: ["one", "two"]))
    }

    @Test("A value that can't be encoded becomes a 500")
    func unencodable() {
        #expect(HTTPResponse.json(["x": Double.nan]).status == 500)
        #expect(HTTPResponse.json(["x": 1]).body == Array(#"{"x":1}"#.utf8))
    }

    private func encoded(_ response: HTTPResponse, isHead: Bool = false) -> String {
        var bytes: [UInt8] = []
        var output = OutputQueue()
        ResponseEncoder.encode(
            ResponseEncoder.sendable(response),
            ResponseEncoder.Context(
                isHead: isHead, keepAlive: true, isVersion10: false, date: Array("Date: x\r\n".utf8)),
            to: &output)
        output.append { bytes = $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("A header value can't end its field", arguments: ["a\r\nSet-Cookie: b", "a\nb", "a\rb", "a\0b"])
    func injection(_ value: String) {
        let text = encoded(HTTPResponse.empty(302).with("Location", value))
        #expect(text.components(separatedBy: "\r\n").count == 6)
        #expect(!text.contains("\nSet-Cookie") && !text.contains("\0"))
    }

    @Test("A header name that is no token, and a status that is none, become a 500")
    func unsayable() {
        #expect(encoded(HTTPResponse.text("a").with("Bad\r\nName", "b")).hasPrefix("HTTP/1.1 500 "))
        #expect(encoded(HTTPResponse(status: 100)).hasPrefix("HTTP/1.1 500 "))
    }

    @Test("A handler can't break the framing: its Content-Length, Connection and Transfer-Encoding are ignored")
    func framing() {
        let response = HTTPResponse.text("abc").with("content-length", "99").with("Connection", "x")
            .with("Transfer-Encoding", "chunked").with("DATE", "y")
        let text = encoded(response)
        #expect(!text.contains("99") && !text.contains("chunked") && !text.contains("y\r\n\r\n"))
        #expect(text.contains("Content-Length: 3\r\n"))
    }

    @Test("204 has neither body nor length, 304 no body")
    func bodiless() {
        #expect(encoded(HTTPResponse(status: 204, body: [1])) == "HTTP/1.1 204 No Content\r\nDate: x\r\n\r\n")
        #expect(!encoded(HTTPResponse(status: 304, body: Array("abc".utf8))).hasSuffix("abc"))
    }

    @Test("The Date field is an IMF-fixdate")
    func date() {
        #expect(DateField.format(784_111_777) == Array("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n".utf8))
    }

    @Test("A responder answers once, and 500 when it is dropped")
    func responder() {
        let answers = Collected<Int>()
        do {
            let responder = Responder { answers.append($0.status) }
            responder.respond(.empty(204))
            responder.respond(.empty(200))
            _ = Responder { answers.append($0.status) }
        }
        #expect(answers.all == [204, 500])
    }
}
