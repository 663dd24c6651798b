/// RFC 9457 problem documents.
extension HTTPResponse {
    private struct ProblemDocument<Errors: Encodable>: Encodable {
        var type: String?
        var title: String
        var status: Int
        var detail: String?
        var errors: Errors?
    }

    /// What is wrong at one place of a request's body.
    public struct ProblemPlace: Encodable, Equatable, Sendable {
        /// JSON pointer as a URI fragment, `#/data/id`, as in the RFC's own example.
        public let pointer: String
        public let detail: String

        /// - Parameter pointer: without the `#`.
        public init(pointer: String, detail: String) {
            self.pointer = "#\(pointer)"
            self.detail = detail
        }
    }

    /// `application/problem+json`. Without a type it is "about:blank" and the title is the status text, as the RFC
    /// says; `errors` is an extension member that names every problem of a request.
    public static func problem(
        _ status: Int, type: String? = nil, title: String? = nil, detail: String? = nil, errors: [String] = []
    ) -> HTTPResponse {
        problem(
            ProblemDocument(
                type: type, title: title ?? StatusText.of(status), status: status, detail: detail,
                errors: errors.isEmpty ? nil : errors))
    }

    /// The same, with the places of the request's body in `errors`.
    public static func problem(_ status: Int, detail: String, places: [ProblemPlace]) -> HTTPResponse {
        problem(
            ProblemDocument(
                type: nil, title: StatusText.of(status), status: status, detail: detail, errors: places))
    }

    private static func problem(_ document: ProblemDocument<some Encodable>) -> HTTPResponse {
        let media = "application/problem+json"
        return encoded(document, type: media, status: document.status)
            ?? bytes(Array(#"{"title":"Internal Server Error","status":500}"#.utf8), type: media, status: 500)
    }
}
