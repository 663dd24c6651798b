import Glibc
import HTTP
import Testing

@Suite("Time, space and the end of a server")
struct LimitTests {
    private func small() -> ServerLimits {
        var limits = ServerLimits()
        limits.headerSeconds = 0.3
        limits.requestSeconds = 0.5
        limits.idleSeconds = 0.1
        limits.writeSeconds = 0.2
        return limits
    }

    @Test("A header that does not come in time gets 408 and a close")
    func slowHeader() async throws {
        try await withServer(echo(), limits: small()) { server in
            let answer = try await exchange(server, "GET /echo HTTP/1.1\r\nHost:")
            #expect(status(answer) == 408)
        }
    }

    @Test("A body that does not come in time gets 408 and a close, however it trickles")
    func slowBody() async throws {
        try await withServer(echo(), limits: small()) { server in
            let port = server.port
            let answer = try await blocking {
                let client = try RawClient(port: port)
                client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
                for _ in 0..<20 {
                    client.send("x")
                    usleep(10_000)
                }
                return try #require(client.receiveAll())
            }
            #expect(status(answer) == 408)
        }
    }

    @Test("A connection that says nothing, at first or after a request, is closed without a word")
    func idle() async throws {
        try await withServer(echo(), limits: small()) { server in
            #expect(try await exchange(server, "").isEmpty)
            let answer = try await exchange(server, "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2)
        }
    }

    @Test("A client that does not read its answers is cut off")
    func slowReader() async throws {
        let seen = Collected<RequestObservation>()
        var router = Router()
        router.on("GET", "/") { _, _, responder in
            responder.respond(.text(String(repeating: "x", count: 8 << 20)))
        }
        try await withServer(router, limits: small(), observe: { seen.append($0) }) { server in
            let port = server.port
            let reset = try await blocking {
                let client = try RawClient(port: port, receiveBuffer: 4096)
                client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                usleep(400_000)
                var received = 0
                while let part = client.receive(), !part.isEmpty { received += part.count }
                return received < 8 << 20
            }
            #expect(reset)
        }
    }

    @Test("One connection more than the limit gets 503")
    func connections() async throws {
        var limits = ServerLimits.patient
        limits.connections = 2
        try await withServer(echo(), limits: limits) { server in
            let port = server.port
            try await blocking {
                let kept = try [RawClient(port: port), RawClient(port: port)]
                for client in kept {
                    client.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n")
                    #expect(client.receive(until: "/echo ") != nil)
                }
                let third = try #require(try RawClient(port: port).receiveAll())
                #expect(status(third) == 503)
                #expect(third.contains("Retry-After: "))
            }
        }
    }

    @Test("A handler that does not answer by its deadline: 503 with Retry-After, and its late answer is ignored")
    func deadline() async throws {
        let responders = Collected<Responder>()
        var router = echo()
        router.on("GET", "/slow", options: RouteOptions(deadline: .milliseconds(50))) { _, _, responder in
            responders.append(responder)
        }
        try await withServer(router) { server in
            let port = server.port
            try await blocking {
                let client = try RawClient(port: port)
                client.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
                let late = try #require(client.receive(until: "}"))
                #expect(status(late) == 503)
                #expect(late.contains("Retry-After: 1\r\n"))
                responders.all.first?.respond(.text("too late"))
                client.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(client.receive(until: "/echo ")?.hasPrefix("HTTP/1.1 200 OK\r\n") == true)
            }
        }
    }

    @Test("An async handler is cancelled at its deadline")
    func asyncDeadline() async throws {
        let cancelled = Collected<Bool>()
        var router = Router()
        router.onAsync("GET", "/", options: RouteOptions(deadline: .milliseconds(50))) { _, _ in
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                cancelled.append(Task.isCancelled)
            }
            return .text("late")
        }
        try await withServer(router) { server in
            let answer = try await exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(status(answer) == 503)
            #expect(try await cancelled.waitFor(1) == [true])
        }
    }

    @Test("An async handler is cancelled when its client's connection breaks")
    func asyncGone() async throws {
        let (started, cancelled) = (Collected<Bool>(), Collected<Bool>())
        var router = Router()
        router.onAsync("GET", "/") { _, _ in
            started.append(true)
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                cancelled.append(Task.isCancelled)
            }
            return .text("late")
        }
        try await withServer(router) { server in
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try await started.waitFor(1)
            client.reset()
            #expect(try await cancelled.waitFor(1) == [true])
        }
    }

    @Test("A responder dropped without an answer answers 500")
    func dropped() async throws {
        var router = Router()
        router.on("GET", "/") { _, _, _ in }
        try await withServer(router) { server in
            let answer = try await exchange(server, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(status(answer) == 500)
        }
    }

    @Test("Draining lets a request in flight finish, says close, closes idle connections and accepts no more")
    func drain() async throws {
        let responders = Collected<Responder>()
        var router = echo()
        router.on("GET", "/held") { _, _, responder in responders.append(responder) }
        let server = HTTPServer(host: "127.0.0.1", port: 0, loops: 2, limits: .patient, router: router)
        try server.start()
        let port = server.port
        let (idle, busy) = (try RawClient(port: port), try RawClient(port: port))
        try await blocking {
            idle.send("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(idle.receive(until: "/echo ") != nil)
            busy.send("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")
        }
        let held = try #require(try await responders.waitFor(1).first)
        async let drained: Void = server.drain(deadline: .seconds(20))
        #expect(try await blocking { idle.receiveAll() } == "")
        #expect(throws: (any Error).self) { try RawClient(port: port) }
        held.respond(.text("finished"))
        let answer = try await blocking { try #require(busy.receiveAll()) }
        #expect(answer.contains("Connection: close\r\n"))
        #expect(answer.hasSuffix("finished"))
        busy.finishSending()
        shutdown(busy.socket, Int32(SHUT_RDWR))
        await drained
    }

    @Test("Draining cuts what has not finished by the deadline")
    func drainDeadline() async throws {
        let responders = Collected<Responder>()
        var router = Router()
        router.on("GET", "/") { _, _, responder in responders.append(responder) }
        let server = HTTPServer(host: "127.0.0.1", port: 0, router: router)
        try server.start()
        let client = try RawClient(port: server.port)
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        _ = try await responders.waitFor(1)
        await server.drain(deadline: .milliseconds(50))
        #expect(try await blocking { client.receiveAll() } == "")
        responders.all.first?.respond(.text("nobody is left"))
    }
}
