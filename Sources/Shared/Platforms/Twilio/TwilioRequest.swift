import Base
import FoundationEssentials
import HTTP
import Security

/// The two requests we make of Twilio's Messages resource (spec: github.com/twilio/twilio-oai, twilio_api_v2010).
struct TwilioRequest: Sendable {
    let accountSid: String
    let authToken: Secret
    let messagingServiceSid: String
    /// `https://api.twilio.com`, without a path.
    let baseURL: String
    let deadline: Duration

    /// - Parameter discardsText: asks Twilio not to keep the text once it is sent.
    func create(_ message: TextMessage, discardsText: Bool) -> OutboundRequest {
        var fields = [
            ("To", message.to), ("MessagingServiceSid", messagingServiceSid), ("Body", message.body),
        ]
        if let callback = message.statusCallback {
            fields.append(("StatusCallback", callback.contains("#") ? callback : callback + Self.callbackRetries))
        }
        fields.append(("ValidityPeriod", String(min(max(message.validitySeconds, 1), 36_000))))
        fields += [("RiskCheck", "enable"), ("SmartEncoded", "true")]
        if discardsText { fields.append(("ContentRetention", "discard")) }
        let headers: HTTPHeaders = [
            "Authorization": authorization, "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        ]
        return OutboundRequest(
            method: "POST", url: resource, headers: headers, body: Array(FormCoding.encode(fields).utf8),
            deadline: deadline)
    }

    /// All texts to this number, newest first. Not by `DateSent>`: a text that is still queued was not sent on any day.
    func list(to: String) -> OutboundRequest {
        let query = FormCoding.encode([("To", to), ("PageSize", "200")])
        return OutboundRequest(
            method: "GET", url: "\(resource)?\(query)",
            headers: ["Authorization": authorization, "Accept": "application/json"], deadline: deadline)
    }

    /// By default Twilio repeats a callback once, and only if it could not connect: five times, whatever went wrong.
    static let callbackRetries = "#rc=5&rp=all"

    private var resource: String { "\(baseURL)/2010-04-01/Accounts/\(accountSid)/Messages.json" }

    private var authorization: String {
        "Basic " + Data("\(accountSid):\(authToken.text)".utf8).base64EncodedString()
    }
}
