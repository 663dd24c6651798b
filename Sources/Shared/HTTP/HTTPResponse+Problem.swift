/// RFC 9457 problem documents.
extension HTTPResponse {
    private struct ProblemDocument: Encodable {
        var type: String?
        var title: String
        var status: Int
        var detail: String?
        var errors: [String]?
    }

    /// `application/problem+json`. Without a type it is "about:blank" and the title is the status text, as the RFC says;
    /// `errors` is an extension member that names every problem of a request.
    public static func problem(
        _ status: Int, type: String? = nil, title: String? = nil, detail: String? = nil, errors: [String] = []
    ) -> HTTPResponse {
        let document = ProblemDocument(
            type: type, title: title ?? StatusText.of(status), status: status, detail: detail,
            errors: errors.isEmpty ? nil : errors)
        let media = "application/problem+json"
        return encoded(document, type: media, status: status)
            ?? bytes(Array(#"{"title":"Internal Server Error","status":500}"#.utf8), type: media, status: 500)
    }
}
