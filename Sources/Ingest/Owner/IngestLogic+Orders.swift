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

    /// Orders the platform's webhooks may have missed. Each is taken as an update: one that is not known starts as a
    /// new one would, unless it is too old for that, or a webhook knows better; one that is known changes nothing
    /// unless it is newer, and never its number where not all places of one could be read.
    func take(
        _ page: WebhookMessage.PolledOrders, _ shop: String, _ record: IncomingRecord
    ) throws(WireProblem) -> [StagedRecord] {
        guard let opened = try open(page.body, field: "polled", version: page.shopVersion, shop, record) else {
            return []
        }
        let known = opened.known
        let orders = try Self.understand(opened.body, ShopifyOrder.decodeList)
        var staged: [StagedRecord] = []
        for order in orders {
            let order = self.order(order, platform: known.platform, shop, known.version, opened.key, isPolled: true)
            staged += decide("orders/updated", order, record, marks: [])
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

    func order(
        _ order: ShopifyOrder, platform: String, _ shop: String, _ version: Int64, _ key: DataKey,
        isPolled: Bool = false
    ) -> Order {
        let settings = shops[shop]?.installation?.settings ?? ShopSettings()
        let phone = order.judgedPhone(settings)
        let token = setup.identity.token(platform: platform, shop: shop, order: order.gid)
        return Order(
            platform: platform, shop: shop, shopVersion: version,
            facts: order.facts(shop: shop, phone: phone, setup.identity, isPolled: isPolled), phone: phone.number,
            verification: VerificationID(token.verificationId), key: key)
    }

    func decide(_ topic: String, _ order: Order, _ record: IncomingRecord, marks: [String]) -> [StagedRecord] {
        let command: Intake.Command
        switch topic {
        case "orders/create": command = .orderPlaced(order.facts, verification: order.verification)
        case "orders/cancelled": command = .orderCancelled(createdAt: order.facts.createdAt)
        default: command = .orderUpdated(order.facts, verification: order.verification)
        }
        let key = OrderKey(shop: order.shop, order: order.facts.order)
        return decide(command, key, order.verification, record, marks: marks) { effect in
            let now = record.timestamp
            switch effect {
            case .request: return self.request(order, now: now)
            case .skip(let reason):
                return [self.skipped(order, reason, now: now)] + self.review(order, reason, record)
            case .changePhone(let id): return self.subject(of: order).map { [self.tell(.phoneChanged($0), id)] } ?? []
            case .reviewUnsent(let id, let reason): return self.reviewUnsent(order, id, reason)
            default: return []
            }
        }
    }

    func tell(_ message: AttemptMessage, _ id: VerificationID, _ stage: Stage = .effect) -> StagedRecord {
        StagedRecord(stage, message.record(id, setup.topology))
    }

    /// Opened and ended at once by a fault of ours, so that the order is tagged for a person to look at, never
    /// cancelled.
    private func reviewUnsent(_ order: Order, _ id: VerificationID, _ reason: SkipReason) -> [StagedRecord] {
        guard let subject = subject(of: order) else { return [] }
        let failure = TextFailure(number: 1, generation: 1, reason: reason.rawValue, fault: .ours)
        return [tell(.opened(subject), id, .opening), tell(.failed(failure), id)]
    }

    /// An order that nobody can be asked about, where the shop wants to look at it: Verifier writes the intent that
    /// Reaper acts on.
    private func review(_ order: Order, _ reason: SkipReason, _ record: IncomingRecord) -> [StagedRecord] {
        let view = view(of: OrderKey(shop: order.shop, order: order.facts.order), nil, record)
        guard order.platform == ShopName.shopify,
            Intake.mayReviewSkipped(reason, view, now: record.timestamp),
            let settings = view.shop?.installation?.settings
        else { return [] }
        let skipped = SkippedOrder(subject: subject(of: order, settings, phone: nil), reason: reason)
        return [tell(.skipped(skipped), order.verification)]
    }

    /// Verifier is told first, so that no text is asked for that nobody would answer for.
    private func request(_ order: Order, now: Int64) -> [StagedRecord] {
        guard let subject = subject(of: order) else {
            preconditionFailure("a verification is only asked for with a shop and a phone")
        }
        let id = order.verification
        let send = SendRequest(
            number: 1, generation: 1, subject: subject,
            sendBy: SendRequest.sendBy(openedAt: now, timerSeconds: subject.timerSeconds))
        return [
            tell(.opened(subject), id, .opening),
            StagedRecord(.effect, RequestMessage.send(send).record(id, range: subject.range, setup.topology)),
        ]
    }

    private func subject(of order: Order) -> Subject? {
        guard let phone = order.phone, let settings = shops[order.shop]?.installation?.settings else { return nil }
        return subject(of: order, settings, phone: phone)
    }

    /// - Parameter phone: nil where nobody is asked.
    private func subject(of order: Order, _ settings: ShopSettings, phone: PhoneNumber?) -> Subject {
        let id = order.verification
        let sealed = phone.map {
            order.key.seal(Array($0.e164.utf8), topic: "requests", key: id.text, field: "phone")
        }
        return Subject(
            platform: order.platform, shop: order.shop, order: order.facts.order, orderName: order.facts.orderName,
            shopVersion: order.shopVersion, phone: Sealed(sealed ?? []),
            phoneHash: phone.map { setup.identity.phoneHash($0.e164) } ?? "", phoneMask: phone?.masked ?? "",
            range: phone.map { setup.identity.rangeHash($0.e164) } ?? "",
            customerHash: order.facts.customerHash, locale: order.facts.locale, keyId: setup.keyring.current.id,
            timerSeconds: settings.timerSeconds, codeSeconds: settings.codeSeconds, codeLength: settings.codeLength,
            words: settings.texts?.words,
            unpaid: orders[OrderKey(shop: order.shop, order: order.facts.order)]?.wasUnpaid)
    }

    private func skipped(_ order: Order, _ reason: SkipReason, now: Int64) -> StagedRecord {
        let data = OutcomeData(
            verification: nil, shop: order.shop, order: order.facts.order, orderName: order.facts.orderName,
            reason: reason.rawValue, at: now)
        return StagedRecord(.effect, OutcomeRecord.make(.skipped, order.verification, data, setup.topology))
    }
}
