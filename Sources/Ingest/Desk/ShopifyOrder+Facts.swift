import Model
import Platforms
import Security

extension ShopifyOrder {
    func usablePhone(_ settings: ShopSettings) -> PhoneNumber? {
        phoneCandidates(settings.phonePlaces).usable(allowing: settings.allowedTypes)
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    func facts(shop: String, phone: PhoneNumber?, _ settings: ShopSettings, _ identity: IdentityKey) -> OrderFacts {
        OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phoneCandidates(settings.phonePlaces).judged(phone), shippingCountry: shipping?.countryCode,
            total: total, channel: sourceName, phoneHash: phone.map { identity.phoneHash($0.e164) })
    }
}
