import Kafka
import Model
import Pipeline
import Platforms
import Security

/// What a shop's owner does with a webhook, by its topic.
///
/// The platform signs bodies, not headers: whoever has seen one signed body may send it under another topic or another
/// shop's name. So the body's shape must fit the topic, and a shop it names must be the one it came for. A shop has one
/// number and may have two names: under a name that is not the one it was put under, its number decides, once it has
/// said it; before, it must be no other shop's.
extension IngestLogic {
    /// An opened webhook on its way to a decision.
    struct Delivery {
        let webhook: WebhookMessage.SealedWebhook
        let shop: String
        let record: IncomingRecord
        let known: ShopRecord
        let key: DataKey
        let body: [UInt8]

        var now: Int64 { record.timestamp }
    }

    func take(
        _ webhook: WebhookMessage.SealedWebhook, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> [StagedRecord] {
        let age = Double(setup.clock.now() - record.timestamp) / 1000
        tally.add { [metrics = setup.metrics] in metrics.age.observe(max(0, age)) }
        guard let opened = try open(webhook.body, field: "body", version: webhook.shopVersion, shop, record) else {
            return []
        }
        let delivery = Delivery(
            webhook: webhook, shop: shop, record: record, known: opened.known, key: opened.key, body: opened.body)
        if webhook.platform == ShopName.orders {
            let (topic, order) = try order(fromEvent: delivery.body, shop, delivery.known.version, delivery.key)
            return decide(topic, order, record, marks: delivery.marks(resource: order.facts.order))
        }
        switch webhook.topic {
        case let topic where ShopifyDelivery.orderTopics.contains(topic): return try takeOrder(delivery)
        case "app/uninstalled", "shop/redact", "shop/update", "app/scopes_update", "app_subscriptions/update",
            "app_subscriptions/approaching_capped_amount", "customers/data_request", "customers/redact":
            return try takeShop(delivery)
        case let topic where ShopifyDelivery.isShopifys(topic):
            tally.add(setup.metrics.notForUs)
            return []
        default: throw WireProblem("unknown topic")
        }
    }

    /// Whether the names a body has for its shop can be those of the shop it came for.
    ///
    /// - Parameter isOther: whether a name that is not the shop's is another shop's; only asked where no number
    ///   decides.
    func believes(
        domain: String?, gid: String?, _ installation: ShopRecord.Installation?, _ shop: String,
        isOther: (String) -> Bool = { _ in true }
    ) -> Bool {
        if domain == shop { return true }
        if let gid {
            if let known = installation?.profile?.id { return gid == known }
            // A name that is none of ours may be another shop's second one: its number tells.
            if isOfAnother(gid, shop) { return false }
        }
        return domain.map { !isOther($0) } ?? true
    }

    private func isOfAnother(_ number: String, _ shop: String) -> Bool {
        var isFound = setup.isOfAnother(number, shop)
        shops.forEach { isFound = isFound || $0 != shop && $1.installation?.profile?.id == number }
        return isFound
    }

    private func takeOrder(_ delivery: Delivery) throws(WireProblem) -> [StagedRecord] {
        let order = try Self.understand(delivery.body, ShopifyOrder.decode)
        func believes(isOther: (String) -> Bool) -> Bool {
            self.believes(
                domain: order.shopDomain, gid: order.shopGid, delivery.known.installation, delivery.shop,
                isOther: isOther)
        }
        // The admin's test notification is about an order of Shopify's own example shop.
        if order.test, !believes(isOther: { _ in true }) {
            tally.add(setup.metrics.notForUs)
            return []
        }
        guard believes(isOther: { shops[$0] != nil || setup.isOurs($0) }) else {
            throw WireProblem("the body names another shop")
        }
        if delivery.webhook.topic == "orders/cancelled", order.cancelledAt == nil {
            throw WireProblem("the body is not a cancelled order's")
        }
        let facts = self.order(
            order, platform: delivery.webhook.platform, delivery.shop, delivery.known.version, delivery.key)
        return decide(delivery.webhook.topic, facts, delivery.record, marks: delivery.marks(resource: order.gid))
    }

    /// What concerns the shop itself: changes its record, once a delivery and never by an older word.
    private func takeShop(_ delivery: Delivery) throws(WireProblem) -> [StagedRecord] {
        guard delivery.known.applied < delivery.record.offset, var installation = delivery.known.installation else {
            tally.add(setup.metrics.replays)
            return []
        }
        var care = installation.care ?? ShopCare()
        let marks = delivery.marks(resource: delivery.shop)
        guard !DeliveryMark.known(marks, in: care.deliveries) else {
            tally.add(setup.metrics.duplicates)
            return []
        }
        care.deliveries = DeliveryMark.added(marks, to: care.deliveries)
        installation.care = care
        let staged = try change(&installation, delivery)
        var next = delivery.known
        next.installation = installation
        next.applied = delivery.record.offset
        shops.set(delivery.shop, next)
        return staged
    }

    private func change(
        _ installation: inout ShopRecord.Installation, _ delivery: Delivery
    ) throws(WireProblem) -> [StagedRecord] {
        switch delivery.webhook.topic {
        case "app/uninstalled":
            let body = try Self.understand(delivery.body, ShopifyUninstall.decode)
            let gid = body.shopId.map { "gid://shopify/Shop/\($0)" }
            guard body.domain == nil || believes(domain: body.domain, gid: gid, installation, delivery.shop) else {
                throw WireProblem("the body names another shop")
            }
            doubt(&installation, delivery)
        case "shop/redact":
            _ = try privacyRequest(delivery, .shopRedaction)
            doubt(&installation, delivery)
        case "customers/redact":
            return redact(try privacyRequest(delivery, .customerRedaction), &installation, delivery)
        case "customers/data_request":
            note(try privacyRequest(delivery, .dataRequest), &installation, delivery)
        case "shop/update": try update(&installation, try Self.understand(delivery.body, ShopifyShop.decode), delivery)
        case "app/scopes_update":
            try update(&installation, try Self.understand(delivery.body, ShopifyScopesUpdate.decode), delivery)
        default:
            try update(&installation, try Self.understand(delivery.body, ShopifySubscription.decode), delivery)
        }
        return []
    }

    /// The app is said to be gone. Only the platform itself is believed, and it is asked next; what was said before the
    /// shop was installed (again) is about another installation.
    private func doubt(_ installation: inout ShopRecord.Installation, _ delivery: Delivery) {
        if let triggeredAt = delivery.webhook.triggeredAt, triggeredAt < installation.activatedAt { return }
        installation.care?.uninstallToldAt = delivery.now
    }

    static func understand<Body>(
        _ body: [UInt8], _ decode: ([UInt8]) throws(PayloadError) -> Body
    ) throws(WireProblem) -> Body {
        do throws(PayloadError) {
            return try decode(body)
        } catch {
            throw WireProblem("the body does not fit its topic: \(error.reason)")
        }
    }
}
