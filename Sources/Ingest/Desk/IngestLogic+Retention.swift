import Kafka
import Model
import Pipeline

/// What is kept for a time only and stands where nothing else removes it: skipped outcomes, counts, numbers verified
/// before, in compacted topics. They are found in the ledger and in the other tables, which a restart brings back, and leave in one
/// settlement with the row that told of them.
extension IngestLogic {
    /// A look at everything: for now and then.
    func outlived(now: Int64) -> [RetentionBacklog.Item] {
        var items: [RetentionBacklog.Item] = []
        orders.forEach { key, entry in
            if Intake.retire(entry, now: now) != nil { items.append(.order(key)) }
        }
        let thisMonth = UsageKey.month(of: now)
        usage.forEach { key, _ in
            if Intake.isUsageOver(month: key.month, thisMonth: thisMonth) { items.append(.usage(key)) }
        }
        return items + outlivedCustomers(now: now)
    }

    /// Tombstones for the next of what was found, judged once more: it may have changed since.
    func takeBack(now: Int64) -> [StagedRecord] {
        let items = backlog.take()
        guard !items.isEmpty else { return [] }
        let thisMonth = UsageKey.month(of: now)
        var staged: [StagedRecord] = []
        for item in items {
            switch item {
            case .order(let key): staged += retire(key, now: now)
            case .usage(let key):
                guard usage[key] != nil, Intake.isUsageOver(month: key.month, thisMonth: thisMonth) else { continue }
                usage.set(key, nil)
                tally.add(setup.metrics.retiredCounts)
            case .customer(let key): retire(key, now: now)
            }
        }
        return staged + rows()
    }

    /// Of a shop that is gone only the entry is left to remove: its outcomes were taken back before its record was.
    private func retire(_ key: OrderKey, now: Int64) -> [StagedRecord] {
        guard let retirement = orders[key].flatMap({ Intake.retire($0, now: now) }) else { return [] }
        orders.set(key, retirement.entry)
        guard let platform = shops[key.shop]?.platform else { return [] }
        tally.add(setup.metrics.retiredOutcomes)
        return [StagedRecord(.effect, skippedTombstone(key, platform: platform))]
    }
}
