/// What is to be done at the shop about a verification that has ended, and whether it has been.
///
/// Its presence in the record is the committed intent; Reaper acts on it and on nothing else.
public struct Settlement: Codable, Hashable, Sendable {
    public var action: Action
    public var intendedAt: Int64
    public var result: Result?
    public var settledAt: Int64?

    public init(action: Action, intendedAt: Int64, result: Result? = nil, settledAt: Int64? = nil) {
        self.action = action
        self.intendedAt = intendedAt
        self.result = result
        self.settledAt = settledAt
    }

    public enum Action: String, Codable, Sendable, CaseIterable {
        /// Tag the order `otp-verified` and note it.
        case tagVerified
        /// Cancel the order, tag it `otp-cancelled` and note it.
        case cancel
        /// Tag the order `otp-unverified` for a person to look at.
        case review
        /// Nothing to do at the shop.
        case none
    }

    public enum Result: String, Codable, Sendable, CaseIterable {
        case tagged
        /// Cancelled by us, or found cancelled after our intent.
        case cancelledByUs
        /// Found cancelled from before our intent.
        case cancelledByMerchant
        /// Found fulfilled, so left alone.
        case fulfilled
        /// Found paid where it was still to be paid, so left alone.
        case paid
        case nothing
        /// The order or the shop is gone, or refused for good; left for the merchant to see.
        case impossible
    }
}
