/// Which orders a merchant wants verified: pure, from the settings and the order alone.
///
/// The checks in their order, the first that fails gives the reason: `channel`, `outOfScope`, `belowMinimum`,
/// `countryOutOfScope`, `tagExcluded`, `tagMissing`. Names are compared without regard to case or blanks around them.
extension Intake {
    /// Why the merchant does not want the order verified; nil where they do.
    ///
    /// - Parameter platform: `shopify`, where an order that names no channel is the online shop's; elsewhere it is of any.
    static func scopeReason(_ facts: OrderFacts, _ settings: ShopSettings, platform: String) -> SkipReason? {
        guard isWanted(channel: facts.channel, settings, platform: platform) else { return .channel }
        guard settings.orders == .all || facts.isCashOnDelivery(also: settings.codGateways ?? []) else {
            return .outOfScope
        }
        guard reachesMinimum(facts.total, settings) else { return .belowMinimum }
        guard isWanted(country: facts.shippingCountry, settings) else { return .countryOutOfScope }
        let tags = Set(facts.tags.map(plain))
        if let except = settings.exceptTags, !tags.isDisjoint(with: except.map(plain)) { return .tagExcluded }
        if let only = settings.onlyTags, tags.isDisjoint(with: only.map(plain)) { return .tagMissing }
        return nil
    }

    private static func isWanted(channel: String?, _ settings: ShopSettings, platform: String) -> Bool {
        let wanted = (settings.channels ?? ShopSettings.usualChannels).map(plain)
        guard !wanted.isEmpty else { return true }
        guard let source = channel ?? (platform == "shopify" ? "web" : nil) else { return true }
        return wanted.contains(plain(source))
            || SalesChannel(source: plain(source)).map { wanted.contains($0.rawValue) } ?? false
    }

    /// A total that is not known, or none we can read, is no reason to skip.
    private static func reachesMinimum(_ total: String?, _ settings: ShopSettings) -> Bool {
        guard let least = settings.minimumTotal.flatMap(DecimalText.init), let total = total.flatMap(DecimalText.init)
        else { return true }
        return total >= least
    }

    private static func isWanted(country: String?, _ settings: ShopSettings) -> Bool {
        guard let wanted = settings.shippingCountries else { return true }
        return country.map { wanted.contains($0.uppercased()) } ?? false
    }

    fileprivate static func plain(_ name: String) -> String {
        let start = name.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace } ?? start.startIndex
        return start.isEmpty ? "" : start[...end].lowercased()
    }
}

extension ShopSettings {
    public static let usualChannels = [SalesChannel.web.rawValue]
    public static let usualPhoneSources = [PhoneSource.shipping, .customer]

    /// The kinds of numbers this shop tries beside mobile ones.
    public var allowedTypes: Set<NumberType> {
        Set([(NumberType.fixedLine, fixedLine), (.voip, voip)].compactMap { $1 == true ? $0 : nil })
    }
}

extension OrderFacts {
    /// Whether the shopper pays at the door, by the names gateways go by.
    ///
    /// - Parameter names: whole names of the shop's own gateways.
    func isCashOnDelivery(also names: [String]) -> Bool {
        let names = Set(names.map(Intake.plain))
        return gateways.contains { gateway in
            let name = Intake.plain(gateway)
            return names.contains(name) || Self.cashOnDeliveryNames.contains { name.contains($0) }
                || name.split { !$0.isLetter }.contains("cod")
        }
    }

    private static let cashOnDeliveryNames = [
        "cash on delivery", "cash_on_delivery", "cash-on-delivery", "pay on delivery", "payment on delivery",
        "contra reembolso", "contrareembolso", "contre remboursement", "paiement à la livraison", "nachnahme",
        "الدفع عند الاستلام", "代金引換",
    ]
}
