import HTTP
import Synchronization

/// An HTTP peer that answers from a list and remembers what it was asked. A call too many is an error of its own.
final class ScriptedHTTP: Sendable {
    private struct State {
        var answers: [Result<OutboundResponse, OutboundError>]
        var requests: [OutboundRequest] = []
    }

    private let state: Mutex<State>

    init(_ answers: Result<OutboundResponse, OutboundError>...) {
        state = Mutex(State(answers: answers))
    }

    var requests: [OutboundRequest] { state.withLock { $0.requests } }

    var client: HTTPClient {
        HTTPClient { [self] request throws(OutboundError) in
            let answer = state.withLock { state -> Result<OutboundResponse, OutboundError> in
                state.requests.append(request)
                guard !state.answers.isEmpty else {
                    return .failure(
                        OutboundError(kind: .other, message: "script is over", requestMayHaveBeenSent: false))
                }
                return state.answers.removeFirst()
            }
            return try answer.get()
        }
    }
}

extension Result where Success == OutboundResponse, Failure == OutboundError {
    static func answer(_ status: Int, _ body: [UInt8] = [], headers: HTTPHeaders = [:]) -> Self {
        .success(OutboundResponse(status: status, headers: headers, body: body))
    }

    static func json(_ status: Int, _ object: Any, headers: HTTPHeaders = [:]) throws -> Self {
        .answer(status, try Vectors.data(object), headers: headers)
    }

    static func lost(_ kind: OutboundError.Kind, maybeSent: Bool) -> Self {
        .failure(OutboundError(kind: kind, message: "scripted", requestMayHaveBeenSent: maybeSent))
    }
}
