import Base

/// One whole request: its head has been checked and its body is complete when a handler sees it.
/// Prints only its method: the target and the headers may hold tokens.
public struct HTTPRequest: Sendable, Equatable {
    /// Case-sensitive token, `GET`, `POST`…
    public var method: String
    /// The request target as it came, `/v/abc?x=1`.
    public var target: String
    /// The raw path without the query, still percent-encoded.
    public var path: String
    /// What follows the first `?`, nil when there is none.
    public var query: String?
    public var headers: HTTPHeaders
    public var body: [UInt8]
    /// Numeric address of the other end of the connection (perhaps a proxy).
    public var peer: String

    public init(
        method: String, target: String, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
        peer: String = "127.0.0.1"
    ) {
        let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        self.init(
            method: method, target: target, path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.index(after: $0)...]) }, headers: headers, body: body, peer: peer)
    }

    init(
        method: String, target: String, path: String, query: String?, headers: HTTPHeaders, body: [UInt8],
        peer: String
    ) {
        self.method = method
        self.target = target
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.peer = peer
    }

    /// The query's pairs in order, percent-decoded, `+` as a space.
    public func queryItems() -> [(String, String)] {
        FormCoding.decode((query ?? "").utf8)
    }

    /// The body's pairs as application/x-www-form-urlencoded; does not look at Content-Type.
    public func formFields() -> [(String, String)] {
        FormCoding.decode(body)
    }
}

extension HTTPRequest: CustomStringConvertible {
    public var description: String { "\(method) request, \(body.count) bytes" }
}
