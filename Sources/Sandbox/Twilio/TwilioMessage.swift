import Base
import Texts

/// A text the stand-in Twilio has accepted, and its JSON as Twilio's Messages resource writes it.
struct TwilioMessage: Sendable {
    /// `accepted`, `queued`, `sent`, `delivered`, `undelivered`, `failed`.
    enum Status: String, Sendable {
        case accepted, queued, sent, delivered, undelivered, failed
    }

    var sid: String
    var accountSid: String
    var to: String
    /// Nil until a sender of the service has been picked.
    var from: String?
    var messagingServiceSid: String?
    var body: String
    var status: Status
    var statusCallback: String?
    var validitySeconds: Int
    var errorCode: Int?
    /// Milliseconds since 1970, all three.
    var createdAt: Int64
    var updatedAt: Int64
    var sentAt: Int64?

    var json: JSONTree {
        let path = "/2010-04-01/Accounts/\(accountSid)/Messages/\(sid)"
        return [
            "account_sid": .string(accountSid), "api_version": "2010-04-01", "body": .string(body),
            "date_created": .string(MailDate.text(createdAt)),
            "date_sent": .optional(sentAt.map(MailDate.text)),
            "date_updated": .string(MailDate.text(updatedAt)), "direction": "outbound-api",
            "error_code": errorCode.map { .integer(Int64($0)) } ?? .null,
            "error_message": .optional(errorCode.map { TwilioProblem.text(of: $0) }), "from": .optional(from),
            "messaging_service_sid": .optional(messagingServiceSid), "num_media": "0",
            "num_segments": .string(String(Segments(of: body).count)), "price": .null,
            "price_unit": messagingServiceSid == nil ? "USD" : .null, "sid": .string(sid),
            "status": .string(status.rawValue), "subresource_uris": ["media": .string("\(path)/Media.json")],
            "to": .string(to), "uri": .string("\(path).json"),
        ]
    }
}
