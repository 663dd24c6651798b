import Model
import Platforms
import Security

extension ShopifyOrder {
    /// The phones at those places of the order that can be put into E.164 form, in their order.
    private func numbers(_ sources: [ShopSettings.PhoneSource]) -> [PhoneNumber] {
        phoneCandidates(sources).compactMap { candidate in
            if case .success(let number) = PhoneNumber.normalise(candidate.raw, country: candidate.country) {
                number
            } else {
                nil
            }
        }
    }

    /// The first of them that is of no kind which gets no codes.
    func usablePhone(
        sources: [ShopSettings.PhoneSource], allowing allowed: Set<NumberType>
    ) -> PhoneNumber? {
        numbers(sources).first { !$0.type.isRefused(allowing: allowed) }
    }

    func usablePhone(_ settings: ShopSettings) -> PhoneNumber? {
        usablePhone(
            sources: settings.phoneSources ?? ShopSettings.usualPhoneSources, allowing: settings.allowedTypes)
    }

    private func unusable(_ sources: [ShopSettings.PhoneSource]) -> OrderFacts.Phone {
        guard numbers(sources).isEmpty else { return .refused }
        return phoneCandidates(sources).isEmpty ? .missing : .unusable
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    func facts(shop: String, phone: PhoneNumber?, _ settings: ShopSettings, _ identity: IdentityKey) -> OrderFacts {
        let sources = settings.phoneSources ?? ShopSettings.usualPhoneSources
        return OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.map { .usable(country: $0.country) } ?? unusable(sources),
            shippingCountry: shipping?.countryCode, total: total, channel: sourceName,
            phoneHash: phone.map { identity.phoneHash($0.e164) })
    }
}
