import Base
import FoundationEssentials

/// Written down as it was understood: nothing of what the shop sent beside it.
extension OrderEvent: Encodable {
    public func encode(to encoder: any Encoder) throws {
        var event = encoder.container(keyedBy: Key.self)
        try event.encode(kind.rawValue, forKey: .type)
        try event.encode(RFC3339.precise(timestamp), forKey: .timestamp)
        var data = event.nestedContainer(keyedBy: DataKey.self, forKey: .data)
        try data.encode(shop, forKey: .shop)
        try data.encode(id, forKey: .id)
        try data.encodeIfPresent(name, forKey: .name)
        try data.encode(RFC3339.precise(createdAt), forKey: .createdAt)
        try data.encodeIfPresent(updatedAt.map(RFC3339.precise), forKey: .updatedAt)
        try data.encodeIfPresent(cancelledAt.map(RFC3339.precise), forKey: .cancelledAt)
        try data.encode(fulfilled, forKey: .fulfilled)
        try data.encode(test, forKey: .test)
        try data.encode(tags, forKey: .tags)
        try data.encodeIfPresent(gateway, forKey: .gateway)
        try data.encodeIfPresent(cashOnDelivery, forKey: .cashOnDelivery)
        if let total {
            var fields = data.nestedContainer(keyedBy: TotalKey.self, forKey: .total)
            try fields.encode(total.amount, forKey: .amount)
            try fields.encode(total.currency, forKey: .currency)
        }
        try data.encodeIfPresent(channel, forKey: .channel)
        try data.encodeIfPresent(locale, forKey: .locale)
        if customerId != nil || customerPhone != nil {
            var fields = data.nestedContainer(keyedBy: CustomerKey.self, forKey: .customer)
            try fields.encodeIfPresent(customerId, forKey: .id)
            try fields.encodeIfPresent(customerPhone, forKey: .phone)
        }
        for (address, key) in [(shipping, DataKey.shipping), (billing, DataKey.billing)] {
            guard let address else { continue }
            var fields = data.nestedContainer(keyedBy: AddressKey.self, forKey: key)
            try fields.encodeIfPresent(address.phone, forKey: .phone)
            try fields.encodeIfPresent(address.country, forKey: .country)
        }
    }

    /// As JSON; ``read(_:)`` gives the same event back.
    public var json: [UInt8] {
        do {
            return [UInt8](try JSONEncoder().encode(self))
        } catch {
            preconditionFailure("an event holds texts, numbers and lists of texts: JSON can hold it")
        }
    }
}
