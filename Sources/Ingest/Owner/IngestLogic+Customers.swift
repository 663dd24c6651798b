import Kafka
import Model
import Pipeline

/// Numbers verified before, of the shops that ask for that once (`skipVerified`): rows of `otp.customers`, because the
/// ledger reaches back a week only and the owner decides from its own tables alone.
extension IngestLogic {
    /// Whether the number of the order that a command speaks of was verified for the shop.
    ///
    /// What a later message wrote, before a crash, is not known yet.
    func wasVerified(_ command: Intake.Command, _ shop: String, _ record: IncomingRecord) -> Bool {
        let facts: OrderFacts
        switch command {
        case .orderPlaced(let placed, _): facts = placed
        case .orderUpdated(let updated, _): facts = updated
        case .orderCancelled, .noticed: return false
        }
        let row = facts.phoneHash.flatMap { customers[CustomerKey(shop: shop, phoneHash: $0)] }
        return row.map {
            $0.applied < record.offset && !$0.isOver(now: record.timestamp) && !isLeftOver($0, shop)
        } ?? false
    }

    /// Takes the word that an order was verified, where the shop wants it remembered.
    ///
    /// - Parameter entry: the order's, after the decision that counted the word.
    func rememberVerified(_ command: Intake.Command, _ key: OrderKey, _ entry: OrderEntry, _ record: IncomingRecord) {
        guard case .noticed(let notice) = command, notice.outcome == .verified,
            let phoneHash = notice.phoneHash ?? entry.phoneHash,
            shops[key.shop]?.installation?.settings.skipVerified == true
        else { return }
        let customer = CustomerKey(shop: key.shop, phoneHash: phoneHash)
        let known = customers[customer].flatMap { isLeftOver($0, key.shop) ? nil : $0 }
        customers.set(
            customer,
            .verified(
                known, order: key.order, customerHash: entry.customerHash, at: record.timestamp, offset: record.offset))
    }

    /// Forgets who is named by number, by customer or by an order; `rows()` tells the log.
    func forgetCustomers(shop: String, phoneHashes: [String], customerHash: String?, orders: [String]) {
        let (hashes, orders) = (Set(phoneHashes), Set(orders))
        let meant = customerKeys { key, row in
            key.shop == shop
                && (hashes.contains(key.phoneHash) || row.concerns(customerHash: customerHash, orders: orders))
        }
        for key in meant { customers.set(key, nil) }
    }

    /// Forgets a shop's customers, because it no longer wants to know them: some at a time.
    func forgetCustomers(of shop: String) { backlog.add(leftoverCustomers(of: shop)) }

    func leftoverCustomers(of shop: String) -> [RetentionBacklog.Item] {
        customerKeys { key, _ in key.shop == shop }.map(RetentionBacklog.Item.customer)
    }

    private func customerKeys(where isMeant: (CustomerKey, CustomerRecord) -> Bool) -> [CustomerKey] {
        var keys: [CustomerKey] = []
        customers.forEach { key, row in if isMeant(key, row) { keys.append(key) } }
        return keys
    }

    // MARK: Retention

    func outlivedCustomers(now: Int64) -> [RetentionBacklog.Item] {
        customerKeys { key, row in row.isOver(now: now) || isLeftOver(row, key.shop) }
            .map(RetentionBacklog.Item.customer)
    }

    func retire(_ key: CustomerKey, now: Int64) {
        guard let row = customers[key], row.isOver(now: now) || isLeftOver(row, key.shop) else { return }
        customers.set(key, nil)
        tally.add(setup.metrics.retiredCustomers)
    }

    /// Nobody's, or a shop's that no longer wants to know.
    private func isLeftOver(_ row: CustomerRecord, _ shop: String) -> Bool {
        isOrphan(of: shop, applied: row.applied) || shops[shop]?.installation?.settings.skipVerified != true
    }
}
