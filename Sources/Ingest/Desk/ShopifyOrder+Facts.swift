import Model
import Platforms
import Security

extension ShopifyOrder {
    func judgedPhone(_ settings: ShopSettings) -> JudgedPhone {
        phoneCandidates(settings.phonePlaces).judged(allowing: settings.allowedTypes)
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    ///
    /// - Parameter phone: what ``judgedPhone(_:)`` gave.
    func facts(shop: String, phone: JudgedPhone, _ identity: IdentityKey) -> OrderFacts {
        OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.verdict, shippingCountry: shipping?.countryCode, total: total, channel: sourceName,
            phoneHash: phone.number.map { identity.phoneHash($0.e164) })
    }
}
