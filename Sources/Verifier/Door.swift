import HTTP
import Model
import Pipeline
import Security

/// Verifier's door: the shopper's page and the JSON API, both nothing but questions to the switchboard.
///
/// A token whose tag does not fit is unknown without a word to Kafka. A code becomes its keyed fingerprint here, at
/// once; nothing behind this file sees its digits.
struct Door: Sendable {
    let identity: IdentityKey
    let keyring: Keyring
    let switchboard: Switchboard
    let gate: AttemptGate<VerificationID>
    let clock: @Sendable () -> Int64
    /// Why the door can't serve just now; nil when it can.
    let closedBecause: @Sendable () -> String?

    /// What came of a question, for either kind of answer.
    enum Outcome: Sendable {
        case answered(Answer)
        case badCode
        case busy(retryAfterSeconds: Int)
        case unavailable
    }

    private static let options = RouteOptions(maximumBodyBytes: 4096, deadline: .seconds(8))

    func addRoutes(to router: inout Router) {
        let page = PageRenderer(clock: clock)
        let api = APIRenderer(clock: clock)
        add(&router, "GET", "/v/:token", page) { id, _, reply in look(id, reply) }
        add(&router, "POST", "/v/:token", page) { id, request, reply in
            guess(id, code: Self.field("code", of: request), reply)
        }
        add(&router, "POST", "/v/:token/resend", page) { id, _, reply in resend(id, reply) }
        add(&router, "GET", "/api/v1/verifications/:token", api) { id, _, reply in look(id, reply) }
        add(&router, "POST", "/api/v1/verifications/:token/attempts", api) { id, request, reply in
            guess(id, code: APIRenderer.code(in: request), reply)
        }
        add(&router, "POST", "/api/v1/verifications/:token/resend", api) { id, _, reply in resend(id, reply) }
    }

    typealias Reply = @Sendable (Outcome) -> Void

    private func add(
        _ router: inout Router, _ method: String, _ pattern: String, _ renderer: some Renderer,
        _ ask: @escaping @Sendable (VerificationID, HTTPRequest, @escaping Reply) -> Void
    ) {
        router.on(method, pattern, options: Self.options) { request, parameters, responder in
            guard let token = parameters["token"].flatMap(identity.accept) else {
                let unknown = Outcome.answered(Answer(.unknown, about: nil))
                return responder.respond(renderer.render(unknown, token: nil, request: request))
            }
            guard closedBecause() == nil else {
                return responder.respond(renderer.render(.unavailable, token: token, request: request))
            }
            ask(VerificationID(token.verificationId), request) { outcome in
                responder.respond(renderer.render(outcome, token: token, request: request))
            }
        }
    }

    private func look(_ id: VerificationID, _ reply: @escaping Reply) {
        switchboard.ask(id, AttemptMessage.look) { reply(Self.outcome($0)) }
    }

    private func resend(_ id: VerificationID, _ reply: @escaping Reply) {
        admit(id, reply) { done in
            switchboard.ask(id, AttemptMessage.resend, completion: done)
        }
    }

    private func guess(_ id: VerificationID, code: String?, _ reply: @escaping Reply) {
        guard let digits = code.flatMap({ CodeInput.digits(of: $0) }) else { return reply(.badCode) }
        admit(id, reply) { done in
            // One fingerprint for each key: which one the verification was opened with is the owner's to know.
            let fingerprints = Dictionary(
                uniqueKeysWithValues: keyring.all.map { key in
                    (key.id, Fingerprint.text(GuessMAC.mac(pepper: key.pepper, id: id.uuid, code: digits)))
                })
            switchboard.ask(
                id, { .guess(AttemptMessage.GuessAsk(ask: $0, fingerprints: fingerprints)) }, completion: done)
        }
    }

    /// One attempt in flight a token, and no faster than the gate allows.
    private func admit(
        _ id: VerificationID, _ reply: @escaping Reply, _ ask: (@escaping Switchboard.Completion) -> Void
    ) {
        switch gate.enter(id) {
        case .busy:
            reply(.busy(retryAfterSeconds: 1))
        case .tooFast(let seconds):
            reply(.busy(retryAfterSeconds: seconds))
        case .admitted:
            ask { result in
                gate.leave(id)
                reply(Self.outcome(result))
            }
        }
    }

    private static func outcome(_ result: Result<Answer, Switchboard.Failure>) -> Outcome {
        switch result {
        case .success(let answer): return .answered(answer)
        case .failure: return .unavailable
        }
    }

    private static func field(_ name: String, of request: HTTPRequest) -> String? {
        request.formFields().first { $0.0 == name }?.1
    }
}

/// Turns what came of a question into a response: the page or JSON.
protocol Renderer: Sendable {
    /// - Parameters:
    ///   - token: nil where the token itself was refused.
    ///   - request: the one that is answered; for what the client says of itself, such as its languages.
    func render(_ outcome: Door.Outcome, token: LinkToken?, request: HTTPRequest) -> HTTPResponse
}
