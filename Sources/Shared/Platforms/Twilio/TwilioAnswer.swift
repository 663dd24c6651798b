import FoundationEssentials
import HTTP

/// What an answer to a message create request, or its absence, means: by HTTP status first, because codes are added all
/// the time (twilio.com changelog 2024-07-10), then by code.
enum TwilioAnswer {
    private struct Created: Decodable {
        let sid: String
    }

    private struct Problem: Decodable {
        let code: Int?
    }

    static func classify(_ response: OutboundResponse, now: Int64) -> SendResult {
        let wait = RetryAfter.parse(response.headers["Retry-After"], now: now)
        switch response.status {
        case 200..<300:
            guard let created = decode(Created.self, response.body), !created.sid.isEmpty else {
                return .ambiguous(reason: "\(response.status) without a message id")
            }
            return .accepted(messageId: created.sid)
        case 429:
            // Never processed, always safe to repeat (twilio.com/docs/api/errors/20429).
            let code = code(response) ?? 20429
            return .retry(after: wait ?? TwilioErrorRule.of(code)?.pause, reason: reason(429, code))
        case 400..<500 where response.status != 408:
            return refusal(response.status, code(response), wait)
        default:
            return .ambiguous(reason: reason(response.status, code(response)))
        }
    }

    /// The account is not enabled for Message Redaction (twilio.com/docs/api/errors/30029); nothing was sent.
    static func refusesToDiscard(_ response: OutboundResponse) -> Bool {
        (400..<500).contains(response.status) && code(response) == 30029
    }

    static func classify(_ error: OutboundError) -> SendResult {
        let reason = "no answer, \(error.kind.rawValue)"
        return error.requestMayHaveBeenSent ? .ambiguous(reason: reason) : .retry(after: nil, reason: reason)
    }

    private static func refusal(_ status: Int, _ code: Int?, _ wait: Duration?) -> SendResult {
        let reason = reason(status, code)
        let rule = code.flatMap(TwilioErrorRule.of)
        if [401, 403, 404].contains(status) {
            return .refused(reason: reason, fault: rule?.fault == .destination ? .destination : .account)
        }
        guard let rule else { return .refused(reason: reason, fault: .content) }
        switch rule.retry {
        case .never: return .refused(reason: reason, fault: rule.fault)
        case .later: return .retry(after: wait ?? rule.pause, reason: reason)
        }
    }

    private static func code(_ response: OutboundResponse) -> Int? {
        decode(Problem.self, response.body)?.code
    }

    private static func reason(_ status: Int, _ code: Int?) -> String {
        guard let code else { return "\(status)" }
        return "\(status) \(code) \(TwilioErrorRule.of(code)?.meaning ?? "unknown code")"
    }

    /// Nil for a body of another shape: a proxy's error page is no JSON.
    static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) -> Value? {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            return nil
        }
    }
}
