import Security

/// What we do at a shop platform, as a value: Shopify's by `ShopifyAdmin.make`, tests script theirs. Every call is one
/// attempt: waiting and repeating are the caller's, and repeating does no harm.
public struct ShopAdmin: Sendable {
    /// The order as it is now; nil when the shop has none of that id.
    public var order: @Sendable (ShopRef, _ orderGid: String) async throws(ShopAdminError) -> OrderSnapshot?
    /// Adds to the tags there are.
    public var addTags: @Sendable (ShopRef, _ orderGid: String, [String]) async throws(ShopAdminError) -> Void
    public var removeTags: @Sendable (ShopRef, _ orderGid: String, [String]) async throws(ShopAdminError) -> Void
    /// Replaces the whole note: read it first, append, write.
    public var setNote: @Sendable (ShopRef, _ orderGid: String, _ note: String) async throws(ShopAdminError) -> Void
    /// Starts a cancellation, which can't be undone. An order already cancelled gives a job that is done. One whose
    /// cancellation is still under way may be refused with the code INVALID: read it again before giving up.
    public var cancel: @Sendable (ShopRef, OrderCancellation) async throws(ShopAdminError) -> CancelJob
    /// Whether a job has come to its end, well or not: read the order to see which.
    public var jobDone: @Sendable (ShopRef, _ jobId: String) async throws(ShopAdminError) -> Bool

    public init(
        order: @escaping @Sendable (ShopRef, String) async throws(ShopAdminError) -> OrderSnapshot?,
        addTags: @escaping @Sendable (ShopRef, String, [String]) async throws(ShopAdminError) -> Void,
        removeTags: @escaping @Sendable (ShopRef, String, [String]) async throws(ShopAdminError) -> Void,
        setNote: @escaping @Sendable (ShopRef, String, String) async throws(ShopAdminError) -> Void,
        cancel: @escaping @Sendable (ShopRef, OrderCancellation) async throws(ShopAdminError) -> CancelJob,
        jobDone: @escaping @Sendable (ShopRef, String) async throws(ShopAdminError) -> Bool
    ) {
        self.order = order
        self.addTags = addTags
        self.removeTags = removeTags
        self.setNote = setNote
        self.cancel = cancel
        self.jobDone = jobDone
    }

    /// For tests that must not call a shop: a call is a bug and stops the process. Replace what the test expects.
    public static let unimplemented = ShopAdmin(
        order: { _, _ throws(ShopAdminError) in unexpected("order") },
        addTags: { _, _, _ throws(ShopAdminError) in unexpected("addTags") },
        removeTags: { _, _, _ throws(ShopAdminError) in unexpected("removeTags") },
        setNote: { _, _, _ throws(ShopAdminError) in unexpected("setNote") },
        cancel: { _, _ throws(ShopAdminError) in unexpected("cancel") },
        jobDone: { _, _ throws(ShopAdminError) in unexpected("jobDone") })

    private static func unexpected(_ call: String) -> Never {
        preconditionFailure("ShopAdmin.\(call) was called where no call was expected")
    }
}

/// A shop and the token that opens it.
public struct ShopRef: Sendable, Equatable {
    public var domain: String
    public var accessToken: Secret

    public init(domain: String, accessToken: Secret) {
        self.domain = domain
        self.accessToken = accessToken
    }
}

/// What settlement needs to know of an order. Prints as its id: a merchant's note may hold anything.
public struct OrderSnapshot: Masked, Sendable, Equatable {
    public var gid: String
    /// ms since 1970.
    public var cancelledAt: Int64?
    /// `UNFULFILLED`, `PARTIALLY_FULFILLED`, `FULFILLED` … (OrderDisplayFulfillmentStatus).
    public var fulfillment: String?
    /// `PENDING`, `PAID` … (OrderDisplayFinancialStatus).
    public var financial: String?
    public var tags: [String]
    public var note: String?

    public init(
        gid: String, cancelledAt: Int64? = nil, fulfillment: String? = nil, financial: String? = nil,
        tags: [String] = [], note: String? = nil
    ) {
        self.gid = gid
        self.cancelledAt = cancelledAt
        self.fulfillment = fulfillment
        self.financial = financial
        self.tags = tags
        self.note = note
    }

    public var isCancelled: Bool { cancelledAt != nil }

    public var description: String { "snapshot of \(gid)" }
    public var debugDescription: String { description }
}

/// How to cancel an order.
public struct OrderCancellation: Sendable, Equatable {
    /// Shopify's OrderCancelReason.
    public enum Reason: String, Sendable, Equatable, CaseIterable {
        case customer = "CUSTOMER"
        case declined = "DECLINED"
        case fraud = "FRAUD"
        case inventory = "INVENTORY"
        case staff = "STAFF"
        case other = "OTHER"
    }

    public var orderGid: String
    public var reason: Reason
    /// Give what was paid back the way it came. Authorised payments are voided either way.
    public var refund: Bool
    public var restock: Bool
    public var notifyCustomer: Bool
    /// Seen by the merchant's staff; cut to 255 characters.
    public var staffNote: String?

    public init(
        orderGid: String, reason: Reason = .other, refund: Bool = true, restock: Bool = true,
        notifyCustomer: Bool = true, staffNote: String? = nil
    ) {
        self.orderGid = orderGid
        self.reason = reason
        self.refund = refund
        self.restock = restock
        self.notifyCustomer = notifyCustomer
        self.staffNote = staffNote
    }
}

/// A cancellation under way. Ask `ShopAdmin.jobDone` for a job that is not done.
public struct CancelJob: Sendable, Equatable {
    /// Nil when the order was cancelled before.
    public var id: String?
    public var done: Bool

    public init(id: String?, done: Bool) {
        self.id = id
        self.done = done
    }
}
