import Base
import HTTP

/// What an HTTP provider's answer, or its absence, means: by the operator's rule first, then by status.
enum HTTPTextAnswer {
    static let unknownId = "unknown"
    private static let longestId = 128

    static func classify(
        _ response: OutboundResponse, _ configuration: HTTPTextConfiguration, now: Int64
    ) -> SendResult {
        let body = JSONTree(parsing: response.body)
        if isMet(configuration.success, response.status, body) {
            return .accepted(messageId: id(configuration.messageId, body))
        }
        let reason = "\(response.status)"
        if let permanent = configuration.permanent, isMet(permanent, response.status, body) {
            return .refused(reason: reason, fault: .number)
        }
        let wait = RetryAfter.parse(response.headers["Retry-After"], now: now)
        switch response.status {
        case 200..<300: return .refused(reason: "\(reason), not as the success rule says", fault: .content)
        // Not followed; nobody there has said that the text was taken.
        case 300..<400: return .refused(reason: "\(reason), a redirect", fault: .account)
        // 402: the credit is used up.
        case 401, 402, 403, 404: return .refused(reason: reason, fault: .account)
        case 429: return .retry(after: wait, reason: reason)
        case 503 where wait != nil: return .retry(after: wait, reason: reason)
        case 400..<500 where response.status != 408: return .refused(reason: reason, fault: .content)
        default: return .ambiguous(reason: reason)
        }
    }

    static func classify(_ error: OutboundError) -> SendResult {
        let reason = "no answer, \(error.kind.rawValue)"
        let mayHaveLeft = error.requestMayHaveBeenSent && !isHandshake(error)
        return mayHaveLeft ? .ambiguous(reason: reason) : .retry(after: nil, reason: reason)
    }

    /// TLS that was not agreed upon carried no request. Trouble while reading or writing came later.
    private static func isHandshake(_ error: OutboundError) -> Bool {
        error.kind == .tls && !error.message.contains("SSL_read") && !error.message.contains("SSL_write")
    }

    private static func isMet(_ rule: HTTPTextConfiguration.Rule, _ status: Int, _ body: JSONTree?) -> Bool {
        guard rule.statuses.contains(status) else { return false }
        guard let pointer = rule.pointer else { return true }
        guard let value = body.flatMap({ pointer.value(in: $0) }) else { return false }
        return rule.values.contains(value)
    }

    private static func id(_ pointer: JSONPointer?, _ body: JSONTree?) -> String {
        let text: String? =
            switch body.flatMap({ pointer?.value(in: $0) }) {
            case .string(let text)?: text
            case .integer(let number)?: String(number)
            case .null?, .bool?, .number?, .array?, .object?, nil: nil
            }
        guard let text, (1...longestId).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return unknownId }
        return text
    }
}
