/// What became of one order: an entry in the duplicate ledger, `otp.orders`.
///
/// The ledger is why a webhook may come any number of times and why a notice is counted once.
public struct OrderEntry: Codable, Equatable, Sendable {
    /// The verification opened for the order; nil where it was skipped.
    public var verification: VerificationID?
    public var skipped: SkipReason?
    /// When the order was first seen, in milliseconds since 1970.
    public var seenAt: Int64
    /// When the `skipped` outcome was told that this request followed; nil where there was none, or none is left.
    public var skippedAt: Int64?
    public var isCancelled: Bool
    public var isFulfilled: Bool
    /// The merchant's own word (tag `otp-approve`): never cancel this order.
    public var isApproved: Bool
    /// When the platform last changed the order, as far as has been seen: an older update changes nothing.
    public var updatedAt: Int64?
    /// The keyed hash of the number the request went to; tells a changed number.
    public var phoneHash: String?
    /// The keyed hash of the customer's platform id; kept only where the shop remembers who was verified.
    public var customerHash: String?
    /// The month whose limit the request counts against, `2026-11`; nil where it was given back, or never took.
    public var month: String?
    /// Deliveries about this order applied lately, newest last, as short hashes.
    public var deliveries: [String]?
    /// The notices already counted, as `type` or `type/number`.
    public var counted: [String]
    public var settled: Settlement.Action?
    public var settledAt: Int64?
    /// The highest offset of `otp.webhooks` this entry has applied.
    public var applied: Int64

    public init(
        verification: VerificationID?, skipped: SkipReason?, seenAt: Int64, skippedAt: Int64? = nil, isCancelled: Bool,
        isFulfilled: Bool, isApproved: Bool, updatedAt: Int64? = nil, counted: [String] = [],
        settled: Settlement.Action? = nil,
        settledAt: Int64? = nil, applied: Int64
    ) {
        self.verification = verification
        self.skipped = skipped
        self.seenAt = seenAt
        self.skippedAt = skippedAt
        self.isCancelled = isCancelled
        self.isFulfilled = isFulfilled
        self.isApproved = isApproved
        self.updatedAt = updatedAt
        self.counted = counted
        self.settled = settled
        self.settledAt = settledAt
        self.applied = applied
    }
}

extension OrderEntry {
    /// The verification, as long as nothing has been heard of its end.
    public var openVerification: VerificationID? {
        let ends: [OutcomeKind] = [.verified, .expired, .undeliverable, .cancelled]
        let hasEnded = isCancelled || settled != nil || counted.contains { end in ends.contains { $0.rawValue == end } }
        return hasEnded ? nil : verification
    }

    /// Whether a text of the order was ever sent.
    var wasTexted: Bool { counted.contains { $0.hasPrefix("sent/") } }

    /// Texts of this order as far as its shop's daily cap is concerned: the first, and each resend that was sent.
    public var texts: Int {
        guard verification != nil else { return 0 }
        return 1 + counted.count { $0.hasPrefix("sent/") && $0 != "sent/1" }
    }
}

/// Why an order gets no verification; the `reason` of the `skipped` outcome.
public enum SkipReason: String, Codable, Sendable, CaseIterable {
    case shopInactive = "shop_inactive"
    case beforeActivation = "before_activation"
    case stale
    case testOrder = "test_order"
    case alreadyCancelled = "already_cancelled"
    case alreadyFulfilled = "already_fulfilled"
    case approved
    case outOfScope = "out_of_scope"
    case noPhone = "no_phone"
    case phoneUnusable = "phone_unusable"
    case countryNotServed = "country_not_served"
    case numberType = "number_type"
    case dailyCap = "daily_cap"
    case channel
    case belowMinimum = "below_minimum"
    case countryOutOfScope = "country_out_of_scope"
    case tagMissing = "tag_missing"
    case tagExcluded = "tag_excluded"
    case customerVerified = "customer_verified"
    case planLimit = "plan_limit"
    case planEnded = "plan_ended"
}
