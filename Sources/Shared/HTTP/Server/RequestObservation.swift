/// What metrics may know of a request: never its path, query, headers or body (they hold tokens).
public struct RequestObservation: Sendable, Equatable {
    /// The route's pattern (`/v/:token`), `fallback` for the fallback, `unmatched` for 404 and 405, `refused` for what
    /// the server answered itself before routing (malformed, too large, too slow).
    public var route: String
    /// A method of RFC 9110 or PATCH, else `OTHER`: strangers can't invent label values.
    public var method: String
    public var status: Int
    /// From the moment the handler got the request until it answered, in nanoseconds.
    public var nanoseconds: Int64
    /// Bytes of the request's body and of the response's.
    public var bytesIn: Int
    public var bytesOut: Int

    public init(route: String, method: String, status: Int, nanoseconds: Int64, bytesIn: Int, bytesOut: Int) {
        self.route = route
        self.method = method
        self.status = status
        self.nanoseconds = nanoseconds
        self.bytesIn = bytesIn
        self.bytesOut = bytesOut
    }

    static func label(ofMethod method: String) -> String {
        switch method {
        case "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT": method
        default: "OTHER"
        }
    }
}
