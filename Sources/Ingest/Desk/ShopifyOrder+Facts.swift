import Model
import Platforms
import Security

extension ShopifyOrder {
    /// The phones of the order that can be put into E.164 form.
    private var numbers: [PhoneNumber] {
        phoneCandidates().compactMap { candidate in
            if case .success(let number) = PhoneNumber.normalise(candidate.raw, country: candidate.country) {
                number
            } else {
                nil
            }
        }
    }

    /// The first of them that is of no kind which gets no codes.
    func usablePhone() -> PhoneNumber? {
        numbers.first { NumberType.refused($0.e164) == nil }
    }

    private var unusable: OrderFacts.Phone {
        guard numbers.isEmpty else { return .refused }
        return phoneCandidates().isEmpty ? .missing : .unusable
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    func facts(shop: String, phone: PhoneNumber?, _ identity: IdentityKey) -> OrderFacts {
        OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.map { .usable(country: $0.country) } ?? unusable, shippingCountry: shipping?.countryCode)
    }
}
