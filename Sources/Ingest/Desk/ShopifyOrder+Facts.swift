import Model
import Platforms
import Security

extension ShopifyOrder {
    /// The first phone of the order that can be put into E.164 form.
    func usablePhone() -> PhoneNumber? {
        for candidate in phoneCandidates() {
            if case .success(let number) = PhoneNumber.normalise(candidate.raw, country: candidate.country) {
                return number
            }
        }
        return nil
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    func facts(shop: String, phone: PhoneNumber?, _ identity: IdentityKey) -> OrderFacts {
        OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.map { .usable(country: $0.country) } ?? (phoneCandidates().isEmpty ? .missing : .unusable))
    }
}
