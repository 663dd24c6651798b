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

    /// Every phone of the order, the most telling first: order, shipping, billing, customer, default address.
    public func phoneCandidates() -> [PhoneCandidate] {
        let places: [(String, String?)] = [
            ("phone", phone), ("shipping_address.phone", shipping?.phone), ("billing_address.phone", billing?.phone),
            ("customer.phone", customerPhone), ("customer.default_address.phone", defaultAddress?.phone),
        ]
        let country = countryHint
        return places.compactMap { path, raw in
            guard let raw, raw.contains(where: { !$0.isWhitespace }) else { return nil }
            return PhoneCandidate(path: path, raw: raw, country: country)
        }
    }
}
