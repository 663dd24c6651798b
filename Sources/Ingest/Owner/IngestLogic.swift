import Base
import Kafka
import Model
import Pipeline
import Platforms
import Runtime
import Security

/// Ingest's desk for one partition of `otp.webhooks`: decides with the model's pure functions about the shops and
/// orders of that partition, and turns decisions into rows of its tables, requests, commands and outcomes.
///
/// A message that can't be read goes to the dead letters; it never stops the partition. One that was applied before is
/// passed over.
final class IngestLogic: DeskLogic {
    struct Setup: Sendable {
        let topology: Topology
        let keyring: Keyring
        let identity: IdentityKey
        /// False: every cancellation becomes a review.
        let mayCancel: Bool
        /// Texts a day for shops in their first 30 days that have no cap of their own; 0 is none.
        var newShopCap = 0
        var planLimits = PlanLimits.standard
        /// Nil where nothing is to be asked of platforms.
        var keeper: ShopKeeper?
        /// Whether a shop of that name is known, in any partition.
        var isOurs: @Sendable (String) -> Bool = { _ in false }
        /// Whether a shop of ours beside this one, in any partition, has said that a number (gid) is its own.
        var isOfAnother: @Sendable (_ number: String, _ shop: String) -> Bool = { _, _ in false }
        let metrics: IngestMetrics
        let log: Log
        /// For metrics and housekeeping; decisions know only the messages' own times.
        let clock: Clock
    }

    /// Longer than any row of the ledger is kept.
    static let ledgerMs: Int64 = 8 * 24 * 3_600_000
    private static let housekeepingMs: Int64 = 600_000
    private static let lookMs: Int64 = 1_000

    let setup: Setup
    private let lane: Lane
    var shops = UndoTable<String, ShopRecord>()
    var orders = UndoTable<OrderKey, OrderEntry>()
    var usage = UndoTable<UsageKey, UsageRecord>()
    var customers = UndoTable<CustomerKey, CustomerRecord>()
    var cancels = CancelWindow()
    var dailyTexts = DailyTexts()
    var tally = Tally()
    /// The series this lane has counted in so far: asking for one takes the registry's lock, which all lanes share.
    private var decisions: [IngestMetrics.Decision: Counter] = [:]
    let months = ShopMonths()
    /// Rows of counts that the message under way has changed.
    var touchedUsage: Set<UsageKey> = []
    /// The offset of the last message that brought a gateway to ask about.
    var passedAt: Int64?
    private var beats = Beats()
    var backlog = RetentionBacklog()
    private var isCaughtUp = false
    private var highestApplied: Int64?
    private var housekeptAt: Int64 = 0
    private var lookedAt: Int64 = 0

    init(lane: Lane, setup: Setup) {
        self.lane = lane
        self.setup = setup
    }

    // MARK: Restore

    func restore(_ row: IncomingRecord) {
        guard !Wire.isBeat(row) else { return }
        do throws(WireProblem) {
            let key = try Wire.key(of: row)
            switch row.topic {
            case setup.topology.name(Catalogue.shops): try restore(row, key, in: &shops, \.applied)
            case setup.topology.name(Catalogue.orders): try restore(row, OrderKey(key), in: &orders, \.applied)
            case setup.topology.name(Catalogue.usage): try restore(row, UsageKey(key), in: &usage, \.applied)
            case setup.topology.name(Catalogue.customers):
                try restore(row, CustomerKey(key), in: &customers, \.applied)
            default: throw WireProblem("a row of a foreign table")
            }
        } catch {
            setup.metrics.unreadableRows.add()
        }
    }

    /// For one key the highest applied offset wins.
    private func restore<Key: Hashable, Value: Decodable & Plausible>(
        _ row: IncomingRecord, _ key: Key?, in table: inout UndoTable<Key, Value>, _ applied: KeyPath<Value, Int64>
    ) throws(WireProblem) {
        guard let key else { throw WireProblem("not a key of this table") }
        guard row.value != nil else { return table.restore(key, nil) }
        let value = try Wire.decode(Value.self, from: row)
        highestApplied = max(highestApplied ?? -1, value[keyPath: applied])
        if let known = table[key], known[keyPath: applied] > value[keyPath: applied] { return }
        table.restore(key, value)
    }

