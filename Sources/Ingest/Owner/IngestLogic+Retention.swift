import Kafka
import Model
import Pipeline

/// What is kept for a time only and stands where nothing else removes it: skipped outcomes, counts, numbers verified
/// before, in compacted topics. They are found in the ledger and in the other tables, which a restart brings back, and
/// leave in one settlement with the row that told of them.
extension IngestLogic {
    /// A look at everything: for now and then.
    func outlived(now: Int64) -> [RetentionBacklog.Item] {
        var items: [RetentionBacklog.Item] = []
        orders.forEach { key, entry in
            if isOrphan(of: key.shop, applied: entry.applied) || Intake.retire(entry, now: now) != nil {
                items.append(.order(key))
            }
        }
        let thisMonth = months.month(of: now, in: nil)
        usage.forEach { key, row in
            if isOver(key, row, thisMonth: thisMonth) { items.append(.usage(key)) }
        }
        return items + outlivedCustomers(now: now)
    }

    /// Everything that stands in the tables of a shop's, for its removal.
    func leftovers(of shop: String) -> [RetentionBacklog.Item] {
        var items: [RetentionBacklog.Item] = []
        orders.forEach { key, _ in if key.shop == shop { items.append(.order(key)) } }
        usage.forEach { key, _ in if key.shop == shop { items.append(.usage(key)) } }
        return items + leftoverCustomers(of: shop)
    }

    /// Tombstones for the next of what was found, judged once more: it may have changed since.
    func takeBack(now: Int64) -> [StagedRecord] {
        let items = backlog.take()
        guard !items.isEmpty else { return [] }
        let thisMonth = months.month(of: now, in: nil)
        var staged: [StagedRecord] = []
        for item in items {
            switch item {
            case .order(let key): staged += retire(key, now: now)
            case .usage(let key):
                guard let row = usage[key], isOver(key, row, thisMonth: thisMonth) else { continue }
                usage.set(key, nil)
                tally.add(setup.metrics.retiredCounts)
            case .customer(let key): retire(key, now: now)
            }
        }
        return staged + rows()
    }

    private func retire(_ key: OrderKey, now: Int64) -> [StagedRecord] {
        guard let entry = orders[key] else { return [] }
        if isOrphan(of: key.shop, applied: entry.applied) {
            orders.set(key, nil)
        } else {
            guard let retirement = Intake.retire(entry, now: now) else { return [] }
            orders.set(key, retirement.entry)
        }
        tally.add(setup.metrics.retiredOutcomes)
        return [StagedRecord(.effect, skippedTombstone(key))]
    }

    private func isOver(_ key: UsageKey, _ row: UsageRecord, thisMonth: String) -> Bool {
        isOrphan(of: key.shop, applied: row.applied) || Intake.isUsageOver(month: key.month, thisMonth: thisMonth)
    }
}
