/// Which orders a merchant wants verified: pure, from the settings and the order alone.
///
/// The checks in their order, the first that fails gives the reason: `channel`, `outOfScope`, `belowMinimum`,
/// `countryOutOfScope`, `tagExcluded`, `tagMissing`. Names are compared without regard to case or blanks around them.
extension Intake {
    /// Why the merchant does not want the order verified; nil where they do.
    ///
    /// - Parameter platform: `shopify`, where an order that names no channel is the online shop's; elsewhere it is of
    ///   any.
    static func scopeReason(_ facts: OrderFacts, _ settings: ShopSettings, platform: String) -> SkipReason? {
        // The names of gateways only matter to shops that ask for cash on delivery alone.
        let isAtDoor = settings.orders == .cod && facts.isCashOnDelivery(also: settings.codGateways ?? [])
        guard isWanted(facts, settings, platform: platform) else { return .channel }
        guard settings.orders == .all || (isAtDoor && facts.payment != .paid) else { return .outOfScope }
        guard reachesMinimum(facts.total, settings) else { return .belowMinimum }
        guard isWanted(country: facts.shippingCountry, settings) else { return .countryOutOfScope }
        let tags = Set(facts.tags.map(plain))
        if let except = settings.exceptTags, !tags.isDisjoint(with: except.map(plain)) { return .tagExcluded }
        if let only = settings.onlyTags, tags.isDisjoint(with: only.map(plain)) { return .tagMissing }
        return nil
    }

    /// Shops of cash on delivery sell through order forms of apps, which make drafts or orders of their own: where the
    /// merchant listed no channels, those count as the online shop, whatever their gateways are called: a name that is
    /// not known is asked about. What staff wrote by hand does not.
    private static func isWanted(
        _ facts: OrderFacts, _ settings: ShopSettings, platform: String
    ) -> Bool {
        let usual = settings.orders == .cod ? ShopSettings.doorChannels : ShopSettings.usualChannels
        let wanted = (settings.channels ?? usual).map(plain)
        guard !wanted.isEmpty else { return true }
        guard let source = facts.channel ?? (platform == "shopify" ? "web" : nil) else { return true }
        let kind = SalesChannel(source: plain(source))
        if settings.channels == nil, kind == .drafts, !facts.isByShopper { return false }
        return wanted.contains(plain(source)) || kind.map { wanted.contains($0.rawValue) } ?? false
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
    /// Those of shops that ask for cash on delivery alone.
    public static let doorChannels = [SalesChannel.web, .drafts, .apps].map(\.rawValue)
    public static let usualPhoneSources = [PhoneSource.shipping, .customer]

    /// The kinds of numbers this shop tries beside mobile ones.
    public var allowedTypes: Set<NumberType> {
        Set([(NumberType.fixedLine, fixedLine), (.voip, voip)].compactMap { $1 == true ? $0 : nil })
    }
}
