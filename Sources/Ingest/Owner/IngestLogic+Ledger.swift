import Kafka
import Model
import Pipeline

extension IngestLogic {
    func take(_ notice: Notice, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        let key = OrderKey(shop: shop, order: notice.order)
        return decide(.noticed(notice), key, notice.verification, record, marks: []) { _ in [] }
    }

    /// Decides about one order and takes the decision over into the ledger, the counts and the brake.
    ///
    /// - Parameters:
    ///   - marks: of the delivery, where it is one.
    ///   - onOrder: what needs the order itself: a request, a skip, another number; a notice leads to none of them.
    func decide(
        _ command: Intake.Command, _ key: OrderKey, _ verification: VerificationID, _ record: IncomingRecord,
        marks: [String], onOrder: (Intake.Effect) -> [StagedRecord]
    ) -> [StagedRecord] {
        let (now, before) = (record.timestamp, orders[key])
        guard (before?.applied ?? -1) < record.offset else {
            tally.add(setup.metrics.replays)
            return []
        }
        guard !DeliveryMark.known(marks, in: before?.deliveries) else {
            tally.add(setup.metrics.duplicates)
            return []
        }
        var view = view(of: key, before, record)
        view.isVerifiedBefore = wasVerified(command, key.shop, record)
        let decision = Intake.decide(command, view, now: now, offset: record.offset)
        if var entry = decision.entry {
            entry.deliveries = DeliveryMark.added(marks, to: entry.deliveries ?? before?.deliveries)
            orders.set(key, entry)
            dailyTexts.follow(key.shop, from: before, to: entry)
            learnPassed(command, key.shop, entry, isNew: before == nil, offset: record.offset)
            learnShipping(command, key.shop, isNew: before == nil, offset: record.offset)
            rememberVerified(command, key, entry, record)
            if entry.settled == .cancel, before?.settled == nil { cancels.add(key.shop, at: now) }
        }
        var staged: [StagedRecord] = []
        var counts: [UsageCounter] = []
        for effect in decision.effects {
            tally.add(counter(of: effect))
            switch effect {
            case .request, .reviewUnsent: staged += onOrder(effect)
            case .changePhone:
                staged += onOrder(effect)
                counts.append(.charged)
            case .skip(let reason):
                staged += onOrder(effect)
                if reason == .planLimit { tellShares(key.shop, record) }
            case .tellCancelled(let id): staged.append(tell(.orderCancelled, id))
            case .release(let id, let release): staged.append(tell(.released(release), id))
            case .settle(let id, let action):
                staged.append(tell(.settle(action, round: orders[key]?.round), id))
            case .count(let counter): counts.append(counter)
            case .giveBack(let month): giveBack(month, key.shop, record)
            case .braked: reportBrake(key.shop, verification)
            case .ignore: break
            }
        }
        count(counts, key.shop, record)
        return staged
    }

    func view(of key: OrderKey, _ entry: OrderEntry?, _ record: IncomingRecord) -> Intake.View {
        let (shop, now) = (shops[key.shop], record.timestamp)
        let counts = usageKey(key.shop, record)
        let used = used(counts, record)
        return Intake.View(
            shop: shop, entry: entry, cancelsInLastHour: cancels.count(key.shop, now: now),
            mayCancel: setup.mayCancel, textsToday: dailyTexts.count(key.shop, now: now),
            newShopCap: setup.newShopCap,
            plan: shop?.installation.map { setup.planLimits.standing($0, used: used) } ?? .open, month: counts.month)
    }

    /// The names of gateways whose orders are passed over, so that the merchant can be asked about them. Once a row has
    /// applied the message, only what the same message brought counts further.
    private func learnPassed(
        _ command: Intake.Command, _ shop: String, _ entry: OrderEntry, isNew: Bool, offset: Int64
    ) {
        let order: OrderFacts
        switch command {
        case .orderPlaced(let placed, _): order = placed
        case .orderUpdated(let updated, _): order = updated
        case .orderCancelled, .noticed: return
        }
        guard isNew, entry.skipped == .outOfScope, let known = shops[shop],
            known.applied < offset || passedAt == offset, let next = known.passing(order, offset: offset)
        else { return }
        passedAt = offset
        shops.set(shop, next)
    }

    /// Where an order goes that was placed, or whose update is the first that is heard of it.
    private func learnShipping(_ command: Intake.Command, _ shop: String, isNew: Bool, offset: Int64) {
        let order: OrderFacts
        switch command {
        case .orderPlaced(let placed, _): order = placed
        case .orderUpdated(let updated, _) where isNew: order = updated
        case .orderUpdated, .orderCancelled, .noticed: return
        }
        guard !order.isTest, let country = order.shippingCountry,
            let next = shops[shop]?.shipping(to: country, offset: offset)
        else { return }
        shops.set(shop, next)
    }

    private func reportBrake(_ shop: String, _ verification: VerificationID) {
        tally.add { [log = setup.log] in
            log.warning(
                "a cancellation became a review", [("shop", .text(shop)), ("verification", .text(verification.text))])
        }
    }
}
