import HTTP

/// Whether a form was sent by our own page: by `Sec-Fetch-Site` where the browser says so (W3C, Fetch Metadata), else
/// by `Origin` (RFC 6454). A client that sends neither, or `Origin: null` alone (older browsers that were told to hide
/// where they come from, apps that show web pages), says nothing of another site, and holds the token anyway.
struct OwnOrigin: Sendable {
    /// `https://host[:port]` of our public address; nil compares with the request's own `Host`.
    private let origin: String?

    init(publicURL: String?) {
        origin = publicURL.map { url in
            guard let scheme = url.firstRange(of: "://") else { return url.lowercased() }
            let authority = url[scheme.upperBound...].prefix { $0 != "/" }
            return Self.withoutDefaultPort(String(url[..<scheme.upperBound] + authority).lowercased())
        }
    }

    func sent(_ request: HTTPRequest) -> Bool {
        if let site = request.headers["Sec-Fetch-Site"] { return site == "same-origin" || site == "none" }
        guard let given = request.headers["Origin"]?.lowercased(), given != "null" else { return true }
        if let origin { return Self.withoutDefaultPort(given) == origin }
        guard let scheme = given.firstRange(of: "://"), let host = request.headers["Host"] else { return false }
        return given[scheme.upperBound...] == host.lowercased()
    }

    private static func withoutDefaultPort(_ origin: String) -> String {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")]
        where origin.hasPrefix(scheme) && origin.hasSuffix(port) {
            return String(origin.dropLast(port.count))
        }
        return origin
    }
}
