import HTTP
import Testing

@Suite("Malformed requests over real sockets")
struct MalformedTests {
    @Test(
        "Each gets its answer as a problem document and a close, and never a handler", arguments: MalformedRequest.all)
    func refused(_ malformed: MalformedRequest) async throws {
        var router = Router()
        router.on("POST", "/echo") { _, _, responder in
            Issue.record("a handler saw it")
            responder.respond(.text("no"))
        }
        router.on("GET", "/echo") { _, _, responder in
            Issue.record("a handler saw it")
            responder.respond(.text("no"))
        }
        try await withServer(router, loops: 1) { server in
            let answer = try await exchange(server, malformed.bytes)
            #expect(status(answer) == malformed.status)
            #expect(answer.contains("Content-Type: application/problem+json\r\n"))
            #expect(answer.contains("Connection: close\r\n"))
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
        }
    }

    @Test("What came before a malformed request is still answered, in order")
    func pipelinedBefore() async throws {
        try await withServer(echo()) { server in
            let answer = try await exchange(server, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\n\r\n")
            #expect(status(answer) == 200)
            #expect(answer.contains("GET /echo HTTP/1.1 400 Bad Request\r\n"))
        }
    }

    @Test("A request cut short by the client's end gets 400")
    func truncated() async throws {
        try await withServer(echo()) { server in
            let port = server.port
            let answer = try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc").finishSending()
                return try #require(client.receiveAll())
            }
            #expect(status(answer) == 400)
        }
    }
}
