import HTTP
import Testing

private let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"
private let lastGet = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

@Suite("Server")
struct ServerTests {
    @Test("A request is answered with Date and Content-Length, and the connection is kept")
    func keepAlive() async throws {
        try await withServer(echo()) { server in
            let answer = try await exchange(server, get + lastGet)
            let parts = answer.components(separatedBy: "HTTP/1.1 200 OK\r\n")
            #expect(parts.count == 3)
            #expect(parts[1].contains("Content-Length: 10\r\nDate: "))
            #expect(parts[1].contains(" GMT\r\n\r\nGET /echo "))
            #expect(!parts[1].contains("Connection:"))
            #expect(parts[2].contains("Connection: close\r\n"))
        }
    }

    @Test("Requests byte by byte over the socket are understood")
    func slowBytes() async throws {
        try await withServer(echo()) { server in
            let port = server.port
            let answer = try await blocking {
                let client = try RawClient(port: port)
                for byte in "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc".utf8 {
                    client.send([byte])
                }
                return try #require(client.receiveAll())
            }
            #expect(answer.hasSuffix("POST /echo abc"))
        }
    }

    @Test("Pipelined requests are answered in order though the handlers answer in reverse")
    func pipelining() async throws {
        let waiting = Collected<(String, Responder)>()
        var router = Router()
        router.on("GET", "/:name") { request, parameters, responder in
            waiting.append((parameters["name"] ?? "", responder))
            guard waiting.all.count == 8 else { return }
            for (name, responder) in waiting.all.reversed() { responder.respond(.text("<\(name)>")) }
        }
        try await withServer(router) { server in
            let requests = (1...8).map { number in
                "GET /\(number) HTTP/1.1\r\nHost: a\r\n\(number == 8 ? "Connection: close\r\n" : "")\r\n"
            }
            let answer = try await exchange(server, requests.joined())
            let order = answer.split(separator: "<").dropFirst().compactMap { $0.split(separator: ">").first }
            #expect(order == ["1", "2", "3", "4", "5", "6", "7", "8"])
        }
    }

