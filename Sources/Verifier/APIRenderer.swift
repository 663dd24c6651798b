#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import HTTP
import Model
import Security

/// The JSON API's answers: 200 with the state, or a problem document (RFC 9457) carrying it; never stored anywhere.
struct APIRenderer: Renderer {
    let clock: @Sendable () -> Int64

    private struct Attempt: Decodable {
        var code: String
    }

    /// The code of `{"code":"123456"}`; nil when the body is anything else.
    static func code(in request: HTTPRequest) -> String? {
        do {
            return try JSONDecoder().decode(Attempt.self, from: Data(request.body)).code
        } catch {
            return nil
        }
    }

    func render(_ outcome: Door.Outcome, token: LinkToken?, request: HTTPRequest) -> HTTPResponse {
        let response: HTTPResponse
        switch outcome {
        case .answered(let answer):
            response = render(answer)
        case .badCode:
            response = .problem(
                400, detail: "Send {\"code\":\"123456\"} with the digits of the text. This was not counted.")
        case .busy(let seconds):
            response = .problem(429, detail: "Too many attempts at once. This one was not counted.")
                .with("Retry-After", String(seconds))
        case .unavailable:
            response = .problem(503, detail: "No answer in time. Send the same again; it is not counted twice.")
                .with("Retry-After", "2")
        }
        return response.with("Cache-Control", "no-store").with("X-Content-Type-Options", "nosniff")
    }

    private func render(_ answer: Answer) -> HTTPResponse {
        let body = AnswerBody(answer)
        let status = answer.httpStatus
        guard status != 200 else { return .json(body) }
        let problem = AnswerProblem(
            title: answer.kind.rawValue, status: status, detail: answer.detail,
            verification: answer.status == nil ? nil : body)
        var response = HTTPResponse.json(problem, status: status)
        response.headers.set("Content-Type", "application/problem+json")
        if let seconds = answer.retryAfterSeconds(now: clock()) {
            response.headers.set("Retry-After", String(seconds))
        }
        return response
    }
}
