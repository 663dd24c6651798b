import Model

/// Twilio's error codes (twilio.com/docs/api/errors) as far as they change what we do. Codes below 30000 come with the
/// answer to a request, 30xxx mostly later with a delivery report; an unknown code is nobody's fault but final.
public struct TwilioErrorRule: Sendable, Equatable {
    public enum Retry: String, Sendable, Equatable {
        /// The same request would fail again.
        case never
        /// Refused for now.
        case later
    }

    public let code: Int
    public let fault: SendFault
    public let retry: Retry
    public let meaning: String
    /// How long to wait where Twilio does not say: a limit of the whole day is not asked about every few seconds.
    public var pause: Duration? { code == 63038 ? .seconds(3600) : nil }

    /// The rule for a code, nil for one that is not in the table.
    public static func of(_ code: Int) -> TwilioErrorRule? { byCode[code] }

    /// What a delivery report with this code says.
    public enum Report: Sendable, Equatable {
        /// The number can't get texts, now or later.
        case number
        case optedOut
        /// This time it did not arrive; so it is said. Who may try once more; nil is nobody.
        case passing(Repetition?)
    }

    public var report: Report {
        switch (fault, retry) {
        case (.number, .never): .number
        case (.optedOut, _): .optedOut
        case (.suspect, _): .passing(nil)
        case (.content, .never), (.account, .never), (.destination, _): .passing(.another)
        case (.number, .later), (.content, .later), (.account, .later): .passing(.anybody)
        }
    }

    private static let byCode: [Int: TwilioErrorRule] = Dictionary(
        uniqueKeysWithValues: table.map { ($0.code, $0) })

    /// Whose fault, whether later, and what it means.
    static let table: [TwilioErrorRule] = [
        row(10001, .account, .never, "account not active"),
        row(20003, .account, .never, "bad credentials"),
        row(20005, .account, .never, "account not active"),
        row(20006, .account, .never, "access denied"),
        row(20008, .account, .never, "test credentials"),
        row(20404, .account, .never, "no such resource or account"),
        row(20429, .account, .later, "too many requests"),
        row(20500, .account, .later, "internal error"),
        row(20503, .account, .later, "service unavailable"),
        row(21211, .number, .never, "invalid number"),
        row(21212, .account, .never, "invalid sender"),
        row(21213, .account, .never, "no sender"),
        row(21214, .number, .never, "number can't be reached"),
        row(21265, .number, .never, "number is a short code"),
        row(21266, .account, .never, "number is our own sender"),
        row(21268, .number, .never, "premium number"),
        row(21408, .destination, .never, "country not enabled"),
        row(21602, .content, .never, "no body"),
        row(21603, .account, .never, "no sender"),
        row(21604, .content, .never, "no number"),
        row(21606, .account, .never, "sender can't text"),
        row(21607, .account, .never, "sender is not ours"),
        row(21608, .destination, .never, "trial account, unverified number"),
        row(21609, .account, .never, "our address for reports is invalid"),
        row(21610, .optedOut, .never, "recipient opted out"),
        row(21611, .account, .later, "sender queue full"),
        row(21612, .destination, .never, "no route with this sender"),
        row(21614, .number, .never, "not a mobile number"),
        row(21617, .content, .never, "body too long"),
        row(21626, .account, .never, "our address for reports is invalid"),
        row(21635, .number, .never, "landline"),
        row(21654, .account, .never, "content template missing"),
        row(21655, .account, .never, "content template invalid"),
        row(21656, .account, .never, "content variables invalid"),
        row(21657, .account, .never, "content template not for this sender"),
        row(21659, .account, .never, "sender is not ours"),
        row(21660, .account, .never, "sender of another account"),
        row(21661, .account, .never, "sender can't text"),
        row(21662, .account, .never, "sender can't text"),
        row(21701, .account, .never, "no such messaging service"),
        row(21702, .account, .never, "messaging service has no sender"),
        row(21703, .account, .never, "messaging service has no sender"),
        row(21704, .account, .never, "messaging service has no sender"),
        row(21705, .account, .never, "wrong messaging service"),
        row(30001, .account, .later, "queue overflow"),
        row(30002, .account, .never, "account suspended"),
        row(30003, .number, .later, "handset unreachable"),
        row(30004, .content, .never, "blocked by recipient or carrier"),
        row(30005, .number, .never, "unknown handset"),
        row(30006, .number, .never, "landline or unreachable carrier"),
        row(30007, .content, .never, "filtered by carrier"),
        row(30008, .content, .later, "unknown error"),
        row(30010, .account, .never, "price above maximum"),
        row(30022, .account, .later, "rate limit of the sender"),
        row(30023, .account, .later, "daily cap of the sender"),
        row(30024, .destination, .never, "sender not provisioned at the carrier"),
        row(30032, .destination, .never, "toll-free sender not verified"),
        row(30034, .destination, .never, "sender not registered"),
        row(30035, .destination, .never, "sender registration under way"),
        row(30036, .content, .later, "validity period over"),
        row(30037, .account, .never, "texts switched off"),
        row(30410, .content, .later, "provider timed out"),
        row(30450, .suspect, .never, "blocked by pumping protection"),
        row(30453, .suspect, .never, "blocked as fraud"),
        row(30454, .suspect, .never, "blocked as fraud"),
        row(30485, .suspect, .never, "blocked as fraud"),
        row(63038, .account, .later, "daily limit of the account"),
    ]

    private static func row(_ code: Int, _ fault: SendFault, _ retry: Retry, _ meaning: String) -> TwilioErrorRule {
        TwilioErrorRule(code: code, fault: fault, retry: retry, meaning: meaning)
    }
}
