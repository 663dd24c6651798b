import Foundation
import HTTP
import Synchronization

/// Twilio's door as far as Sender needs it: takes every text at once and remembers when it came.
final class StandInTexts: Sendable {
    private let server: HTTPServer
    private let seen: Arrivals

    init() throws {
        var router = Router()
        let arrivals = Arrivals()
        router.on("POST", "/2010-04-01/Accounts/:sid/Messages.json") { request, _, answer in
            let now = Wall.now()
            let fields = request.formFields()
            func field(_ name: String) -> String { fields.first { $0.0 == name }?.1 ?? "" }
            let sid = "SM" + String(format: "%032d", arrivals.note(field("To"), field("Body"), now))
            answer.respond(
                HTTPResponse(
                    status: 201, headers: ["Content-Type": "application/json"],
                    body: Array(#"{"sid":"\#(sid)","status":"queued","error_code":null}"#.utf8)))
        }
        seen = arrivals
        server = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: router)
        try server.start()
    }

    var url: String { "http://127.0.0.1:\(server.port)" }
    /// When a number's first text came, milliseconds since 1970.
    var first: [String: Double] { seen.all.first }
    /// In the order of their coming.
    var bodies: [String] { seen.all.bodies }

    func stop() async { await server.drain(deadline: .seconds(1)) }

    private final class Arrivals: Sendable {
        private let times = Mutex((bodies: [String](), first: [String: Double]()))
        var all: (bodies: [String], first: [String: Double]) { times.withLock { $0 } }

        /// - Returns: how many there have been.
        func note(_ to: String, _ body: String, _ now: Double) -> Int {
            times.withLock { times in
                times.first[to] = times.first[to] ?? now
                times.bodies.append(body)
                return times.bodies.count
            }
        }
    }
}
