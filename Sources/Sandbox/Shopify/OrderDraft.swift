import Base

/// What somebody asks for when they place an order in the sandbox; everything but the shop has a default.
struct OrderDraft: Sendable, Codable, Equatable {
    /// Where the number stands in the order.
    enum PhonePlace: String, Sendable, Codable {
        case order, shipping, billing, customer, customerDefault
    }

    var shop: String
    var name: String?
    /// As typed; nil leaves the order without a number.
    var phone: String?
    var phonePlace: PhonePlace?
    /// ISO 3166 alpha-2 of the addresses.
    var country: String?
    /// Cash on delivery; else paid by card.
    var cod: Bool?
    var locale: String?
    /// Milliseconds since 1970; nil is now.
    var createdAt: Int64?
    var tags: [String]?
    var test: Bool?
    /// Members laid over the finished body, for what no field here does.
    var overrides: JSONTree?
    /// False: Ingest is not told, whoever placed the order does that.
    var webhook: Bool?
}
