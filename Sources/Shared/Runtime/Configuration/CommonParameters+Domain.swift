import Glibc

/// Those of more than one daemon that are about the work itself.
extension CommonParameters {
    public static let publicURL = Parameter(
        "OTP_PUBLIC_URL", kind: .url, help: "what the shopper's links begin with", required: true)
    public static let webhookURL = Parameter(
        "OTP_WEBHOOK_URL", kind: .url, help: "what Twilio's callbacks begin with: the outside of Ingest", required: true
    )
    public static let idKey = Parameter(
        "OTP_ID_KEY", kind: .base64Key32, help: "key of link tokens, ids and phone hashes; set once", secret: true,
        required: true)
    public static let adminToken = Parameter(
        "OTP_ADMIN_TOKEN",
        kind: .custom { text in
            Parameter.entries(of: text).allSatisfy { $0.utf8.count >= 32 } ? nil : "must be tokens of at least 32 bytes"
        },
        help: "bearer token of /admin, at least 32 bytes; several by comma while rotating", secret: true, required: true
    )
    public static let bcryptCost = Parameter(
        "OTP_BCRYPT_COST", default: "10", kind: .integer(4...16), help: "2^cost rounds for each code's hash")
    public static let cancel = Parameter(
        "OTP_CANCEL", default: "on", kind: .flag, help: "off: no order is cancelled, all are tagged for review")
    public static let allowShortTimers = Parameter(
        "OTP_ALLOW_SHORT_TIMERS", default: "0", kind: .flag, help: "allow timers from 5 seconds, for demonstrations")
    public static let trustedProxies = Parameter(
        "OTP_TRUSTED_PROXIES",
        kind: .custom { text in
            Parameter.entries(of: text).allSatisfy(isNetwork) ? nil : "must be IP addresses or networks (10.0.0.0/8)"
        },
        help: "proxies whose X-Forwarded-For is believed, by comma")
    public static let shopifyClientId = Parameter("OTP_SHOPIFY_CLIENT_ID", help: "the Shopify app's client id")
    public static let shopifyClientSecret = Parameter(
        "OTP_SHOPIFY_CLIENT_SECRET", kind: .list,
        help: "the app's secret, which signs webhooks; several by comma, the first asks for tokens",
        secret: true, required: true)
    public static let shopifyAPIVersion = Parameter(
        "OTP_SHOPIFY_API_VERSION", default: "2026-10",
        kind: .custom { text in text.wholeMatch(of: #/\d{4}-\d{2}/#) == nil ? "must be like 2026-10" : nil },
        help: "version of the Admin API")
    public static let shopifyURL = Parameter(
        "OTP_SHOPIFY_URL", default: "https://{shop}", kind: .url,
        help: "where the Admin API is; {shop} is the shop's domain")
    public static let twilioAccountSID = Parameter(
        "OTP_TWILIO_ACCOUNT_SID", help: "Twilio's account", required: true)
    public static let twilioAuthToken = Parameter(
        "OTP_TWILIO_AUTH_TOKEN", kind: .list, help: "its token; several by comma while rotating, the first one sends",
        secret: true, required: true)
    public static let twilioMessagingServiceSID = Parameter(
        "OTP_TWILIO_MESSAGING_SERVICE_SID", help: "the messaging service that texts are sent by", required: true)
    public static let twilioURL = Parameter(
        "OTP_TWILIO_URL", default: "https://api.twilio.com", kind: .url, help: "where Twilio's API is")

    /// The key ring; `check` is the parser's verdict (it lives in a module of its own): what is wrong, or nil.
    public static func keyring(check: @escaping @Sendable (String) -> String?) -> Parameter {
        Parameter(
            "OTP_KEYRING", kind: .custom(check), help: "id:base64,… of 32 bytes each, the first is current",
            secret: true,
            required: true)
    }

    private static func isNetwork(_ text: String) -> Bool {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let address = parts.first else { return false }
        var (four, six) = (in_addr(), in6_addr())
        let bits = inet_pton(AF_INET, address, &four) == 1 ? 32 : inet_pton(AF_INET6, address, &six) == 1 ? 128 : -1
        return bits > 0 && (parts.count == 1 || Int(parts[1]).map((0...bits).contains) == true)
    }
}
