import HTTP
import Platforms

/// What the routes of the installation have in common: what came in, read and checked, and what goes out.
extension InstallDoor {
    func signed(_ request: HTTPRequest) throws(InstallProblem) -> ShopifyQuery {
        do throws(ShopifyQuery.Problem) {
            return try ShopifyQuery(request.queryItems(), secrets: app.secrets, now: now())
        } catch {
            throw .query(error)
        }
    }

    func verified(_ token: String) throws(InstallProblem) -> SessionToken {
        do throws(SessionToken.Problem) {
            return try SessionToken.verify(token, clientId: app.clientId, secrets: app.secrets, now: now())
        } catch {
            throw .session(error)
        }
    }

    /// A page inside the admin whose session token was too old asks once more by itself, with a fresh one of App
    /// Bridge's.
    func page(_ problem: InstallProblem, _ route: Route, framedBy shop: String? = nil) -> HTTPResponse {
        metrics.install(route, problem.reason)
        var page = InstallPage.problem(problem)
        if route == .app, case .session = problem {
            page.clientId = app.clientId
            page.script = Self.askAgain
        }
        let answer = page.response(problem.status, framedBy: shop)
        return problem.status == 503 ? answer.with("Retry-After", "2") : answer
    }

    private static let askAgain =
        #"fetch("session",{method:"POST"}).then(function(r){if(r.ok)document.getElementById("m").textContent="#
        + #""OTP Guard is installed."})"#

    static func redirect(_ url: String) -> HTTPResponse {
        HTTPResponse.empty(302).with("Location", url).with("Cache-Control", "no-store")
            .with("Referrer-Policy", "no-referrer")
    }

    static func bearer(_ headers: HTTPHeaders) -> String? {
        let scheme = "bearer "
        guard headers.all("Authorization").count == 1, let field = headers["Authorization"],
            field.lowercased().hasPrefix(scheme)
        else { return nil }
        return String(field.dropFirst(scheme.count))
    }

    /// A cookie's value (RFC 6265 §5.4); nil when there is none of that name.
    static func cookie(_ name: String, _ headers: HTTPHeaders) -> String? {
        for pair in headers.all("Cookie").flatMap({ $0.split(separator: ";") }) {
            let text = pair.drop { $0 == " " }
            if text.hasPrefix(name + "=") { return String(text.dropFirst(name.count + 1)) }
        }
        return nil
    }
}
