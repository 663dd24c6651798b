import FoundationEssentials
import HTTP
import Model
import Security

/// The JSON API's answers: 200 with the state, or a problem document (RFC 9457) carrying it; never stored anywhere.
struct APIRenderer: Renderer {
    let clock: @Sendable () -> Int64

    private struct Attempt: Decodable {
        let code: Result<TypedCode, CodeInput.Problem>

        private enum CodingKeys: CodingKey {
            case code
        }

        init(from decoder: any Decoder) throws {
            let members = try decoder.container(keyedBy: CodingKeys.self)
            do {
                code = CodeInput.read(try members.decode(String.self, forKey: .code)).map { TypedCode(digits: $0) }
            } catch DecodingError.typeMismatch {
                code = CodeInput.read(number: try members.decode(Double.self, forKey: .code))
            }
        }
    }

    /// The code of `{"code":"123456"}` or `{"code":123456}`; any other body has none.
    static func code(_ request: HTTPRequest) -> Result<TypedCode, CodeInput.Problem> {
        do {
            return try JSONDecoder().decode(Attempt.self, from: Data(request.body)).code
        } catch {
            return .failure(.empty)
        }
    }

    func render(
        _ outcome: Door.Outcome, token: LinkToken?, place: Door.Place, request: HTTPRequest
    ) -> HTTPResponse {
        let response: HTTPResponse
        switch outcome {
        case .answered where token == nil:
            return Self.unknown
        case .answered(let answer):
            response = render(answer)
        case .badCode(let problem, _):
            response = .problem(400, title: problem.rawValue, detail: "\(problem.detail) This was not counted.")
        case .foreignOrigin:
            response = .problem(403, title: "foreignOrigin", detail: "Sent by another site's page.")
        case .busy(let seconds):
            response = .problem(429, title: "tooFast", detail: "Too many attempts at once. This one was not counted.")
                .with("Retry-After", String(seconds))
        case .unavailable:
            response = .problem(
                503, title: "unavailable", detail: "No answer in time. Send the same again; it is not counted twice."
            )
            .with("Retry-After", "2")
        }
        return Self.unstored(response)
    }

    /// Made once: whoever tries tokens by the thousand costs next to nothing.
    private static let unknown: HTTPResponse = {
        let answer = Answer(.unknown, about: nil)
        let problem = HTTPResponse.problem(answer.httpStatus, title: answer.kind.rawValue, detail: answer.detail)
        return unstored(problem)
    }()

    private static func unstored(_ response: HTTPResponse) -> HTTPResponse {
        response.with("Cache-Control", "no-store").with("X-Content-Type-Options", "nosniff")
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

extension CodeInput.Problem {
    fileprivate var detail: String {
        switch self {
        case .empty: "There is no code: send {\"code\":\"123456\"} with the digits of the text."
        case .notDigits: "A code has digits only."
        case .tooShort: "A code has at least \(CodeInput.lengths.lowerBound) digits."
        case .tooLong: "A code has at most \(CodeInput.lengths.upperBound) digits."
        }
    }
}