    @Test("No more requests of a connection are in flight than the limit, and all are answered")
    func boundedPipelining() async throws {
        var limits = ServerLimits.patient
        limits.pipelined = 4
        let waiting = Collected<Responder>()
        var router = Router()
        router.on("GET", "/") { _, _, responder in waiting.append(responder) }
        try await withServer(router, limits: limits) { server in
            let port = server.port
            let client = try RawClient(port: port)
            client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 10))
            #expect(try await waiting.waitFor(4).count == 4)
            // A second client's round trip through the same loops: the first one's bytes have been seen by then.
            let other = try RawClient(port: port)
            other.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 4))
            #expect(try await waiting.waitFor(8).count == 8)
            for index in 0..<14 {
                try await waiting.waitFor(index + 1)[index].respond(.text("."))
            }
            let answers = try await blocking {
                client.finishSending()
                return try #require(client.receiveAll())
            }
            #expect(answers.components(separatedBy: "HTTP/1.1 200 OK").count == 11)
        }
    }

    @Test("A body up to the route's limit is taken, whole or in chunks")
    func bodies() async throws {
        try await withServer(echo()) { server in
            let chunked = try await exchange(
                server,
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nIgnored: yes\r\n\r\n")
            #expect(chunked.hasSuffix("POST /echo abc"))
            let large = String(repeating: "x", count: 2 << 20)
            let whole = try await exchange(
                server,
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(large.utf8.count)\r\n\r\n\(large)"
            )
            #expect(whole.hasSuffix(large))
        }
    }

    @Test("A body announced too large gets 413 before it is read, and no 100")
    func tooLarge() async throws {
        var router = Router()
        router.on("POST", "/", options: RouteOptions(maximumBodyBytes: 10)) { _, _, responder in
            Issue.record("a handler saw it")
            responder.respond(.empty())
        }
        try await withServer(router) { server in
            let announced = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n"
            let early = try await exchange(server, announced)
            #expect(early.hasPrefix("HTTP/1.1 413 "))
            let counted = try await exchange(
                server,
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n123456\r\n6\r\n123456\r\n")
            #expect(counted.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("Bodies beyond the server's memory for them get 503, and the memory comes back")
    func boundedBodies() async throws {
        var limits = ServerLimits.patient
        limits.bodyBytes = 100_000
        try await withServer(echo(), limits: limits) { server in
            func post(_ count: Int, _ body: Int) -> String {
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(count)\r\n\r\n"
                    + String(repeating: "x", count: body)
            }
            for _ in 0..<3 {
                let refused = try await exchange(server, post(300_000, 200_000))
                #expect(status(refused) == 503)
                #expect(refused.contains("Retry-After: "))
                let taken = try await exchange(server, post(90_000, 90_000))
                #expect(status(taken) == 200)
            }
        }
    }

    @Test("An empty line after a request is no request")
    func emptyLine() async throws {
        try await withServer(echo()) { server in
            let port = server.port
            let answer = try await blocking {
                let client = try RawClient(port: port)
                client.send(get + "\r\n").finishSending()
                return try #require(client.receiveAll())
            }
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
        }
    }

    @Test("A 413 reaches a client that goes on sending its whole body")
    func lingering() async throws {
        var router = Router()
        router.on("POST", "/", options: RouteOptions(maximumBodyBytes: 10)) { _, _, responder in
            responder.respond(.empty())
        }
        try await withServer(router) { server in
            let body = String(repeating: "x", count: 3 << 20)
            let answer = try await exchange(
                server, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(status(answer) == 413)
        }
    }

    @Test("100 Continue is sent when the route will read the body")
    func continues() async throws {
        try await withServer(echo()) { server in
            let port = server.port
            try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
                #expect(client.receive(until: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                client.send("abc")
                #expect(client.receive(until: "abc")?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
            }
        }
    }

    @Test("No 100 Continue for a route that does not exist")
    func continuesNowhere() async throws {
        try await withServer(echo()) { server in
            let answer = try await exchange(
                server, "POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test("HEAD has GET's header and no body")
    func head() async throws {
        try await withServer(echo()) { server in
            let answer = try await exchange(
                server, "HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(status(answer) == 200)
            #expect(answer.contains("Content-Length: 11\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("HTTP/1.0 closes unless it asks to be kept")
    func version10() async throws {
        try await withServer(echo()) { server in
            let closed = try await exchange(server, "GET /echo HTTP/1.0\r\n\r\n" + get)
            #expect(closed.components(separatedBy: "HTTP/1.1 ").count == 2)
            let kept = try await exchange(server, "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" + lastGet)
            #expect(kept.components(separatedBy: "HTTP/1.1 200").count == 3)
            #expect(kept.contains("Connection: keep-alive\r\n"))
        }
    }

    @Test("A client that ends its side after sending still gets its answer")
    func halfClose() async throws {
        var router = Router()
        router.onAsync("GET", "/") { _, _ in
            await Task.yield()
            return .text("late")
        }
        try await withServer(router) { server in
            let port = server.port
            let answer = try await blocking {
                let client = try RawClient(port: port)
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").finishSending()
                return try #require(client.receiveAll())
            }
            // All of it up to the end of the connection; whether its head says so depends on which the server saw
            // first, the client's end or the handler's answer.
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("late"))
        }
    }

    @Test("The handler sees the peer's address, and a large answer arrives whole")
    func peerAndLargeAnswer() async throws {
        var router = Router()
        router.on("GET", "/") { request, _, responder in
            responder.respond(.text(request.peer + String(repeating: "z", count: 5 << 20)))
        }
        try await withServer(router) { server in
            let answer = try await exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.contains("\r\n\r\n127.0.0.1zzz"))
            #expect(answer.utf8.count > 5 << 20)
        }
    }

    @Test("A second server on the same port is told that it is taken")
    func takenPort() async throws {
        try await withServer(echo()) { server in
            let second = HTTPServer(host: "127.0.0.1", port: server.port, router: echo())
            #expect(throws: HTTPServerError.self) { try second.start() }
        }
    }

    @Test("Observations name the route's pattern and never the path")
    func observations() async throws {
        let seen = Collected<RequestObservation>()
        var router = Router()
        router.on("POST", "/v/:token") { _, _, responder in responder.respond(.text("four", status: 201)) }
        try await withServer(router, observe: { seen.append($0) }) { server in
            _ = try await exchange(
                server,
                "POST /v/secret HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                    + "MADEUP /secret HTTP/1.1\r\nHost: a\r\n\r\n@secret")
            let all = try await seen.waitFor(3)
            #expect(all.map(\.route) == ["/v/:token", "unmatched", "refused"])
            #expect(all.map(\.method) == ["POST", "OTHER", "OTHER"])
            #expect(all.map(\.status) == [201, 404, 400])
            #expect(all.map(\.bytesIn) == [3, 0, 0])
            let first = try #require(all.first)
            #expect(first.bytesOut == 4)
            #expect(first.nanoseconds > 0)
        }
    }
}
