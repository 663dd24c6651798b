import Base
import Model

/// An order of the stand-in Shopify: the REST body it was placed with and what has changed since.
struct StandInOrder: Sendable {
    var id: Int64
    var shop: String
    var name: String
    /// As placed; `body` lays the changes over it.
    var placed: JSONTree
    /// As the shopper typed it.
    var phone: String? {
        didSet { e164 = Self.e164(phone, placed) }
    }
    /// The same as our rules read it, where they can.
    private(set) var e164: String?
    var tags: [String]
    var note: String?
    /// Milliseconds since 1970.
    var createdAt: Int64
    var updatedAt: Int64
    var cancelledAt: Int64?
    /// `other`, `customer`…
    var cancelReason: String?
    /// GraphQL's names: `UNFULFILLED`, `FULFILLED`, `PENDING`, `VOIDED`.
    var fulfillment: String
    var financial: String

    init(
        id: Int64, shop: String, name: String, placed: JSONTree, phone: String?, tags: [String], note: String?,
        createdAt: Int64, fulfillment: String = "UNFULFILLED", financial: String
    ) {
        self.id = id
        self.shop = shop
        self.name = name
        self.placed = placed
        self.phone = phone
        self.tags = tags
        self.note = note
        self.createdAt = createdAt
        updatedAt = createdAt
        self.fulfillment = fulfillment
        self.financial = financial
        e164 = Self.e164(phone, placed)
    }

    var gid: String { Self.gid(id) }

    private static func e164(_ phone: String?, _ placed: JSONTree) -> String? {
        let country = placed["shipping_address"]?["country_code"]?.string
        guard let phone, case .success(let number) = PhoneNumber.normalise(phone, country: country) else { return nil }
        return number.e164
    }

    static func gid(_ id: Int64) -> String { "gid://shopify/Order/\(id)" }

    /// An id as people write it: the number, or the whole gid.
    static func id(_ text: String) -> Int64? {
        Int64(text.hasPrefix("gid://shopify/Order/") ? String(text.dropFirst(20)) : text)
    }

    /// Tags have no case and no order; Shopify shows them by the alphabet.
    mutating func addTags(_ new: [String]) {
        for tag in new where !tags.contains(where: { $0.lowercased() == tag.lowercased() }) { tags.append(tag) }
        tags.sort()
    }

    mutating func removeTags(_ old: [String]) {
        let gone = Set(old.map { $0.lowercased() })
        tags.removeAll { gone.contains($0.lowercased()) }
    }

    /// The REST body a webhook carries now.
    var body: JSONTree {
        var body = placed
        body["tags"] = .string(tags.joined(separator: ", "))
        body["note"] = .optional(note)
        body["updated_at"] = .string(RFC3339.text(updatedAt))
        if let cancelledAt {
            body["cancelled_at"] = .string(RFC3339.text(cancelledAt))
            body["closed_at"] = body["cancelled_at"]
            body["cancel_reason"] = .string(cancelReason ?? "other")
        }
        if fulfillment == "FULFILLED" { body["fulfillment_status"] = "fulfilled" }
        body["financial_status"] = .string(financial.lowercased())
        return body
    }

    /// The fields of the Admin API's Order.
    var node: JSONTree {
        func address(_ value: JSONTree?) -> JSONTree {
            guard let value, value.object != nil else { return .null }
            return ["phone": value["phone"] ?? .null, "countryCodeV2": value["country_code"] ?? .null]
        }
        let customer = placed["customer"]
        return [
            "id": .string(gid), "name": .string(name), "createdAt": .string(RFC3339.text(createdAt)),
            "updatedAt": .string(RFC3339.text(updatedAt)),
            "cancelledAt": .optional(cancelledAt.map(RFC3339.text)),
            "cancelReason": .optional(cancelReason?.uppercased()), "closed": .bool(cancelledAt != nil),
            "test": placed["test"] ?? false, "tags": .array(tags.map { .string($0) }), "note": .optional(note),
            "phone": placed["phone"] ?? .null, "email": placed["email"] ?? .null,
            "customerLocale": placed["customer_locale"] ?? .null, "sourceName": placed["source_name"] ?? .null,
            "displayFinancialStatus": .string(financial), "displayFulfillmentStatus": .string(fulfillment),
            "paymentGatewayNames": placed["payment_gateway_names"] ?? [],
            "totalPriceSet": [
                "shopMoney": ["amount": placed["total_price"] ?? .null, "currencyCode": placed["currency"] ?? .null]
            ],
            "shippingAddress": address(placed["shipping_address"]),
            "billingAddress": address(placed["billing_address"]),
            "customer": customer?.object == nil
                ? .null
                : [
                    "id": customer?["admin_graphql_api_id"] ?? .null,
                    "defaultPhoneNumber": ["phoneNumber": customer?["phone"] ?? .null],
                    "defaultAddress": address(customer?["default_address"]),
                ],
        ]
    }

    /// For the page, the demonstration and tests.
    var summary: JSONTree {
        [
            "id": .string(String(id)), "gid": .string(gid), "shop": .string(shop), "name": .string(name),
            "phone": .optional(phone), "e164": .optional(e164), "tags": .array(tags.map { .string($0) }),
            "note": .optional(note),
            "cancelled": .bool(cancelledAt != nil), "cancelReason": .optional(cancelReason),
            "fulfillment": .string(fulfillment), "financial": .string(financial), "createdAt": .integer(createdAt),
            "updatedAt": .integer(updatedAt), "cancelledAt": cancelledAt.map { .integer($0) } ?? .null,
        ]
    }
}
