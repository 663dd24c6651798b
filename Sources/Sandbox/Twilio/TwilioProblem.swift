import Base
import HTTP

/// An error as Twilio's API answers it: `{code, message, more_info, status}` (twilio.com/docs/api/errors).
struct TwilioProblem: Sendable, Equatable {
    var status: Int
    var code: Int
    var retryAfterSeconds: Int?

    init(_ status: Int, _ code: Int, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.code = code
        self.retryAfterSeconds = retryAfterSeconds
    }

    var response: HTTPResponse {
        let body: JSONTree = [
            "code": .integer(Int64(code)), "message": .string(Self.text(of: code)),
            "more_info": .string("https://www.twilio.com/docs/errors/\(code)"), "status": .integer(Int64(status)),
        ]
        var response = HTTPResponse.json(body, status: status)
        if let retryAfterSeconds { response.headers.set("Retry-After", String(retryAfterSeconds)) }
        if status == 401 { response.headers.set("WWW-Authenticate", #"Basic realm="Twilio API""#) }
        return response
    }

    static func text(of code: Int) -> String {
        texts[code] ?? "Error \(code)"
    }

    private static let texts: [Int: String] = [
        20003: "Authenticate",
        20404: "The requested resource was not found",
        20422: "Invalid parameter",
        20429: "Too Many Requests",
        30029: "Invalid ContentRetention",
        20500: "An internal server error has occurred",
        20503: "Service is unavailable. Please try again",
        21211: "Invalid 'To' Phone Number",
        21408: "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
        21602: "Message body is required.",
        21603: "A 'From' phone number is required.",
        21604: "A 'To' phone number is required.",
        21609: "The 'StatusCallback' URL is not a valid URL.",
        21610: "Attempt to send to unsubscribed recipient",
        21612: "Message cannot be sent with the current combination of 'To' and 'From' parameters",
        21614: "'To' number is not a valid mobile number",
        21617: "The concatenated message body exceeds the 1600 character limit",
        21635: "'To' number cannot be a landline",
        21705: "The Messaging Service Sid is invalid",
        30003: "Unreachable destination handset",
        30004: "Message blocked",
        30005: "Unknown destination handset",
        30006: "Landline or unreachable carrier",
        30007: "Message filtered",
        30008: "Unknown error",
        30036: "Validity Period Expired",
        30450: "Message delivery blocked",
        63038: "Account exceeded the daily messages limit",
    ]
}