    func restored(now: Int64) {
        orders.forEach { key, entry in
            dailyTexts.restore(key.shop, entry)
            guard entry.settled == .cancel, let at = entry.settledAt else { return }
            cancels.restore(key.shop, at: at)
        }
        cancels.prune(now: now)
        dailyTexts.prune(now: now)
    }

    func appliedOffset() -> Int64? { highestApplied }

    // MARK: Decide

    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        var staged: [StagedRecord] = []
        for record in batch where !Wire.isBeat(record) {
            defer { lane.step() }
            do throws(WireProblem) {
                staged += try take(record)
            } catch {
                staged += bury(record, reason: error.reason)
            }
        }
        return staged + rows()
    }

    private func take(_ record: IncomingRecord) throws(WireProblem) -> [StagedRecord] {
        touchedUsage = []
        let shop = try Wire.key(of: record)
        guard ShopName.validate(shop) == shop else { throw WireProblem("the key is not a shop") }
        switch try WebhookMessage(record) {
        case .webhook(let webhook): return try take(webhook, shop, record)
        case .notice(let notice): return take(notice, shop, record)
        case .shopKey(let request): return try take(request, shop, record)
        case .shopPut(let put): return take(put, shop, record)
        case .shopPatch(let patch): return take(patch, shop, record)
        case .shopInstall(let install): return take(install, shop, record)
        case .shopReport(let report): return take(report, shop, record)
        case .polled(let page): return try take(page, shop, record)
        case .shopDelete: return removeShop(shop, record)
        }
    }

    func counter(of effect: Intake.Effect) -> Counter {
        guard let decision = IngestMetrics.Decision(effect) else { return setup.metrics.braked }
        if let known = decisions[decision] { return known }
        let counter = setup.metrics.decided(decision)
        decisions[decision] = counter
        return counter
    }

    // MARK: Time and verdicts of the desk

    func tick(now: Int64) -> [StagedRecord] {
        if now - housekeptAt >= Self.housekeepingMs {
            housekeptAt = now
            // Never an entry whose outcome still stands: nothing else would know that outcome.
            orders.forget { _, entry in
                entry.seenAt < now - Self.ledgerMs && Intake.retire(entry, now: now) == nil
            }
            cancels.prune(now: now)
            dailyTexts.prune(now: now)
            if isCaughtUp { backlog.refill(outlived(now: now)) }
        }
        if isCaughtUp, now - lookedAt >= Self.lookMs {
            lookedAt = now
            setup.keeper?.look(lane.partition, now: now, shops.forEach)
        }
        return beats.due(now: now, partition: lane.partition, setup.topology) + takeBack(now: now)
    }

    /// From here on what has outlived its time is taken back. Not earlier: the messages that waited while nobody was
    /// here are decided by their own times, and may repeat an order whose entry is old by the clock's.
    func caughtUp(now: Int64) {
        isCaughtUp = true
        backlog.refill(outlived(now: now))
    }

    func committed() {
        shops.commit()
        orders.commit()
        usage.commit()
        customers.commit()
        cancels.commit()
        dailyTexts.commit()
        beats.commit()
        backlog.commit()
        tally.commit()
    }

    func rolledBack() {
        shops.rollback()
        orders.rollback()
        usage.rollback()
        customers.rollback()
        cancels.rollback()
        dailyTexts.rollback()
        beats.rollback()
        backlog.rollback()
        tally.rollback()
    }

    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] {
        tally.add(setup.metrics.deadLetters)
        if message.header("topic").map(ShopifyDelivery.privacyTopics.contains) == true {
            tally.add(setup.metrics.privacyDeadLetters)
        }
        let letter = DeadLetter.record(
            message, reason: reason, daemon: "otp-ingest", setup.keyring, setup.topology)
        return [StagedRecord(.effect, letter)]
    }

    func closed() { setup.keeper?.forget(lane.partition) }
}
