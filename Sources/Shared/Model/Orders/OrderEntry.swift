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
    /// Other numbers that took the place of the one asked, the oldest first; nil for none.
    public var phoneChanges: [PhoneChange]?
    /// Whether the order was still to be paid when its verification was opened; nil where that is not known.
    public var wasUnpaid: Bool?
    /// Whether it is paid by now; nil is no.
    public var isPaid: Bool?
    /// Whether its verification goes on once it is paid: who pays otherwise than at the door says nothing by that. Nil
    /// is no.
    public var outlivesPayment: Bool?
    /// Whether it ended because its number can't get texts: another number opens it once more. Nil is no.
    public var isNumberAtFault: Bool?
    /// How often it was opened again for another number; nil is never.
    public var round: Int?
    /// Whether the number last seen at the order is another one than the one asked, and was not asked. Nil is no.
    public var isUnasked: Bool?
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

/// Another number of an order that was asked; costs what a new order costs.
public struct PhoneChange: Codable, Equatable, Sendable {
    /// Milliseconds since 1970.
    public var at: Int64
    /// The month whose limit it counts against; nil where it was given back.
    public var month: String?
    /// The keyed hash of the number; nil in a row from before that was kept.
    public var phoneHash: String?
    /// Whether a text to it was sent, where its hash is kept; nil is no.
    public var isSent: Bool?

    public init(at: Int64, month: String?, phoneHash: String? = nil) {
        self.at = at
        self.month = month
        self.phoneHash = phoneHash
    }

    /// Whether its own text is among those the entry has counted.
    var wasTexted: Bool { phoneHash == nil || isSent == true }
}

extension OrderEntry {
    /// How many other numbers an order may ask.
    public static let mostPhoneChanges = 3

    /// Whether it was verified: a tag that says so is our own then.
    var isVerified: Bool { hasEnded(as: .verified) }

    var roundNumber: Int { round ?? 0 }

    private func hasEnded(as end: OutcomeKind) -> Bool {
        counted.contains(Notice.key(of: end, round: roundNumber))
    }

    /// Whether an order that was still to be paid has been: nothing hangs on an answer any more.
    var isPaidMeanwhile: Bool { wasUnpaid == true && isPaid == true }

    /// Whether that ends its verification.
    var isEndedByPayment: Bool { isPaidMeanwhile && outlivesPayment != true }

    /// The verification, as long as nothing has been heard of its end.
    public var openVerification: VerificationID? {
        isCancelled || settled != nil || Self.ends.contains(where: hasEnded) ? nil : verification
    }

    /// What a verification ends with.
    static let ends: [OutcomeKind] = [.verified, .expired, .undeliverable, .cancelled]

    /// Whether a text of the order was ever sent.
    var wasTexted: Bool { counted.contains { $0.hasPrefix("sent/") } }

    /// Texts of this order as far as its shop's daily cap is concerned: the first, and each resend that was sent. Those
    /// to other numbers count by themselves, see `phoneChanges`.
    public var texts: Int {
        guard verification != nil else { return 0 }
        let later = counted.count { $0.hasPrefix("sent/") && $0 != "sent/1" }
        return 1 + max(0, later - (phoneChanges ?? []).count(where: \.wasTexted))
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

    /// Whether the order had no number that can get a text: one may be added, and until then nobody can be asked.
    public var isOfPhone: Bool {
        switch self {
        case .noPhone, .phoneUnusable, .numberType: true
        case .shopInactive, .beforeActivation, .stale, .testOrder, .alreadyCancelled, .alreadyFulfilled, .approved,
            .outOfScope, .countryNotServed, .dailyCap, .channel, .belowMinimum, .countryOutOfScope, .tagMissing,
            .tagExcluded, .customerVerified, .planLimit, .planEnded:
            false
        }
    }
}
