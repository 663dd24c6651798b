import Model
import Security

/// An event about an order of a shop without a platform of its own here, as `POST /webhooks/orders` takes it:
/// docs/orders-webhook.md, docs/schemas/order-webhook.schema.json. What the schema refuses is refused here; what can
/// mean only one thing is read, members nobody knows are passed over. Prints as its kind only.
public struct OrderEvent: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable {
        case created = "order.created"
        case updated = "order.updated"
        case cancelled = "order.cancelled"
        case fulfilled = "order.fulfilled"
    }

    public struct Address: Sendable, Equatable {
        /// As typed.
        public var phone: String?
        /// ISO 3166 alpha-2, upper case.
        public var country: String?
    }

    public struct Total: Sendable, Equatable {
        /// Decimal, `12.50`.
        public var amount: String
        /// ISO 4217.
        public var currency: String
    }

    public var kind: Kind
    /// When it happened; ms since 1970, as all times here.
    public var timestamp: Int64
    /// Validated, lower case.
    public var shop: String
    public var id: String
    public var name: String?
    public var createdAt: Int64
    public var updatedAt: Int64?
    public var cancelledAt: Int64?
    public var fulfilled: Bool
    public var test: Bool
    public var tags: [String]
    /// How it is paid, as the shop calls it.
    public var gateway: String?
    /// Whether it is paid at the door; nil where `gateway` tells.
    public var cashOnDelivery: Bool?
    public var total: Total?
    public var channel: String?
    public var locale: String?
    public var customerId: String?
    public var customerPhone: String?
    public var shipping: Address?
    public var billing: Address?

    /// Reads the body of a webhook; the error is the first of its faults.
    public static func decode(_ body: [UInt8]) throws(PayloadError) -> OrderEvent {
        switch read(body) {
        case .success(let event): return event
        case .failure(let faults): throw faults.all.first?.error ?? PayloadError("not understood")
        }
    }

    public var isCancelled: Bool { kind == .cancelled || cancelledAt != nil }
    public var isFulfilled: Bool { kind == .fulfilled || fulfilled }

    /// The names of how it is paid, as they tell cash on delivery from the rest.
    public var gateways: [String] {
        switch cashOnDelivery {
        case true?: [gateway, "Cash on delivery"].compactMap { $0 }
        case false?: []
        case nil: [gateway].compactMap { $0 }
        }
    }

    /// Country of the shipping address, else of the billing address.
    public var countryHint: String? { shipping?.country ?? billing?.country }

    /// The phones of the order in these places, in their order, under the names that Shopify's orders have for them.
    /// Each with the country of its own address; the customer has none and takes the shipping address's.
    public func phoneCandidates(
        _ sources: [ShopSettings.PhoneSource] = ShopSettings.PhoneSource.allCases
    ) -> [PhoneCandidate] {
        let all = [shipping?.country, billing?.country]
        return sources.compactMap { source in
            guard let (path, raw) = place(source) else { return nil }
            let own = source == .billing ? billing?.country : shipping?.country
            return PhoneCandidate(path: path, raw: raw, countries: [own] + all)
        }
    }

    /// Nil for places that such an order does not have.
    private func place(_ source: ShopSettings.PhoneSource) -> (path: String, raw: String?)? {
        switch source {
        case .shipping: ("shipping_address.phone", shipping?.phone)
        case .billing: ("billing_address.phone", billing?.phone)
        case .customer: ("customer.phone", customerPhone)
        case .order, .customerDefault: nil
        }
    }
}

extension OrderEvent: Masked {
    public var description: String { kind.rawValue }
    public var debugDescription: String { description }
}

extension OrderEvent.Address: Masked {}
