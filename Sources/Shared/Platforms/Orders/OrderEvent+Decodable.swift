extension OrderEvent: Decodable {
    private enum Key: String, CodingKey {
        case type, timestamp, data
    }

    private enum DataKey: String, CodingKey {
        case shop, id, name, createdAt, updatedAt, cancelledAt, fulfilled, test, tags, gateway, cashOnDelivery, total
        case channel, locale, customer, shipping, billing
    }

    private enum CustomerKey: String, CodingKey {
        case id, phone
    }

    public init(from decoder: any Decoder) throws {
        let event = try decoder.container(keyedBy: Key.self)
        guard let kind = Kind(rawValue: try event.decode(String.self, forKey: .type)) else {
            throw PayloadError("type: none of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let data = try event.nestedContainer(keyedBy: DataKey.self, forKey: .data)
        guard let shop = ShopName.validate(try data.decode(String.self, forKey: .shop)) else {
            throw PayloadError("data.shop: not a shop's name")
        }
        let customer = try data.decodeIfPresent(Customer.self, forKey: .customer)
        self.init(
            kind: kind, timestamp: try event.time(.timestamp), shop: shop, id: try Self.id(data),
            name: try data.text(.name, 1...100), createdAt: try data.time(.createdAt),
            updatedAt: try data.timeIfPresent(.updatedAt), cancelledAt: try data.timeIfPresent(.cancelledAt),
            fulfilled: try data.decodeIfPresent(Bool.self, forKey: .fulfilled) ?? false,
            test: try data.decodeIfPresent(Bool.self, forKey: .test) ?? false, tags: try Self.tags(data),
            gateway: try data.text(.gateway, 1...100),
            cashOnDelivery: try data.decodeIfPresent(Bool.self, forKey: .cashOnDelivery),
            total: try data.decodeIfPresent(Total.self, forKey: .total), channel: try data.text(.channel, 1...100),
            locale: try data.text(.locale, 2...35), customerId: customer?.id, customerPhone: customer?.phone,
            shipping: try data.decodeIfPresent(Address.self, forKey: .shipping),
            billing: try data.decodeIfPresent(Address.self, forKey: .billing))
    }

    private struct Customer: Decodable {
        let id: String?
        let phone: String?

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CustomerKey.self)
            (id, phone) = (try fields.text(.id, 1...100), try fields.text(.phone, 0...50))
        }
    }

    /// What its key at the ledger and the outcomes' `ce_subject` are made of.
    private static func id(_ data: KeyedDecodingContainer<DataKey>) throws -> String {
        let id = try data.decode(String.self, forKey: .id)
        let isPlain = id.utf8.allSatisfy { byte in
            switch byte {
            case 0x2D...0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
        guard isPlain, (1...100).contains(id.utf8.count) else {
            throw PayloadError("data.id: must be 1 to 100 of a-zA-Z0-9._:/-")
        }
        return id
    }

    private static func tags(_ data: KeyedDecodingContainer<DataKey>) throws -> [String] {
        let tags = try data.decodeIfPresent([String].self, forKey: .tags) ?? []
        guard tags.count <= 250, tags.allSatisfy({ (1...255).contains($0.unicodeScalars.count) }) else {
            throw PayloadError("data.tags: must be up to 250 texts of 1 to 255 characters")
        }
        return tags
    }
}

extension OrderEvent.Address: Decodable {
    private enum Key: String, CodingKey {
        case phone, country
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let country = try fields.text(.country, 2...2)
        guard country?.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) ?? true else {
            throw PayloadError("\(fields.place(.country)): must be a two-letter upper-case country code")
        }
        self.init(phone: try fields.text(.phone, 0...50), country: country)
    }
}

extension OrderEvent.Total: Decodable {
    private enum Key: String, CodingKey {
        case amount, currency
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Key.self)
        let (amount, currency) = (
            try fields.decode(String.self, forKey: .amount), try fields.decode(String.self, forKey: .currency)
        )
        guard Self.isAmount(amount) else {
            throw PayloadError("\(fields.place(.amount)): must be a decimal number as text")
        }
        guard currency.utf8.count == 3, currency.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
            throw PayloadError("\(fields.place(.currency)): must be three upper-case letters")
        }
        self.init(amount: amount, currency: currency)
    }

    /// 1 to 12 digits, and 1 to 4 more behind a point.
    private static func isAmount(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else {
            return false
        }
        return (1...12).contains(parts[0].count) && (parts.count == 1 || (1...4).contains(parts[1].count))
    }
}

extension KeyedDecodingContainer {
    /// Nil where it is absent or null.
    fileprivate func text(_ key: Key, _ characters: ClosedRange<Int>) throws -> String? {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return nil }
        guard characters.contains(text.unicodeScalars.count) else {
            let (least, most) = (characters.lowerBound, characters.upperBound)
            throw PayloadError("\(place(key)): must be of \(least) to \(most) characters")
        }
        return text
    }

    fileprivate func time(_ key: Key) throws -> Int64 {
        let text = try decode(String.self, forKey: key)
        guard let time = RFC3339.milliseconds(text), (0...253_402_300_799_999).contains(time) else {
            throw PayloadError("\(place(key)): no RFC 3339 time")
        }
        return time
    }

    fileprivate func timeIfPresent(_ key: Key) throws -> Int64? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try time(key)
    }

    /// `data.shipping.country`
    fileprivate func place(_ key: Key) -> String {
        (codingPath + [key]).map(\.stringValue).joined(separator: ".")
    }
}
