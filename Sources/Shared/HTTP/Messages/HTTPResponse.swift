import FoundationEssentials

/// A response as a value. The server adds Date, Content-Length and Connection itself and ignores them here.
/// Header values can't split the response: CR, LF and NUL leave as spaces, a name that is no token makes it a 500.
public struct HTTPResponse: Sendable, Equatable {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    public static func bytes(_ body: [UInt8], type: String, status: Int = 200) -> HTTPResponse {
        HTTPResponse(status: status, headers: HTTPHeaders([("Content-Type", type)]), body: body)
    }

    public static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        bytes(Array(text.utf8), type: "text/plain; charset=utf-8", status: status)
    }

    public static func html(_ text: String, status: Int = 200) -> HTTPResponse {
        bytes(Array(text.utf8), type: "text/html; charset=utf-8", status: status)
    }

    public static func empty(_ status: Int = 204) -> HTTPResponse {
        HTTPResponse(status: status)
    }

    /// JSON of a value; one that can't be encoded (NaN, a throwing `encode`) is a bug and becomes a 500.
    public static func json(_ value: some Encodable, status: Int = 200) -> HTTPResponse {
        encoded(value, type: "application/json", status: status)
            ?? HTTPResponse.problem(500, detail: "The answer could not be encoded.")
    }

    /// The same response with one more field.
    public func with(_ name: String, _ value: String) -> HTTPResponse {
        var copy = self
        copy.headers.append(name, value)
        return copy
    }

    static func encoded(_ value: some Encodable, type: String, status: Int) -> HTTPResponse? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        do {
            return bytes(Array(try encoder.encode(value)), type: type, status: status)
        } catch {
            return nil
        }
    }
}

extension HTTPResponse: CustomStringConvertible {
    public var description: String { "\(status) response, \(body.count) bytes" }
}
