import Base
import HTTP
import Model
import Security

/// The shopper's page: one field, one button, plain words; whole without scripts, and nothing of it from anywhere else.
///
/// What was typed is never shown again. No copy is kept of it and nobody is told its address.
struct PageRenderer: Renderer {
    let looks: ShopLooks
    let clock: @Sendable () -> Int64
    private let unknown = UnknownPages()

    init(looks: ShopLooks, clock: @escaping @Sendable () -> Int64) {
        self.looks = looks
        self.clock = clock
    }

    func render(
        _ outcome: Door.Outcome, token: LinkToken?, place: Door.Place, request: HTTPRequest
    ) -> HTTPResponse {
        let state = PageState(outcome, hasToken: token != nil, now: clock())
        let language = PageLanguage.choose(
            locale: state.answer?.locale, acceptLanguage: request.headers["Accept-Language"])
        guard token == nil, case .answered = outcome else { return render(state, language, token, place) }
        return unknown.page(language.code) { render(state, language, nil, Door.Place()) }
    }

    private func render(
        _ state: PageState, _ language: PageLanguage, _ token: LinkToken?, _ place: Door.Place
    ) -> HTTPResponse {
        let nonce = Self.nonce()
        let page = PageHTML(
            state: state, language: language, look: state.answer?.shop.map { looks[$0] } ?? .plain,
            path: token.map { "\(place.prefix)/v/\($0.text)" }, prefix: place.prefix, nonce: nonce)
        var response = HTTPResponse.html(page.document.html, status: state.httpStatus)
        response.headers.set("Content-Security-Policy", Self.policy(nonce))
        response.headers.set("Content-Language", language.code)
        response.headers.set("Cache-Control", "no-store")
        response.headers.set("Referrer-Policy", "same-origin")
        response.headers.set("X-Content-Type-Options", "nosniff")
        if let seconds = state.retryAfterSeconds { response.headers.set("Retry-After", String(seconds)) }
        return response
    }

    /// `data:` is for the empty icon, by which no browser asks for `/favicon.ico`.
    private static func policy(_ nonce: String) -> String {
        [
            "default-src 'none'", "style-src 'nonce-\(nonce)'", "script-src 'nonce-\(nonce)'", "img-src 'self' data:",
            "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
        ].joined(separator: "; ")
    }

    private static func nonce() -> String {
        Hex.encode(randomBytes(16))
    }
}
