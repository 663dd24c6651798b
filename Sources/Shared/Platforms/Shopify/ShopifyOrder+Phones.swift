import Model
import Security

/// A phone as somebody typed it, and where it stood.
public struct PhoneCandidate: Masked, Sendable, Equatable {
    /// `shipping_address.phone`.
    public let path: String
    public let raw: String
    /// ISO 3166 alpha-2 of the address it belongs to; nil when no address names one.
    public let country: String?
    /// Those of the order's other addresses, for a number that its own country has none like.
    public let others: [String]

    public init(path: String, raw: String, country: String?, others: [String] = []) {
        self.path = path
        self.raw = raw
        self.country = country
        self.others = others
    }

    /// - Parameter countries: those of the order's addresses, its own one's first; nil for one that names none.
    init?(path: String, raw: String?, countries: [String?]) {
        guard let raw, raw.contains(where: { !$0.isWhitespace }) else { return nil }
        let named = countries.compactMap { $0 }
        let others = named.indices.dropFirst().filter { !named[..<$0].contains(named[$0]) }.map { named[$0] }
        self.init(path: path, raw: raw, country: named.first, others: others)
    }

    public var description: String { "phone at \(path)" }
    public var debugDescription: String { description }
}

extension ShopifyOrder {
    /// Country of the shipping address, else of the billing, else of the customer's default address.
    public var countryHint: String? {
        shipping?.countryCode ?? billing?.countryCode ?? defaultAddress?.countryCode
    }

    /// The phones of the order in these places, in their order; as told by default, the most telling first. Each with
    /// the country of its own address: the customer's with the default address's, the order's with the shipping
    /// address's.
    public func phoneCandidates(
        _ sources: [ShopSettings.PhoneSource] = ShopSettings.PhoneSource.allCases
    ) -> [PhoneCandidate] {
        let all = [shipping?.countryCode, billing?.countryCode, defaultAddress?.countryCode]
        return sources.compactMap { source in
            let (path, raw) = place(source)
            let own: String? =
                switch source {
                case .order, .shipping: shipping?.countryCode
                case .billing: billing?.countryCode
                case .customer, .customerDefault: defaultAddress?.countryCode
                }
            return PhoneCandidate(path: path, raw: raw, countries: [own] + all)
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
