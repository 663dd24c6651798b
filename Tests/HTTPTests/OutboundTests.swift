import Glibc
import HTTP
import Outbound
import Testing

@Suite("Client over URLSession", .serialized)
struct OutboundTests {
    private func answering(_ response: HTTPResponse) -> Router {
        var router = Router()
        router.fallback { _, _, responder in responder.respond(response) }
        return router
    }

    private func failure(_ client: HTTPClient, _ request: OutboundRequest) async -> OutboundError? {
        do throws(OutboundError) {
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }

    @Test("A request arrives as it was given, and its answer comes back whole")
    func roundTrip() async throws {
        let seen = Collected<HTTPRequest>()
        var router = Router()
        router.on("POST", "/path") { request, _, responder in
            seen.append(request)
            responder.respond(HTTPResponse.json(["a": 1], status: 201).with("X-Answer", "yes"))
        }
        try await withServer(router) { server in
            let answer = try await HTTPClient.urlSession().send(
                OutboundRequest(
                    method: "POST", url: "http://127.0.0.1:\(server.port)/path?q=%20",
                    headers: ["Content-Type": "text/x", "Authorization": "Basic eDp5"], body: Array("body".utf8)))
            #expect(answer.status == 201)
            #expect(answer.headers["x-answer"] == "yes")
            #expect(answer.body == Array(#"{"a":1}"#.utf8))
            let request = try #require(seen.all.first)
            #expect(request.target == "/path?q=%20")
            #expect(request.headers["authorization"] == "Basic eDp5")
            #expect(request.headers.all("content-type") == ["text/x"])
            #expect(request.headers["expect"] == nil)
            #expect(request.body == Array("body".utf8))
        }
    }

    @Test(
        "Redirects, refusals and errors are answers, not followed and not retried",
        arguments: [302, 401, 407, 429, 503])
    func answers(_ status: Int) async throws {
        let seen = Collected<String>()
        var router = Router()
        router.fallback { request, _, responder in
            seen.append(request.path)
            responder.respond(
                HTTPResponse(
                    status: status,
                    headers: [
                        "Location": "/elsewhere", "WWW-Authenticate": "Basic realm=\"x\"", "Retry-After": "1",
                        "Proxy-Authenticate": "Basic realm=\"x\"",
                    ], body: Array("why".utf8)))
        }
        try await withServer(router) { server in
            let answer = try await HTTPClient.urlSession().send(
                OutboundRequest(method: "POST", url: "http://127.0.0.1:\(server.port)/", body: [1]))
            #expect(answer.status == status)
            #expect(answer.body == Array("why".utf8))
            #expect(seen.all == ["/"])
        }
    }

    @Test("Cookies are neither kept nor sent")
    func cookies() async throws {
        let seen = Collected<String?>()
        var router = Router()
        router.fallback { request, _, responder in
            seen.append(request.headers["cookie"])
            responder.respond(HTTPResponse.text("a").with("Set-Cookie", "a=b").with("Cache-Control", "max-age=60"))
        }
        try await withServer(router) { server in
            let client = HTTPClient.urlSession()
            for _ in 0..<2 {
                _ = try await client.send(OutboundRequest(method: "GET", url: "http://127.0.0.1:\(server.port)/"))
            }
            #expect(seen.all == [nil, nil])
        }
    }

    @Test("The deadline is exact, and the request may have been sent")
    func deadline() async throws {
        let responders = Collected<Responder>()
        var router = Router()
        router.fallback { _, _, responder in responders.append(responder) }
        try await withServer(router) { server in
            let client = HTTPClient.urlSession()
            let port = server.port
            _ = await failure(client, OutboundRequest(method: "GET", url: "http://127.0.0.1:\(port)/", deadline: .zero))
            let start = ContinuousClock.now
            let error = await failure(
                client,
                OutboundRequest(
                    method: "POST", url: "http://127.0.0.1:\(port)/", body: [1], deadline: .milliseconds(150)))
            let took = ContinuousClock.now - start
            #expect(error?.kind == .timedOut)
            #expect(error?.requestMayHaveBeenSent == true)
            #expect(took >= .milliseconds(150) && took < .seconds(5))
        }
    }

    @Test("A caller who gives up gets his error at once")
    func cancelled() async throws {
        let responders = Collected<Responder>()
        var router = Router()
        router.fallback { _, _, responder in responders.append(responder) }
        try await withServer(router) { server in
            let (client, port) = (HTTPClient.urlSession(), server.port)
            let call = Task {
                await failure(client, OutboundRequest(method: "GET", url: "http://127.0.0.1:\(port)/"))
            }
            _ = try await responders.waitFor(1)
            call.cancel()
            #expect(await call.value?.kind == .cancelled)
        }
    }

    @Test("Nobody listening: could not connect, surely not sent")
    func refused() async throws {
        let listener = try ScriptedPeer(answers: [])
        let port = listener.port
        listener.stop()
        let error = await failure(
            .urlSession(), OutboundRequest(method: "POST", url: "http://127.0.0.1:\(port)/", body: [1]))
        #expect(error?.kind == .couldNotConnect)
        #expect(error?.requestMayHaveBeenSent == false)
    }

    @Test("An unknown host: could not connect, surely not sent")
    func unknownHost() async throws {
        let error = await failure(.urlSession(), OutboundRequest(method: "GET", url: "http://nowhere.invalid/"))
        #expect(error?.kind == .couldNotConnect)
        #expect(error?.requestMayHaveBeenSent == false)
    }

    @Test("A connection closed without an answer: lost, may have been sent, and sent once")
    func closed() async throws {
        let peer = try ScriptedPeer(answers: [nil])
        let error = await failure(
            .urlSession(), OutboundRequest(method: "POST", url: "http://127.0.0.1:\(peer.port)/", body: [1]))
        #expect(error?.kind == .connectionLost)
        #expect(error?.requestMayHaveBeenSent == true)
        #expect(peer.requests == 1)
        peer.stop()
    }

    @Test("A POST whose kept connection closes under it is not sent again behind the caller's back")
    func keptConnection() async throws {
        let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        let peer = try ScriptedPeer(answers: [ok, nil, ok])
        let client = HTTPClient.urlSession()
        var request = OutboundRequest(method: "POST", url: "http://127.0.0.1:\(peer.port)/", body: [1])
        #expect(try await client.send(request).status == 200)
        request.deadline = .seconds(1)
        let error = await failure(client, request)
        #expect(error?.requestMayHaveBeenSent == true)
        #expect(peer.requests == 2)
        peer.stop()
    }

    @Test("An answer cut short is an error")
    func cutShort() async throws {
        let peer = try ScriptedPeer(answers: ["HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf"], closes: true)
        let error = await failure(
            .urlSession(), OutboundRequest(method: "GET", url: "http://127.0.0.1:\(peer.port)/"))
        #expect(error?.requestMayHaveBeenSent == true)
        peer.stop()
    }

    @Test("TLS to something that speaks none is an error of TLS")
    func noTLS() async throws {
        try await withServer(answering(.text("plain"))) { server in
            let error = await failure(
                .urlSession(), OutboundRequest(method: "GET", url: "https://127.0.0.1:\(server.port)/"))
            #expect(error?.kind == .tls)
        }
    }

    @Test("An answer beyond 1 MiB is refused")
    func tooLarge() async throws {
        for (extra, fits) in [(0, true), (1, false)] {
            try await withServer(answering(.text(String(repeating: "x", count: (1 << 20) + extra)))) { server in
                let error = await failure(
                    .urlSession(), OutboundRequest(method: "GET", url: "http://127.0.0.1:\(server.port)/"))
                #expect((error == nil) == fits)
            }
        }
    }

    @Test(
        "What can't be sent as given is refused before anything is sent",
        arguments: [
            OutboundRequest(method: "GET", url: "ftp://127.0.0.1/"), OutboundRequest(method: "GET", url: "/path"),
            OutboundRequest(method: "GET", url: "http:///path"),
            OutboundRequest(method: "G T", url: "http://127.0.0.1/"),
            OutboundRequest(method: "GET", url: "http://127.0.0.1/", headers: ["A": "b\r\nC: d"]),
            OutboundRequest(method: "GET", url: "http://127.0.0.1/", headers: ["A\r\nB": "c"]),
        ])
    func unsendable(_ request: OutboundRequest) async throws {
        let error = await failure(.urlSession(), request)
        #expect(error?.kind == .other)
        #expect(error?.requestMayHaveBeenSent == false)
    }

    @Test("More calls at once than the platform's six connections a host go side by side")
    func sideBySide() async throws {
        let responders = Collected<Responder>()
        var router = Router()
        router.fallback { _, _, responder in
            responders.append(responder)
            guard responders.all.count == 20 else { return }
            for responder in responders.all { responder.respond(.text("together")) }
        }
        try await withServer(router) { server in
            let (client, port) = (HTTPClient.urlSession(connectionsPerHost: 20), server.port)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await client.send(OutboundRequest(method: "GET", url: "http://127.0.0.1:\(port)/")).status
                    }
                }
                for try await status in group { #expect(status == 200) }
            }
        }
    }
}
