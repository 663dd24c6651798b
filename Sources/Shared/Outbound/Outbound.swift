import HTTP

extension HTTPClient {
    /// Calls over URLSession.
    public static func urlSession(connectionsPerHost: Int = 64) -> HTTPClient {
        HTTPClient { _ throws(OutboundError) in
            throw OutboundError(kind: .other, message: "not built yet", requestMayHaveBeenSent: false)
        }
    }
}
