import Foundation
import FoundationNetworking
import HTTP

/// Checks what URLSession would pass on unchecked (line breaks in a field would make more fields) before anything is
/// sent: every error here says that the request never left.
enum PreparedRequest {
    /// URLSession's own clock counts whole seconds and only between bytes: it is set past the deadline, which cancels.
    private static let slack: TimeInterval = 30

    static func make(_ request: OutboundRequest) throws(OutboundError) -> URLRequest {
        guard let url = URL(string: request.url), let scheme = url.scheme?.lowercased(),
            scheme == "https" || scheme == "http", let host = url.host, !host.isEmpty
        else { throw refused("the URL is not an absolute http or https URL") }
        guard isToken(request.method) else { throw refused("the method is not a token") }
        var prepared = URLRequest(url: url)
        prepared.httpMethod = request.method
        prepared.timeoutInterval = TimeInterval(request.deadline.components.seconds) + slack
        prepared.httpShouldHandleCookies = false
        for (name, value) in request.headers {
            guard isToken(name), isValue(value) else { throw refused("a header field is not valid") }
            prepared.addValue(value, forHTTPHeaderField: name)
        }
        if !request.body.isEmpty { prepared.httpBody = Data(request.body) }
        return prepared
    }

    private static func refused(_ message: String) -> OutboundError {
        OutboundError(kind: .other, message: message, requestMayHaveBeenSent: false)
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (byte > 0x20 && byte < 0x7F) && !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte)
            }
    }

    private static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }
}
