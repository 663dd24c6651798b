import Security

/// A delivery report as Twilio posts it. Fields we don't know are ignored; number and text of the message are not kept.
public struct TwilioStatusCallback: Sendable, Equatable {
    public let messageId: String
    public let status: TwilioStatus
    /// Only with `failed` and `undelivered`.
    public let errorCode: Int?

    public init(messageId: String, status: TwilioStatus, errorCode: Int? = nil) {
        self.messageId = messageId
        self.status = status
        self.errorCode = errorCode
    }

    /// Nil when it names no message or no status. `SmsSid` and `SmsStatus` are the older names of both.
    public init?(formFields fields: [(String, String)]) {
        func value(_ names: String...) -> String? {
            names.lazy.compactMap { name in fields.first { $0.0 == name && !$0.1.isEmpty }?.1 }.first
        }
        guard let messageId = value("MessageSid", "SmsSid"), messageId.utf8.count <= 64,
            let status = value("MessageStatus", "SmsStatus"), status.utf8.count <= 32
        else { return nil }
        self.init(
            messageId: messageId, status: TwilioStatus(status.lowercased()),
            errorCode: value("ErrorCode").flatMap { Int($0) })
    }

    /// Why it was not delivered; nil unless it failed. An unknown or missing code is nobody's fault.
    public var fault: SendFault? {
        guard status.isFailed else { return nil }
        return errorCode.flatMap(TwilioErrorRule.of)?.fault ?? .content
    }

    /// What the report says; nil unless it failed. A code that is unknown or missing says nothing for good.
    public var report: TwilioErrorRule.Report? {
        guard status.isFailed else { return nil }
        return errorCode.flatMap(TwilioErrorRule.of)?.report ?? .passing(.anybody)
    }

    /// Whether the same text may get through later.
    public var mayRetry: Bool {
        status.isFailed && errorCode.flatMap(TwilioErrorRule.of)?.retry == .later
    }
}
