import Model
import Pipeline
import Platforms
import Security

/// Orders of shops without a platform of their own here enter the same path as Shopify's.
extension IngestLogic {
    /// What an event says, under the name that Shopify has for the same.
    ///
    /// The signature is the source's own: an event that names another shop is not understood. The door has read it
    /// before; what stands here unread was stored by an older one.
    func order(
        fromEvent body: [UInt8], _ shop: String, _ version: Int64, _ key: DataKey
    ) throws(WireProblem) -> (topic: String, order: Order) {
        let event: OrderEvent
        do throws(PayloadError) {
            event = try OrderEvent.decode(body)
        } catch {
            throw WireProblem("not an order event: \(error.reason)")
        }
        guard event.shop == shop else { throw WireProblem("not an order event: data.shop: not the source") }
        let settings = shops[shop]?.installation?.settings ?? ShopSettings()
        let phone = event.phoneCandidates(settings.phonePlaces).judged(allowing: settings.allowedTypes)
        let token = setup.identity.token(platform: ShopName.orders, shop: shop, order: event.id)
        let order = Order(
            platform: ShopName.orders, shop: shop, shopVersion: version,
            facts: event.facts(phone: phone, setup.identity), phone: phone.number,
            verification: VerificationID(token.verificationId), key: key)
        return (event.kind.shopifyTopic, order)
    }
}

extension OrderEvent.Kind {
    fileprivate var shopifyTopic: String {
        switch self {
        case .created: "orders/create"
        case .updated, .fulfilled: "orders/updated"
        case .cancelled: "orders/cancelled"
        }
    }
}

extension OrderEvent {
    /// What the owner decides by.
    fileprivate func facts(phone: JudgedPhone, _ identity: IdentityKey) -> OrderFacts {
        OrderFacts(
            order: id, orderName: name, createdAt: createdAt, updatedAt: updatedAt ?? timestamp, isTest: test,
            isCancelled: isCancelled, isFulfilled: isFulfilled, tags: tags, gateways: gateways, locale: locale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.verdict, shippingCountry: shipping?.country, total: total?.amount, channel: channel,
            phoneHash: phone.number.map { identity.phoneHash($0.e164) })
    }
}
