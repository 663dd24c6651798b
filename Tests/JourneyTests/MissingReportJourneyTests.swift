import Foundation
import HTTP
import Synchronization
import Testing

/// Two providers: the stand-in Twilio, and one with a JSON API that this test plays.
@Suite("A text that nobody reports on", .serialized, .scannedWorld, .timeLimit(.minutes(5)))
struct MissingReportJourneyTests {
    /// What the second provider was sent, by number.
    private final class Acme: Sendable {
        struct Message: Decodable, Sendable {
            let to: String
            let message: String
            let ref: String
        }

        private let messages = Mutex<[Message]>([])

        func take(_ request: HTTPRequest) -> HTTPResponse {
            guard request.headers["X-Key"] == "acme-header-value",
                let message = try? JSONDecoder().decode(Message.self, from: Data(request.body))
            else { return HTTPResponse(status: 401) }
            messages.withLock { $0.append(message) }
            return .json(["status": "queued", "id": message.ref])
        }

        func texts(to phone: String) -> [Message] { messages.withLock { $0.filter { $0.to == phone } } }
    }

    private static func file(_ port: UInt16) -> String {
        """
        {"providers": [
            {"name": "twilio", "type": "twilio"},
            {"name": "acme", "type": "http", "url": "http://127.0.0.1:\(port)/send", "allowPrivate": true,
             "headers": {"X-Key": "acme-header-value"},
             "body": {"to": "{{to}}", "message": "{{text}}", "ref": "{{id}}"},
             "success": {"status": [200], "pointer": "/status", "equals": "queued"}, "messageId": "/id"}],
         "order": {"default": ["twilio", "acme"]}, "receipts": ["US"], "receiptSeconds": 10}
        """
    }

    @Test("what one refuses or does not report is sent by the other, the same code; what arrives is not sent twice")
    func twoProviders() async throws {
        let world = World.now
        let acme = Acme()
        var router = Router()
        router.on("POST", "/send") { request, _, responder in responder.respond(acme.take(request)) }
        let server = HTTPServer(host: "127.0.0.1", port: 0, loops: 1, limits: ServerLimits(), router: router)
        try server.start()
        let path = world.directory.appending(path: "providers.json")
        try Data(Self.file(server.port).utf8).write(to: path)
        try await world.restart("otp-sender", ["OTP_TEXT_PROVIDERS": path.path])
        let shop = "providers.myshopify.com"
        try await world.register(shop)
        let (refused, silent, reported) = (Traffic.phone(301), Traffic.phone(302), Traffic.phone(303))
        try await fail(["mode": "refuse", "code": 21612, "to": refused, "times": 1])
        try await fail(["receipt": "sentOnly", "to": silent])

        _ = try await world.place(shop, phone: silent)
        _ = try await world.place(shop, phone: reported)
        let first = try await world.text(to: silent)
        _ = try await world.text(to: reported)
        _ = try await world.place(shop, phone: refused)
        let atOnce = try await world.eventually("the refused text") { acme.texts(to: refused).first }
        #expect(try await world.texts(to: refused).isEmpty)
        let parts = try #require(atOnce.message.firstMatch(of: #/(\d{6}).*\/v\/(\S+)/#))
        let verdict = try await world.guess(String(parts.1), String(parts.2)).json["verdict"] as? String
        #expect(verdict == "verified")

        let again = try await world.eventually("the text that nobody reported on") { acme.texts(to: silent).first }
        #expect(again.message.contains(first.code))
        #expect(try await world.guess(first.code, first.token).json["verdict"] as? String == "verified")
        #expect(acme.texts(to: silent).count == 1)
        #expect(acme.texts(to: reported).isEmpty)
        #expect(try await world.texts(to: silent).count == 1)
        let log = try world.logs()["otp-sender"] ?? ""
        #expect(!log.contains("acme-header-value"))
        await server.drain(deadline: .zero)
    }

    private func fail(_ fault: [String: Any]) async throws {
        let answer = try await World.now.sandbox("POST", "/twilio/failures", fault)
        try #require((200..<300).contains(answer.status), "\(answer.json)")
    }
}
