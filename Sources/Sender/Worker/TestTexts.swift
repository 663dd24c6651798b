import Base
import HTTP
import Model
import Platforms
import Security
import Synchronization

/// What would have gone to the operator's test numbers: kept in memory, the last hundred, and shown to the operator
/// alone. None of it leaves the machine.
final class TestTexts: Sendable {
    static let kept = 100
    /// Stands where a provider's id would.
    static let messageId = "test"

    struct Entry: Encodable, Equatable, Sendable {
        /// RFC 3339.
        var at: String
        /// E.164.
        var to: String
        var text: String
    }

    /// The numbers' keyed hashes.
    let phones: Set<String>
    private let tokens: BearerTokens
    private let texts = Mutex<[Entry]>([])

    init(phones: Set<String>, tokens: BearerTokens) {
        self.phones = phones
        self.tokens = tokens
    }

    func add(_ message: TextMessage, at time: Int64) {
        let at = RFC3339.text(time)
        let entry = Entry(at: at, to: message.to, text: message.body)
        texts.withLock { texts in
            texts.insert(entry, at: 0)
            if texts.count > Self.kept { texts.removeLast() }
        }
    }

    /// `GET /admin/test-texts`: those of this instance, newest first.
    func addRoutes(to router: inout Router) {
        router.on("GET", "/admin/test-texts") { request, _, responder in
            responder.respond(self.answer(request))
        }
    }

    func answer(_ request: HTTPRequest) -> HTTPResponse {
        guard tokens.allow(request.headers["Authorization"]) else {
            return HTTPResponse.problem(401, detail: "The bearer token is missing or wrong.")
                .with("WWW-Authenticate", "Bearer")
        }
        return HTTPResponse.json(texts.withLock { $0 }).with("Cache-Control", "no-store")
    }
}
