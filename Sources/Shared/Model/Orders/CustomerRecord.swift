/// A number that was verified for a shop which asks for that once; the value of `otp.customers`, whose key is the shop
/// and the number's keyed hash. Nothing in it names a person.
public struct CustomerRecord: Codable, Equatable, Sendable {
    /// When it was verified last, in milliseconds since 1970.
    public var verifiedAt: Int64
    /// The keyed hash of the customer's platform id, where the order had one.
    public var customerHash: String?
    /// The orders it was verified for, newest last; so that an erasure which names one of them finds it.
    public var orders: [String]
    /// The highest offset of `otp.webhooks` this record has applied.
    public var applied: Int64

    public static let mostOrders = 3
    /// How long a verification counts; as long as verifications themselves are kept.
    public static let keptMs: Int64 = 88 * 24 * 3_600_000

    public init(verifiedAt: Int64, customerHash: String?, orders: [String], applied: Int64) {
        self.verifiedAt = verifiedAt
        self.customerHash = customerHash
        self.orders = orders
        self.applied = applied
    }

    /// The record once the number was verified, for the first time or again.
    public static func verified(
        _ known: CustomerRecord?, order: String, customerHash: String?, at time: Int64, offset: Int64
    ) -> CustomerRecord {
        let before = (known?.orders ?? []).filter { $0 != order }
        return CustomerRecord(
            verifiedAt: max(time, known?.verifiedAt ?? time), customerHash: customerHash ?? known?.customerHash,
            orders: Array((before + [order]).suffix(mostOrders)), applied: offset)
    }

    /// Whether the verification no longer counts.
    public func isOver(now: Int64) -> Bool { now - verifiedAt >= Self.keptMs }

    /// Whether somebody who is to be forgotten is meant by it.
    public func concerns(customerHash: String?, orders: Set<String>) -> Bool {
        let isCustomer = customerHash.map { $0 == self.customerHash } ?? false
        return isCustomer || !orders.isDisjoint(with: self.orders)
    }
}
