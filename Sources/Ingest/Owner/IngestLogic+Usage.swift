import Kafka
import Model
import Pipeline

/// The counts of a shop's months, and what a merchant is told of them.
extension IngestLogic {
    /// The counts of the month, where the shop is, that the message is in.
    func usageKey(_ shop: String, _ record: IncomingRecord) -> UsageKey {
        let zone = shops[shop]?.installation?.profile?.timeZone
        return UsageKey(shop: shop, month: months.month(of: record.timestamp, in: zone))
    }

    /// Each message counts once in a row, whatever it counts there.
    func count(_ counters: [UsageCounter], _ shop: String, _ record: IncomingRecord) {
        guard !counters.isEmpty else { return }
        change(usageKey(shop, record), record) { row in
            for counter in counters { row[counter] += 1 }
            if counters.contains(.charged) { noteShares(&row, shop, record) }
        }
    }

    /// What the month counts against the limit. A row that has applied this message already was written before a crash:
    /// the order was let in then, and is again.
    func used(_ key: UsageKey, _ record: IncomingRecord) -> Int {
        guard let row = usage[key], !isOrphan(of: key.shop, applied: row.applied),
            row.applied < record.offset || touchedUsage.contains(key)
        else {
            return 0
        }
        return row[.charged]
    }

    /// For a month that is full without having been counted so far: the limit has come down.
    func tellShares(_ shop: String, _ record: IncomingRecord) {
        let key = usageKey(shop, record)
        guard var row = usage[key], row.applied < record.offset else { return }
        let before = row
        noteShares(&row, shop, record)
        guard row != before else { return }
        row.applied = record.offset
        usage.set(key, row)
    }

    private func noteShares(_ row: inout UsageRecord, _ shop: String, _ record: IncomingRecord) {
        guard let installation = shops[shop]?.installation else { return }
        let limit = setup.planLimits.limit(installation)
        // Another limit has shares of its own.
        if row.limit != limit { row.reached = nil }
        row.limit = limit
        for share in setup.planLimits.reached(installation, used: row[.charged])
        where row.reached?[String(share)] == nil {
            row.reached = (row.reached ?? [:]).merging([String(share): record.timestamp]) { $1 }
            reportReached(share, shop)
        }
    }

    /// An order whose text could not be sent counts against no limit.
    func giveBack(_ month: String, _ shop: String, _ record: IncomingRecord) {
        let key = UsageKey(shop: shop, month: month)
        guard let row = usage[key], !isOrphan(of: key.shop, applied: row.applied) else { return }
        change(key, record) { $0[.charged] = max(0, $0[.charged] - 1) }
    }

    /// A row that has applied the message already was written before a crash, unless it was this decision that did.
    private func change(_ key: UsageKey, _ record: IncomingRecord, _ body: (inout UsageRecord) -> Void) {
        var row = usage[key].flatMap { isOrphan(of: key.shop, applied: $0.applied) ? nil : $0 } ?? UsageRecord()
        guard row.applied < record.offset || touchedUsage.contains(key) else { return }
        body(&row)
        row.applied = record.offset
        touchedUsage.insert(key)
        usage.set(key, row)
    }

    private func reportReached(_ share: Int, _ shop: String) {
        let counter = setup.metrics.planShare(share)
        tally.add { [log = setup.log] in
            counter.add()
            log.info(
                "a shop has used a share of its plan's month", [("shop", .text(shop)), ("percent", .number(share))])
        }
    }
}
