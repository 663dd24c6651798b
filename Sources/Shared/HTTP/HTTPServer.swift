/// HTTP/1.1 server: one event loop per core, each a thread of its own.
public final class HTTPServer: Sendable {
    public init(
        host: String, port: UInt16, loops: Int = HTTPServer.coreCount, limits: ServerLimits = ServerLimits(),
        router: Router, observe: (@Sendable (RequestObservation) -> Void)? = nil
    ) {
    }

    /// Binds and starts to accept. Throws when the address is taken or can't be bound.
    public func start() throws(HTTPServerError) {
        throw HTTPServerError(operation: "start", code: 0)
    }

    /// The bound port once started.
    public var port: UInt16 { 0 }

    /// Stops accepting, lets what is in flight finish, closes; after the deadline whatever is left is cut.
    public func drain(deadline: Duration) async {
    }

    public static var coreCount: Int { 2 }
}

/// A system call that the server can't do without failed.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    public var operation: String
    /// errno
    public var code: Int32
    public var description: String { "\(operation): error \(code)" }
}
