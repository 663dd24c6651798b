import FoundationEssentials

extension OrderEvent {
    enum Key: String, CodingKey {
        case type, timestamp, data
    }

    enum DataKey: String, CodingKey {
        case shop, id, name, createdAt, updatedAt, cancelledAt, fulfilled, test, tags, gateway, cashOnDelivery, total
        case channel, locale, customer, shipping, billing
    }

    enum CustomerKey: String, CodingKey {
        case id, phone
    }

    enum AddressKey: String, CodingKey {
        case phone, country
    }

    enum TotalKey: String, CodingKey {
        case amount, currency
    }

    /// Reads the body of a webhook, or names every place that can't be read.
    public static func read(_ body: [UInt8]) -> Result<OrderEvent, Faults> {
        do {
            let reading = try JSONDecoder().decode(Reading.self, from: Data(body))
            return reading.result
        } catch DecodingError.typeMismatch, DecodingError.valueNotFound {
            return .failure(Faults([PayloadFault("", "must be an object")]))
        } catch {
            return .failure(Faults([PayloadFault("", "not JSON")]))
        }
    }

    /// At least one.
    public struct Faults: Error, Equatable, Sendable {
        public let all: [PayloadFault]

        public init(_ all: [PayloadFault]) {
            self.all = all
        }
    }

    private struct Reading: Decodable {
        let result: Result<OrderEvent, Faults>

        init(from decoder: any Decoder) throws {
            var reader = LooseReader()
            let event = OrderEvent(&reader, try decoder.container(keyedBy: Key.self))
            if let event, reader.faults.isEmpty {
                result = .success(event)
            } else {
                result = .failure(Faults(reader.faults))
            }
        }
    }

    /// Nil where something that must be there is not, which is among the faults then.
    private init?(_ reader: inout LooseReader, _ event: KeyedDecodingContainer<Key>) {
        let kind = Self.kind(&reader, event)
        let timestamp = Self.required(&reader, event, .timestamp) { $0.time($1, $2) }
        let data = Self.required(&reader, event, .data) { $0.object($1, $2, DataKey.self) }
        let shop = data.flatMap { Self.shop(&reader, $0) }
        let id = data.flatMap { Self.id(&reader, $0) }
        let createdAt = data.flatMap { data in
            Self.required(&reader, data, .createdAt) { $0.time($1, $2) }
        }
        let customer = reader.object(data, .customer, CustomerKey.self)
        let (updatedAt, cancelledAt) = (reader.time(data, .updatedAt), reader.time(data, .cancelledAt))
        let (name, gateway) = (reader.text(data, .name, 1...100), reader.text(data, .gateway, 1...100))
        let (channel, locale) = (reader.text(data, .channel, 1...100), reader.text(data, .locale, 2...35))
        let (fulfilled, test) = (reader.bool(data, .fulfilled), reader.bool(data, .test))
        let cashOnDelivery = reader.bool(data, .cashOnDelivery)
        let tags = reader.texts(data, .tags, atMost: 250, of: 255)
        let total = Self.total(&reader, reader.object(data, .total, TotalKey.self))
        let (customerId, customerPhone) = (
            reader.text(customer, .id, 1...100), reader.text(customer, .phone, 1...Self.longestPhone)
        )
        let shipping = Self.address(&reader, reader.object(data, .shipping, AddressKey.self))
        let billing = Self.address(&reader, reader.object(data, .billing, AddressKey.self))
        if let timestamp, let createdAt, !Self.isUTC(reader, timestamp: timestamp, createdAt: createdAt) {
            reader.blameTimesWithoutZone()
        }
        guard let kind, let timestamp, let shop, let id, let createdAt else { return nil }
        self.init(
            kind: kind, timestamp: timestamp, shop: shop, id: id, name: name, createdAt: createdAt,
            updatedAt: updatedAt, cancelledAt: cancelledAt, fulfilled: fulfilled ?? false, test: test ?? false,
            tags: tags, gateway: gateway, cashOnDelivery: cashOnDelivery, total: total, channel: channel,
            locale: locale, customerId: customerId, customerPhone: customerPhone, shipping: shipping,
            billing: billing)
    }

    /// Whether times without zone can be UTC: beside others that name theirs they may as well be the shop's local time,
    /// which shows where the order was not placed when it is told of. No zone is less than half an hour from UTC.
    private static func isUTC(_ reader: LooseReader, timestamp: Int64, createdAt: Int64) -> Bool {
        reader.timesWithoutZone.isEmpty || !reader.hasTimeWithZone || abs(timestamp - createdAt) <= 15 * 60_000
    }

    /// What a field of a form may hold: two numbers, a remark.
    static let longestPhone = 250

    private static func required<Key, Value>(
        _ reader: inout LooseReader, _ fields: KeyedDecodingContainer<Key>, _ key: Key,
        _ read: (inout LooseReader, KeyedDecodingContainer<Key>, Key) -> Value?
    ) -> Value? {
        let known = reader.faults.count
        let value = read(&reader, fields, key)
        if value == nil, reader.faults.count == known { reader.blame(fields, key, "missing") }
        return value
    }

    private static func kind(_ reader: inout LooseReader, _ event: KeyedDecodingContainer<Key>) -> Kind? {
        let text = required(&reader, event, .type) { $0.text($1, $2, 1...100) }
        guard let text else { return nil }
        guard let kind = Kind(rawValue: text) else {
            reader.blame(event, .type, "none of \(Kind.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        return kind
    }

    private static func shop(_ reader: inout LooseReader, _ data: KeyedDecodingContainer<DataKey>) -> String? {
        let text = required(&reader, data, .shop) { $0.text($1, $2, 1...255) }
        guard let text else { return nil }
        guard let shop = ShopName.validate(text) else {
            reader.blame(data, .shop, "not a shop's name")
            return nil
        }
        return shop
    }

    /// What its key at the ledger and the outcomes' `ce_subject` are made of.
    private static func id(_ reader: inout LooseReader, _ data: KeyedDecodingContainer<DataKey>) -> String? {
        let text = required(&reader, data, .id) { $0.text($1, $2, 1...10_000) }
        guard let text else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x2D...0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A: true
            default: false
            }
        }
        guard isPlain, (1...100).contains(text.utf8.count) else {
            reader.blame(data, .id, "must be 1 to 100 of a-zA-Z0-9._:/-")
            return nil
        }
        return text
    }

    /// Nil where it has no amount.
    private static func total(_ reader: inout LooseReader, _ fields: KeyedDecodingContainer<TotalKey>?) -> Total? {
        let (known, amount) = (reader.faults.count, reader.amount(fields, .amount))
        let currency = reader.letters(fields, .currency, 3, "must be three letters (ISO 4217)")
        guard let amount else { return nil }
        guard let currency else {
            if reader.faults.count == known { reader.blame(fields, .currency, "missing") }
            return nil
        }
        return reader.amount(amount, in: currency, fields, .amount).map { Total(amount: $0, currency: currency) }
    }

    private static func address(
        _ reader: inout LooseReader, _ fields: KeyedDecodingContainer<AddressKey>?
    ) -> Address? {
        guard fields != nil else { return nil }
        return Address(
            phone: reader.text(fields, .phone, 1...longestPhone),
            country: reader.letters(fields, .country, 2, "must be a two-letter country code (ISO 3166-1)"))
    }
}
