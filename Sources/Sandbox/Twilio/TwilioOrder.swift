import HTTP

/// The checked parameters of a request to send (twilio.com/docs/messaging/api/message-resource#create).
struct TwilioOrder: Sendable, Equatable {
    var to: String
    var from: String?
    var messagingServiceSid: String?
    var body: String
    var statusCallback: String?
    var validitySeconds: Int

    static func read(_ fields: [(String, String)], serviceSid: String) -> Result<TwilioOrder, TwilioRefusal> {
        func value(_ name: String) -> String? {
            fields.first { $0.0 == name }.flatMap { $0.1.isEmpty ? nil : $0.1 }
        }
        func refuse(_ code: Int) -> Result<TwilioOrder, TwilioRefusal> {
            .failure(TwilioRefusal(problem: TwilioProblem(400, code)))
        }
        guard let to = value("To") else { return refuse(21604) }
        guard isE164(to) else { return refuse(21211) }
        let (from, service) = (value("From"), value("MessagingServiceSid"))
        guard from != nil || service != nil else { return refuse(21603) }
        if let service, service != serviceSid { return refuse(21705) }
        guard let body = value("Body") else { return refuse(21602) }
        guard body.unicodeScalars.count <= 1600 else { return refuse(21617) }
        let callback = value("StatusCallback")
        if let callback, !isCallable(callback) { return refuse(21609) }
        let validity = value("ValidityPeriod").map { Int($0) ?? 0 } ?? 36_000
        guard (1...36_000).contains(validity) else { return refuse(20422) }
        return .success(
            TwilioOrder(
                to: to, from: from, messagingServiceSid: service, body: body, statusCallback: callback,
                validitySeconds: validity))
    }

    static func isE164(_ text: String) -> Bool {
        let digits = text.utf8.dropFirst()
        return text.utf8.first == UInt8(ascii: "+") && (8...15).contains(digits.count)
            && digits.first != UInt8(ascii: "0") && digits.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// Absolute, with a host; Twilio takes no underscore in a host.
    private static func isCallable(_ url: String) -> Bool {
        guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else { return false }
        let host = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return !host.isEmpty && !host.contains("_") && !url.contains(" ")
    }
}

/// Why a request to send is refused.
struct TwilioRefusal: Error, Sendable, Equatable {
    var problem: TwilioProblem
}
