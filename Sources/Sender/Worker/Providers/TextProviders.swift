import Model
import Pipeline
import Platforms

/// A provider, and whether it may be asked.
struct GatedProvider: Sendable {
    var provider: TextProvider
    let gate: ProviderGate
    let metrics: ProviderMetrics

    var name: String { provider.name }
}

/// The operator's providers, in an order for each country.
struct TextProviders: Sendable {
    private let byName: [String: GatedProvider]
    private let order: ProviderOrder

    /// - Parameter order: names those providers and no others.
    init(_ providers: [GatedProvider], order: ProviderOrder) {
        byName = Dictionary(providers.map { ($0.name, $0) }) { first, _ in first }
        self.order = order
    }

    /// One alone, for all countries.
    init(_ provider: GatedProvider) {
        self.init([provider], order: ProviderOrder(otherwise: [provider.name]))
    }

    var count: Int { byName.count }

    /// Whether anybody has to know a number's country.
    var differByCountry: Bool { !order.byCountry.isEmpty }

    func list(for country: String?) -> [GatedProvider] {
        order.names(for: country).compactMap { byName[$0] }
    }

    /// What of each account's rate this instance may use, 0…1.
    func setShare(_ share: Double) {
        for provider in byName.values { provider.gate.setShare(share) }
    }
}

/// Names of providers, the first one asked first.
struct ProviderOrder: Equatable, Sendable {
    /// For countries that have no order of their own.
    var otherwise: [String]
    /// By ISO 3166 alpha-2.
    var byCountry: [String: [String]] = [:]

    func names(for country: String?) -> [String] {
        country.flatMap { byCountry[$0] } ?? otherwise
    }
}

/// Where a missing delivery report means that a text has to go out once more: the countries that the operator knows to
/// report, and that have a second provider.
struct ReportRule: Equatable, Sendable {
    var countries: Set<String> = []
    var waitMs: Int64 = 120_000
    /// Providers that tell us of no delivery whatever the country: their silence says nothing.
    var silent: Set<String> = []
    /// The one that tells us.
    var reporter = "twilio"

    static let none = ReportRule()

    func waitMs(for country: String?) -> Int64? {
        country.map(countries.contains) == true ? waitMs : nil
    }
}

extension ShopDirectory {
    /// The country of a request's number; nil where it can't be read or is of no country.
    func country(_ id: VerificationID, _ subject: Subject) -> String? {
        guard case .found(_, let key) = self.key(for: subject.shop, version: subject.shopVersion),
            let phone = PhoneSeal.open(subject.phone, id, with: key)
        else { return nil }
        return PhoneNumber(e164: phone)?.country
    }
}
