/// What other services are told: the kinds of events on `otp.outcomes`.
public enum OutcomeKind: String, Codable, Sendable, CaseIterable {
    case sent, delivered, verified, expired, undeliverable, cancelled, skipped

    /// The CloudEvents type.
    public var eventType: String { "app.otpguard.verification.\(rawValue).v1" }
}

/// The data of an outcome: JSON, personal data masked.
public struct OutcomeData: Codable, Equatable, Sendable {
    /// Nil for a skipped order.
    public var verification: VerificationID?
    public var shop: String
    public var order: String
    public var orderName: String?
    public var phone: String?
    /// The text's number, for `sent` and `delivered`.
    public var number: Int?
    /// For `skipped`, `expired`, `undeliverable`: why.
    public var reason: String?
    /// For `undeliverable`: why the last text failed, a provider's or a limit's reason code.
    public var detail: String?
    /// For `cancelled`: `us` or `merchant`.
    public var by: String?
    /// Milliseconds since 1970.
    public var at: Int64

    public init(
        verification: VerificationID?, shop: String, order: String, orderName: String?, phone: String? = nil,
        number: Int? = nil, reason: String? = nil, detail: String? = nil, by: String? = nil, at: Int64
    ) {
        self.verification = verification
        self.shop = shop
        self.order = order
        self.orderName = orderName
        self.phone = phone
        self.number = number
        self.reason = reason
        self.detail = detail
        self.by = by
        self.at = at
    }
}
