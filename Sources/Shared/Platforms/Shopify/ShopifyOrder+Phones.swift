import Model
import Security

/// A phone as somebody typed it, and where it stood.
public struct PhoneCandidate: Masked, Sendable, Equatable {
    /// `shipping_address.phone`.
    public let path: String
    public let raw: String
    /// ISO 3166 alpha-2 of the order's address, nil when no address names one.
    public let country: String?

    public init(path: String, raw: String, country: String?) {
        self.path = path
        self.raw = raw
        self.country = country
    }

    public var description: String { "phone at \(path)" }
    public var debugDescription: String { description }
}

extension ShopifyOrder {
    /// Country of the shipping address, else of the billing, else of the customer's default address.
    public var countryHint: String? {
        shipping?.countryCode ?? billing?.countryCode ?? defaultAddress?.countryCode
    }

    /// The phones of the order in these places, in their order; as told by default, the most telling first.
    public func phoneCandidates(
        _ sources: [ShopSettings.PhoneSource] = ShopSettings.PhoneSource.allCases
    ) -> [PhoneCandidate] {
        let country = countryHint
        return sources.compactMap { source in
            let (path, raw) = place(source)
            guard let raw, raw.contains(where: { !$0.isWhitespace }) else { return nil }
            return PhoneCandidate(path: path, raw: raw, country: country)
        }
    }

    private func place(_ source: ShopSettings.PhoneSource) -> (path: String, raw: String?) {
        switch source {
        case .order: ("phone", phone)
        case .shipping: ("shipping_address.phone", shipping?.phone)
        case .billing: ("billing_address.phone", billing?.phone)
        case .customer: ("customer.phone", customerPhone)
        case .customerDefault: ("customer.default_address.phone", defaultAddress?.phone)
        }
    }
}
