import Kafka
import Model
import Pipeline
import Platforms
import Security

extension IngestLogic {
    /// An order a webhook spoke of, with what a request for it needs. Lives for one decision only.
    struct Order {
        let platform: String
        let shop: String
        let shopVersion: Int64
        let facts: OrderFacts
        let phone: PhoneNumber?
        /// The same for the same order, always.
        let verification: VerificationID
        let key: DataKey
    }

    func take(
        _ webhook: WebhookMessage.SealedWebhook, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> [StagedRecord] {
        // A version is the offset of an earlier message: one from the future is nobody's.
        guard webhook.shopVersion < record.offset else { throw WireProblem("impossible numbers") }
        let age = Double(setup.clock.now() - record.timestamp) / 1000
        tally.add { [metrics = setup.metrics] in metrics.age.observe(max(0, age)) }
        guard let known = shops[shop], known.version == webhook.shopVersion else {
            tally.add(setup.metrics.keyGone)
            return []
        }
        let key = try ShopDirectory.unwrap(known, shop: shop, setup.keyring)
        let body: [UInt8]
        do throws(CryptoError) {
            body = try key.open(webhook.body, topic: "webhooks", key: shop, field: "body")
        } catch {
            throw WireProblem("the seal does not fit")
        }
        if webhook.platform == ShopName.orders {
            let (topic, order) = try order(fromEvent: body, shop, known.version, key)
            return decide(topic, order, record)
        }
        switch webhook.topic {
        case "orders/create", "orders/updated", "orders/paid", "orders/cancelled": break
        case "app/uninstalled", "customers/data_request", "customers/redact", "shop/redact":
            throw WireProblem("topic not handled")
        default: throw WireProblem("unknown topic")
        }
        let order = try read(body, platform: webhook.platform, shop, known.version, key)
        return decide(webhook.topic, order, record)
    }

    /// Orders the platform's webhooks may have missed: one that is known changes nothing.
    func take(
        _ page: WebhookMessage.PolledOrders, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> [StagedRecord] {
        guard page.shopVersion < record.offset else { throw WireProblem("impossible numbers") }
        guard let known = shops[shop], known.version == page.shopVersion else {
            tally.add(setup.metrics.keyGone)
            return []
        }
        let key = try ShopDirectory.unwrap(known, shop: shop, setup.keyring)
        let body: [UInt8]
        do throws(CryptoError) {
            body = try key.open(page.body, topic: "webhooks", key: shop, field: "polled")
        } catch {
            throw WireProblem("the seal does not fit")
        }
        let orders: [ShopifyOrder]
        do throws(PayloadError) {
            orders = try ShopifyOrder.decodeList(body)
        } catch {
            throw WireProblem("not orders: \(error.reason)")
        }
        var staged: [StagedRecord] = []
        for order in orders {
            let order = self.order(order, platform: known.platform, shop, known.version, key)
            let isKnown = self.orders[OrderKey(shop: shop, order: order.facts.order)] != nil
            staged += decide(isKnown ? "orders/updated" : "orders/create", order, record)
        }
        if var next = shops[shop], next.applied <= record.offset {
            var care = next.installation?.care ?? ShopCare()
            care.polledTo = max(care.polledTo ?? 0, page.upTo)
            next.installation?.care = care
            next.applied = record.offset
            shops.set(shop, next)
        }
        return staged
    }

    private func read(
        _ body: [UInt8], platform: String, _ shop: String, _ version: Int64, _ key: DataKey
    ) throws(WireProblem) -> Order {
        let order: ShopifyOrder
        do throws(PayloadError) {
            order = try ShopifyOrder.decode(body)
        } catch {
            throw WireProblem("not an order: \(error.reason)")
        }
        return self.order(order, platform: platform, shop, version, key)
    }

    private func order(
        _ order: ShopifyOrder, platform: String, _ shop: String, _ version: Int64, _ key: DataKey
    ) -> Order {
        let settings = shops[shop]?.installation?.settings ?? ShopSettings()
        let phone = order.usablePhone(settings)
        let token = setup.identity.token(platform: platform, shop: shop, order: order.gid)
        return Order(
            platform: platform, shop: shop, shopVersion: version,
            facts: order.facts(shop: shop, phone: phone, settings, setup.identity), phone: phone,
            verification: VerificationID(token.verificationId), key: key)
    }

    func decide(_ topic: String, _ order: Order, _ record: IncomingRecord) -> [StagedRecord] {
        let command: Intake.Command
        switch topic {
        case "orders/create": command = .orderPlaced(order.facts, verification: order.verification)
        case "orders/cancelled": command = .orderCancelled(createdAt: order.facts.createdAt)
        default: command = .orderUpdated(order.facts, verification: order.verification)
        }
        let key = OrderKey(shop: order.shop, order: order.facts.order)
        return decide(command, key, order.verification, record) { effect in
            switch effect {
            case .request: return self.request(order, now: record.timestamp)
            case .skip(let reason): return [self.skipped(order, reason, now: record.timestamp)]
            default: return []
            }
        }
    }

    /// Verifier is told first, so that no text is asked for that nobody would answer for.
    private func request(_ order: Order, now: Int64) -> [StagedRecord] {
        guard let phone = order.phone, let settings = shops[order.shop]?.installation?.settings else {
            preconditionFailure("a verification is only asked for with a shop and a phone")
        }
        let id = order.verification
        let sealed = order.key.seal(Array(phone.e164.utf8), topic: "requests", key: id.text, field: "phone")
        let subject = Subject(
            platform: order.platform, shop: order.shop, order: order.facts.order, orderName: order.facts.orderName,
            shopVersion: order.shopVersion, phone: Sealed(sealed), phoneHash: setup.identity.phoneHash(phone.e164),
            phoneMask: phone.masked, range: setup.identity.rangeHash(phone.e164),
            customerHash: order.facts.customerHash, locale: order.facts.locale, keyId: setup.keyring.current.id,
            timerSeconds: settings.timerSeconds, codeSeconds: settings.codeSeconds, codeLength: settings.codeLength,
            words: settings.texts?.words)
        let send = SendRequest(
            number: 1, generation: 1, subject: subject,
            sendBy: SendRequest.sendBy(openedAt: now, timerSeconds: settings.timerSeconds))
        return [
            StagedRecord(.opening, AttemptMessage.opened(subject).record(id, setup.topology)),
            StagedRecord(.effect, RequestMessage.send(send).record(id, range: subject.range, setup.topology)),
        ]
    }

    private func skipped(_ order: Order, _ reason: SkipReason, now: Int64) -> StagedRecord {
        let data = OutcomeData(
            verification: nil, shop: order.shop, order: order.facts.order, orderName: order.facts.orderName,
            reason: reason.rawValue, at: now)
        return StagedRecord(.effect, OutcomeRecord.make(.skipped, order.verification, data, setup.topology))
    }
}
