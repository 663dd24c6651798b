/// A gateway whose orders were skipped because it is none of cash on delivery, though they were not paid: a name to ask
/// the merchant about.
public struct PassedGateway: Codable, Equatable, Sendable {
    /// As the platform calls it.
    public var name: String
    /// How many orders, up to ``most``.
    public var orders: Int

    public init(name: String, orders: Int) {
        self.name = name
        self.orders = orders
    }

    /// Of a shop; those that come later are not kept.
    public static let mostNames = 20
    /// Nobody needs to know better, and each count is a row.
    public static let most = 1000
    public static let longestName = 60

    /// Nil for what is no name of a gateway but may say something of a person: an address of mail, a long number.
    static func name(_ text: String) -> String? {
        let plain = text.unicodeScalars.filter { scalar in
            ![.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        }
        let name = String(String.UnicodeScalarView(plain))
        let digits = name.count { $0.isNumber }
        guard name.contains(where: \.isLetter), !name.contains("@"), digits < 6 else { return nil }
        return String(name.drop(while: \.isWhitespace).prefix(longestName))
    }
}

extension ShopRecord {
    /// The record once an order was passed over as none of cash on delivery; nil where that says nothing new.
    public func passing(_ facts: OrderFacts, offset: Int64) -> ShopRecord? {
        // What was paid was not paid at the door.
        guard installation?.settings.orders == .cod, !facts.isTest, facts.payment != .paid, facts.payment != .authorized
        else { return nil }
        var known = passedGateways ?? []
        for name in facts.gateways.compactMap(PassedGateway.name) {
            if let index = known.firstIndex(where: { GatewayName($0.name) == GatewayName(name) }) {
                known[index].orders = min(known[index].orders + 1, PassedGateway.most)
            } else if known.count < PassedGateway.mostNames {
                known.append(PassedGateway(name: name, orders: 1))
            }
        }
        guard known != passedGateways ?? [] else { return nil }
        var next = self
        next.passedGateways = known
        next.applied = offset
        return next
    }

    /// Those that are not known as cash on delivery by now, the most frequent first.
    public var gatewaysToAskAbout: [PassedGateway] {
        guard let settings = installation?.settings else { return [] }
        let own = Set((settings.codGateways ?? []).map(GatewayName.init))
        return (passedGateways ?? [])
            .filter { passed in
                let name = GatewayName(passed.name)
                return !own.contains(name) && !name.isCashOnDelivery
            }
            .sorted { ($1.orders, $0.name) < ($0.orders, $1.name) }
    }
}
