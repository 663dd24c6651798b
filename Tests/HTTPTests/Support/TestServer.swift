import HTTP
import Synchronization
import Testing

extension ServerLimits {
    /// For tests that are not about time, on machines that are busy with something else.
    static var patient: ServerLimits {
        var limits = ServerLimits()
        limits.headerSeconds = 20
        limits.requestSeconds = 20
        limits.lingerSeconds = 20
        return limits
    }
}

/// A server on a free port for the time of `body`, then drained.
func withServer(
    _ router: Router, limits: ServerLimits = .patient, loops: Int = 2,
    observe: (@Sendable (RequestObservation) -> Void)? = nil, _ body: (HTTPServer) async throws -> Void
) async throws {
    let server = HTTPServer(
        host: "127.0.0.1", port: 0, loops: loops, limits: limits, router: router, observe: observe)
    try server.start()
    do {
        try await body(server)
    } catch {
        await server.drain(deadline: .zero)
        throw error
    }
    await server.drain(deadline: .zero)
}

/// Sends the bytes on a new connection and gives back all that comes until the server closes.
func exchange(_ server: HTTPServer, _ bytes: String) async throws -> String {
    let port = server.port
    return try await blocking { try #require(try RawClient(port: port).send(bytes).receiveAll()) }
}

/// The status of the first response in the text.
func status(_ response: String) -> Int? {
    response.hasPrefix("HTTP/1.1 ") ? Int(response.dropFirst(9).prefix(3)) : nil
}

/// Answers 200 with what it was asked: `METHOD path body`.
func echo() -> Router {
    var router = Router()
    for method in ["GET", "POST"] {
        router.on(method, "/echo") { request, _, responder in
            responder.respond(
                .text("\(request.method) \(request.target) \(String(decoding: request.body, as: UTF8.self))"))
        }
    }
    return router
}

/// A list filled from several threads.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }

    var all: [Element] { elements.withLock { $0 } }

    /// Waits until there are that many, at most 20 s.
    func waitFor(_ count: Int) async throws -> [Element] {
        for _ in 0..<4000 where all.count < count {
            try await Task.sleep(for: .milliseconds(5))
        }
        return all
    }
}
