import Kafka
import Model
import Pipeline

extension IngestLogic {
    func take(_ notice: Notice, _ shop: String, _ record: IncomingRecord) -> [StagedRecord] {
        let key = OrderKey(shop: shop, order: notice.order)
        return decide(.noticed(notice), key, notice.verification, record) { _ in [] }
    }

    /// Decides about one order and takes the decision over into the ledger, the counts and the brake.
    ///
    /// - Parameter onOrder: what a request or a skip leads to; a notice leads to neither.
    func decide(
        _ command: Intake.Command, _ key: OrderKey, _ verification: VerificationID, _ record: IncomingRecord,
        onOrder: (Intake.Effect) -> [StagedRecord]
    ) -> [StagedRecord] {
        let (now, before) = (record.timestamp, orders[key])
        guard (before?.applied ?? -1) < record.offset else {
            tally.add(setup.metrics.replays)
            return []
        }
        let view = Intake.View(
            shop: shops[key.shop], entry: before, cancelsInLastHour: cancels.count(key.shop, now: now),
            mayCancel: setup.mayCancel, textsToday: dailyTexts.count(key.shop, now: now),
            newShopCap: setup.newShopCap, isVerifiedBefore: wasVerified(command, key.shop, now: now))
        let decision = Intake.decide(command, view, now: now, offset: record.offset)
        if let entry = decision.entry {
            orders.set(key, entry)
            dailyTexts.follow(key.shop, from: before, to: entry)
            learnShipping(command, key.shop, offset: record.offset)
            rememberVerified(command, key, entry, record)
            if entry.settled == .cancel, before?.settled == nil { cancels.add(key.shop, at: now) }
        }
        var staged: [StagedRecord] = []
        for effect in decision.effects {
            tally.add(setup.metrics.decided(effect))
            switch effect {
            case .request, .skip: staged += onOrder(effect)
            case .tellCancelled(let id):
                staged.append(StagedRecord(.effect, AttemptMessage.orderCancelled.record(id, setup.topology)))
            case .settle(let id, let action):
                staged.append(StagedRecord(.effect, AttemptMessage.settle(action).record(id, setup.topology)))
            case .count(let counter): count(counter, key.shop, record)
            case .braked: reportBrake(key.shop, verification)
            case .ignore: break
            }
        }
        return staged
    }

    private func learnShipping(_ command: Intake.Command, _ shop: String, offset: Int64) {
        guard case .orderPlaced(let facts, _) = command, !facts.isTest, let country = facts.shippingCountry,
            let next = shops[shop]?.shipping(to: country, offset: offset)
        else { return }
        shops.set(shop, next)
    }

    private func count(_ counter: UsageCounter, _ shop: String, _ record: IncomingRecord) {
        let key = UsageKey(shop: shop, time: record.timestamp)
        var row = usage[key] ?? UsageRecord()
        guard row.applied < record.offset else { return }
        row[counter] += 1
        row.applied = record.offset
        usage.set(key, row)
    }

    private func reportBrake(_ shop: String, _ verification: VerificationID) {
        tally.add { [log = setup.log] in
            log.warning(
                "a cancellation became a review", [("shop", .text(shop)), ("verification", .text(verification.text))])
        }
    }
}
