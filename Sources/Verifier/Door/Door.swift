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
    /// ``PublicPath``: what stands before `/v/` in the page's own links, and before our routes where a proxy leaves it.
    var publicPath = ""
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
        /// What stands before `/v/` in the page's own links: our public path, or where a storefront shows us.
        var prefix = ""
        /// The only shop whose verifications may be asked about; nil for all.
        var shop: String?
    }

    static let options = RouteOptions(maximumBodyBytes: 4096, deadline: .seconds(8))

    func addRoutes(to router: inout Router) {
        let page = PageRenderer(looks: looks, clock: clock)
        let api = APIRenderer(clock: clock)
        for base in PublicPath.bases(publicPath) {
            addRoutes(to: &router, .page, below: base, page, code: Self.formCode)
            addRoutes(to: &router, .api, below: base, api, code: APIRenderer.code)
            guard !proxySecrets.isEmpty else { continue }
            addRoutes(to: &router, .proxiedPage, below: base, page, code: Self.formCode)
        }
    }

    private struct Paths {
        let look: String
        let guess: String
        let resend: String
        /// Of links with more behind them than a token; nil where only exact ones are known.
        var broken: String?
        /// Passed on by a shop's storefront, signed.
        var isProxied = false

        static let page = Paths(
            look: "/v/:token", guess: "/v/:token", resend: "/v/:token/resend", broken: "/v/*token")
        static let api = Paths(
            look: "/api/v1/verifications/:token", guess: "/api/v1/verifications/:token/attempts",
            resend: "/api/v1/verifications/:token/resend")
        static let proxiedPage = Paths(
            look: "/proxy/v/:token", guess: "/proxy/v/:token", resend: "/proxy/v/:token/resend",
            broken: "/proxy/v/*token", isProxied: true)
    }

    private func addRoutes(
        to router: inout Router, _ paths: Paths, below base: String, _ renderer: some Renderer,
        code: @escaping @Sendable (HTTPRequest) -> Result<TypedCode, CodeInput.Problem>
    ) {
        func on(
            _ method: String, _ path: String, _ ask: @escaping @Sendable (Question, HTTPRequest) -> Void
        ) {
            router.on(method, base + path, options: Self.options) {
                [isProxied = paths.isProxied] request, parameters, responder in
                serve(request, parameters["token"], renderer, isProxied: isProxied, responder, ask)
            }
        }
        on("GET", paths.look) { question, _ in look(question) }
        on("POST", paths.guess) { question, request in guess(question, code(request)) }
        on("POST", paths.resend) { question, _ in resend(question) }
        guard let broken = paths.broken else { return }
        // What a form answered may be opened again: it is the page.
        for path in [paths.resend, broken] { on("GET", path) { question, _ in look(question) } }
        on("POST", broken) { question, request in guess(question, code(request)) }
    }

    private static func formCode(_ request: HTTPRequest) -> Result<TypedCode, CodeInput.Problem> {
        CodeInput.read(request.formFields().first { $0.0 == "code" }?.1 ?? "").map { TypedCode(digits: $0) }
    }
}

/// Turns what came of a question into a response: the page or JSON.
protocol Renderer: Sendable {
    /// - Parameters:
    ///   - token: nil where the token itself was refused.
    ///   - request: the one that is answered; for what the client says of itself, such as its languages.
    func render(_ outcome: Door.Outcome, token: LinkToken?, place: Door.Place, request: HTTPRequest) -> HTTPResponse
}
