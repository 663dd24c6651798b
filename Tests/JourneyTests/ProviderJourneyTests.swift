import Foundation
import HTTP
import Synchronization
import TestWorld
import Testing

/// A text's way through the operator's providers, over real connections.
@Suite("Providers of texts", .world)
struct ProviderJourneyTests {
    private let world = World.now

    /// A provider of texts that answers one way and remembers what it was asked.
    private final class StandIn: Sendable {
        struct Asked: Decodable, Sendable {
            let to: String
            let text: String
            let ref: String
            let ttl: String
        }

        private final class Sink: Sendable {
            let bodies = Mutex<[[UInt8]]>([])
        }

        private let sink: Sink
        private let server: HTTPServer

        init(status: Int, _ answer: String) throws {
            var router = Router()
            let sink = Sink()
            router.on("POST", "/sms") { request, _, responder in
                guard request.headers["X-Key"] == "provider-secret-key" else {
                    return responder.respond(HTTPResponse(status: 403))
                }
                sink.bodies.withLock { $0.append(request.body) }
                responder.respond(HTTPResponse(status: status, body: Array(answer.utf8)))
            }
            self.sink = sink
            server = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, router: router)
            try server.start()
        }

        func asked() throws -> [Asked] {
            try sink.bodies.withLock { $0 }.map { try JSONDecoder().decode(Asked.self, from: Data($0)) }
        }

        func definition(_ name: String) -> String {
            """
            {"name": "\(name)", "type": "http", "url": "http://127.0.0.1:\(server.port)/sms", "allowPrivate": true,
             "headers": {"X-Key": "provider-secret-key"},
             "body": {"to": "{{to}}", "text": "{{text}}", "ref": "{{id}}", "ttl": "{{validity}}"},
             "success": {"pointer": "/status", "equals": ["ok"]}, "messageId": "/id"}
            """
        }

        func stop() async { await server.drain(deadline: .zero) }
    }

    @Test("what the first one refuses the second one delivers, once, and its code verifies the order")
    func second() async throws {
        let broken = try StandIn(status: 401, #"{"error": "no such key"}"#)
        let working = try StandIn(status: 200, #"{"status": "ok", "id": "m-1"}"#)
        let path = world.directory.appending(path: "providers.json")
        let list = """
            {"providers": [{"type": "twilio"}, \(broken.definition("broken")), \(working.definition("working"))],
             "order": {"default": ["twilio"], "US": ["broken", "working", "twilio"]}}
            """
        try Data(list.utf8).write(to: path)
        try await world.restart("otp-sender", ["OTP_TEXT_PROVIDERS": path.path])

        let shop = "providers.myshopify.com"
        try await world.register(shop, ["name": #"Back\slash"#])
        let phone = Traffic.phone(301)
        let order = try await world.place(shop, phone: phone)
        let text = try await world.eventually("a text by the second provider") { try working.asked().first }
        #expect(text.to == phone)
        #expect(text.text.hasPrefix(#"Back\slash"#))
        #expect(Int(text.ttl).map { (1...900).contains($0) } == true)
        let code = try #require(text.text.firstMatch(of: #/\b[0-9]{6}\b/#)).0
        let token = try #require(text.text.firstMatch(of: #/\/v\/([A-Za-z0-9_-]+)/#)).1
        #expect(try await world.guess(String(code), String(token)).json["verdict"] as? String == "verified")
        _ = try await world.eventually("the tag") { try await world.tags(order).contains("otp-verified") ? true : nil }
        #expect(try broken.asked().count == 1)
        #expect(try working.asked().count == 1)
        #expect(try await world.texts(to: phone).isEmpty)
        #expect(try world.logs()["otp-sender"]?.contains("provider-secret-key") == false)

        await broken.stop()
        await working.stop()
    }
}
