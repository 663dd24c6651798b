import HTTP
import Runtime

/// Whether a request may use the sandbox. It has no passwords, so a page of some other site, open in the same browser,
/// must not be able to: the name it was called by and the origin of a post have to be loopback's.
enum LocalRequest {
    static func isLocal(_ headers: HTTPHeaders) -> Bool {
        guard isLoopback(headers["Host"] ?? "") else { return false }
        guard let origin = headers["Origin"] else { return true }
        return origin.hasPrefix("http://") && isLoopback(String(origin.dropFirst(7)))
    }

    /// `127.0.0.1`, `localhost:8080`, `[::1]:8080`
    private static func isLoopback(_ authority: String) -> Bool {
        if let address = HostPort(authority) { return address.isLoopback }
        return HostPort(authority + ":80")?.isLoopback ?? false
    }
}
