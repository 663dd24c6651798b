import Model
import Platforms
import Security

extension ShopifyOrder {
    func judgedPhone(_ settings: ShopSettings) -> JudgedPhone {
        phoneCandidates(settings.phonePlaces).judged(allowing: settings.allowedTypes)
    }

    /// What the owner decides by. A partly fulfilled order counts as fulfilled: some of it is on its way already.
    ///
    /// - Parameters:
    ///   - phone: what ``judgedPhone(_:)`` gave.
    ///   - isPolled: whether it was asked for: nothing tells then who made a draft.
    func facts(shop: String, phone: JudgedPhone, _ identity: IdentityKey, isPolled: Bool = false) -> OrderFacts {
        var facts = OrderFacts(
            order: gid, orderName: name.isEmpty ? nil : name, createdAt: createdAt, updatedAt: updatedAt, isTest: test,
            isCancelled: cancelledAt != nil,
            isFulfilled: fulfillmentStatus == "fulfilled" || fulfillmentStatus == "partial", tags: tags,
            gateways: gateways, locale: customerLocale,
            customerHash: customerId.map { identity.customerHash(shop: shop, customer: $0) },
            phone: phone.verdict, shippingCountry: shipping?.countryCode, total: total, channel: sourceName,
            phoneHash: phone.number.map { identity.phoneHash($0.e164) }, payment: payment,
            isByShopper: isByShopper && !isPolled)
        (facts.isPolled, facts.isPhoneUnread) = (isPolled, isPhoneUnread && isPolled)
        return facts
    }

    /// What was given back in full is neither: the money says nothing of the order any more.
    private var payment: OrderFacts.Payment {
        switch financialStatus?.lowercased() {
        case "pending", "unpaid", "partially_paid", "expired", "voided": .due
        case "authorized": .authorized
        case "paid", "partially_refunded": .paid
        default: .unknown
        }
    }

    /// Whether a shopper had a hand in a draft: what a member of the staff made is the staff's, whatever browser they
    /// sat at. Else a storefront's trace. Without one, what Shopify's own page for drafts made is the staff's too; what
    /// an app made is not, nor what has a number typed into its delivery.
    private var isByShopper: Bool {
        guard !isByStaff else { return false }
        if hasStorefrontTrace { return true }
        if let appId, appId != Self.draftsApp { return true }
        return shipping?.phone?.contains(where: \.isWholeNumber) ?? false
    }

    /// Shopify's own app for drafts in the admin, as `app_id` names it.
    private static let draftsApp: Int64 = 1_354_745
}
