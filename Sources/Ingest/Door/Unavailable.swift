import HTTP

extension HTTPResponse {
    /// What a sender is told when nothing could be promised: come again.
    static func unavailable(_ detail: String) -> HTTPResponse {
        HTTPResponse.problem(503, detail: detail).with("Retry-After", "2")
    }
}
