/// A request's line and fields, checked, before its body.
struct RequestHead: Sendable, Equatable {
    enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    enum Expectation: Sendable, Equatable {
        case none
        case continues
        case unknown
    }

    var method: String
    var target: String
    var path: String
    var query: String?
    var headers: HTTPHeaders
    var isVersion10: Bool
    var keepAlive: Bool
    var framing: Framing
    var expectation: Expectation

    var hasBody: Bool { framing != .none && framing != .length(0) }
}

/// Why a request can't be served: the status to answer before the connection is closed. Quotes nothing of the request.
struct RequestFailure: Error, Sendable, Equatable {
    var status: Int
    var detail: String

    static func bad(_ detail: String) -> RequestFailure {
        RequestFailure(status: 400, detail: detail)
    }
}
