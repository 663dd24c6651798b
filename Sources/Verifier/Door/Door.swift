import HTTP
import Model
import Pipeline
import Platforms
import Security

/// Verifier's door: the shopper's page and the JSON API, both nothing but questions to the switchboard.
///
/// A token whose tag does not fit is unknown without a word to Kafka. A code becomes its keyed fingerprint here, at
/// once; nothing behind this file sees its digits.
struct Door: Sendable {
    let identity: IdentityKey
    let keyring: Keyring
    let switchboard: Switchboard
    let looks: ShopLooks
    let limits: DoorLimits
    let ownOrigin: OwnOrigin
    /// The app's secrets at Shopify; empty where no storefront passes requests on.
    var proxySecrets: [Secret] = []
    let metrics: DoorMetrics
    let clock: @Sendable () -> Int64
    /// Why the door can't serve just now; nil when it can.
    let closedBecause: @Sendable () -> String?

    /// What came of a question, for either kind of answer.
    enum Outcome: Sendable {
        case answered(Answer)
        /// No code of ours; not counted. With how things stand, where somebody is shown them.
        case badCode(CodeInput.Problem, Answer?)
        /// The form came from another site's page.
        case foreignOrigin
        case busy(retryAfterSeconds: Int)
        case unavailable
    }

    /// Whose links the answer holds: `/v/…` below it lead back here.
    struct Place: Sendable {
        /// What stands before `/v/` in the page's own links: empty, or where a storefront shows us.
        var prefix = ""
        /// The only shop whose verifications may be asked about; nil for all.
        var shop: String?
    }

    static let options = RouteOptions(maximumBodyBytes: 4096, deadline: .seconds(8))

    func addRoutes(to router: inout Router) {
        let page = PageRenderer(looks: looks, clock: clock)
        addRoutes(
            to: &router, Paths(look: "/v/:token", guess: "/v/:token", resend: "/v/:token/resend"), page,
            code: Self.formCode)
        addRoutes(
            to: &router,
            Paths(
                look: "/api/v1/verifications/:token", guess: "/api/v1/verifications/:token/attempts",
                resend: "/api/v1/verifications/:token/resend"),
            APIRenderer(clock: clock), code: APIRenderer.code)
        guard !proxySecrets.isEmpty else { return }
        addRoutes(
            to: &router,
            Paths(look: "/proxy/v/:token", guess: "/proxy/v/:token", resend: "/proxy/v/:token/resend", isProxied: true),
            page, code: Self.formCode)
    }

    private struct Paths {
        let look: String
        let guess: String
        let resend: String
        /// Passed on by a shop's storefront, signed.
        var isProxied = false
    }

    private func addRoutes(
        to router: inout Router, _ paths: Paths, _ renderer: some Renderer,
        code: @escaping @Sendable (HTTPRequest) -> Result<String, CodeInput.Problem>
    ) {
        func on(
            _ method: String, _ path: String, _ ask: @escaping @Sendable (Question, HTTPRequest) -> Void
        ) {
            router.on(method, path, options: Self.options) {
                [isProxied = paths.isProxied] request, parameters, responder in
                serve(request, parameters["token"], renderer, isProxied: isProxied, responder, ask)
            }
        }
        on("GET", paths.look) { question, _ in look(question) }
        on("POST", paths.guess) { question, request in guess(question, code(request)) }
        on("POST", paths.resend) { question, _ in resend(question) }
    }

    private static func formCode(_ request: HTTPRequest) -> Result<String, CodeInput.Problem> {
        CodeInput.read(request.formFields().first { $0.0 == "code" }?.1 ?? "")
    }
}

/// Turns what came of a question into a response: the page or JSON.
protocol Renderer: Sendable {
    /// - Parameters:
    ///   - token: nil where the token itself was refused.
    ///   - request: the one that is answered; for what the client says of itself, such as its languages.
    func render(_ outcome: Door.Outcome, token: LinkToken?, place: Door.Place, request: HTTPRequest) -> HTTPResponse
}
