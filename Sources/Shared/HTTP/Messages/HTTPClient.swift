/// Calls to other services as a value: the module Outbound makes the real one, tests script theirs.
/// No retries, no redirects, no cookies: what a failure means is the caller's to decide.
public struct HTTPClient: Sendable {
    public var send: @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse

    public init(
        send: @escaping @Sendable (OutboundRequest) async throws(OutboundError) -> OutboundResponse
    ) {
        self.send = send
    }

    /// For tests that must not call out: a call is a bug and stops the process.
    public static let unimplemented = HTTPClient { _ throws(OutboundError) in
        preconditionFailure("an outbound call was made where none was expected")
    }
}

/// A request to send. Prints without its path, headers and body.
public struct OutboundRequest: Sendable, Equatable, CustomStringConvertible {
    public var method: String
    /// Absolute, http or https.
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// For everything: waiting for a connection, sending, the whole answer.
    public var deadline: Duration

    public init(
        method: String, url: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        deadline: Duration = .seconds(10)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.deadline = deadline
    }

    public var description: String { "outbound \(method), \(body.count) bytes" }
}

/// The whole answer, whatever its status: 4xx and 5xx are answers, not errors.
public struct OutboundResponse: Sendable, Equatable, CustomStringConvertible {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public var description: String { "answer \(status), \(body.count) bytes" }
}

/// Why there is no answer. `message` names at most the host: no path, no content.
public struct OutboundError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        case timedOut, couldNotConnect, connectionLost, tls, cancelled, other
    }

    public var kind: Kind
    public var message: String
    /// False only when the request surely never left: repeating it can't do anything twice.
    public var requestMayHaveBeenSent: Bool

    public init(kind: Kind, message: String, requestMayHaveBeenSent: Bool) {
        self.kind = kind
        self.message = message
        self.requestMayHaveBeenSent = requestMayHaveBeenSent
    }

    public var description: String { "\(kind.rawValue): \(message)" }
}
