import Kafka
import Model
import Pipeline
import Security

/// Verifier's desk for one partition of `otp.attempts`: decides with the model's pure functions, compares hashes on the
/// pool, and turns events into records, outcomes, verdicts and requests.
///
/// Everything a message leads to is handed to the desk together, so that no verdict leaves before its count is
/// committed. A message that can't be read goes to the dead letters; it never stops the partition.
final class VerifierLogic: DeskLogic {
    let topology: Topology
    let keyring: Keyring
    private let pool: HashPool
    private let metrics: VerifierMetrics
    private let lane: Lane
    private let table = VerificationTable()
    private var presence = Presence()
    private var highestApplied: Int64?
    private var forgetAt: Int64 = 0

    init(
        lane: Lane, topology: Topology, keyring: Keyring, pool: HashPool, metrics: VerifierMetrics
    ) {
        self.lane = lane
        self.topology = topology
        self.keyring = keyring
        self.pool = pool
        self.metrics = metrics
    }

    // MARK: Restore

    func restore(_ row: IncomingRecord) {
        guard !Wire.isBeat(row) else { return presence.restore(row) }
        guard let id = row.key.flatMap({ VerificationID(String(decoding: $0, as: UTF8.self)) }) else {
            return metrics.unreadableRows.add()
        }
        guard row.value != nil else { return table.restore(id, nil) }
        do throws(WireProblem) {
            let verification = try Wire.decode(Verification.self, from: row)
            highestApplied = max(highestApplied ?? -1, verification.applied)
            // For one key the highest applied offset wins.
            if let known = table[id], known.applied > verification.applied { return }
            table.restore(id, verification)
        } catch {
            metrics.unreadableRows.add()
        }
    }

    func restored(now: Int64) {
        presence.resume(now: now)
    }

    func appliedOffset() -> Int64? { highestApplied }

    // MARK: Decide

    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        var staged: [StagedRecord] = []
        var waiting: [Item] = []
        for record in batch where !Wire.isBeat(record) {
            do throws(WireProblem) {
                waiting.append(try Item(record))
            } catch {
                staged += bury(record, reason: error.reason)
            }
        }
        while !waiting.isEmpty { waiting = round(waiting, &staged) }
        for id in table.changed { staged.append(recordOf(id)) }
        return staged
    }

    /// Decides what can be decided now; the guesses that need a hash are compared on the pool all at once, one for
    /// each verification. Returns the messages that have to wait for such a guess before them.
    private func round(_ items: [Item], _ staged: inout [StagedRecord]) -> [Item] {
        var comparing: [VerificationID: Comparison] = [:]
        var order: [VerificationID] = []
        var later: [Item] = []
        for item in items {
            if comparing[item.id] != nil {
                later.append(item)
            } else if let comparison = comparison(for: item) {
                comparing[item.id] = comparison
                order.append(item.id)
            } else {
                staged += take(item, comparison: .notMade)
                lane.step()
            }
        }
        let results = pool.map(order.compactMap { comparing[$0] }) { comparison in
            Bcrypt.verify(comparison.mac, against: comparison.hash)
        }
        metrics.comparisons.add(results.count)
        for (id, isSame) in zip(order, results) {
            guard let comparison = comparing[id] else { continue }
            staged += take(comparison.item, comparison: isSame ? .same : .different)
            lane.step()
        }
        return later
    }

    private func comparison(for item: Item) -> Comparison? {
        guard case .guess(let ask) = item.message, let state = table[item.id], !isReplay(item, state),
            !isForeign(item, state)
        else {
            return nil
        }
        guard let fingerprint = ask.fingerprints[state.subject.keyId],
            let hash = state.hashToCompare(
                with: Guess(fingerprint: Fingerprint.short(fingerprint), digits: ask.digits),
                now: item.record.timestamp),
            let mac = Fingerprint.bytes(fingerprint)
        else { return nil }
        return Comparison(item: item, mac: mac, hash: hash)
    }

    private func isReplay(_ item: Item, _ state: Verification) -> Bool {
        state.applied >= item.record.offset
    }

    /// Asked in the name of another shop than the verification's.
    private func isForeign(_ item: Item, _ state: Verification) -> Bool {
        item.ask?.shop.map { $0 != state.subject.shop } ?? false
    }

    private func take(_ item: Item, comparison: Guess.Comparison) -> [StagedRecord] {
        let before = table[item.id]
        if let before, isReplay(item, before) {
            metrics.replays.add()
            return []
        }
        let now = item.record.timestamp
        if let before, isForeign(item, before) {
            return effects(of: .answered(.unknown), item: item, before: nil, after: nil, now: now)
        }
        let command = item.message.command(
            keyId: before?.subject.keyId, comparison: comparison, attendedSince: presence.since)
        let events = Verification.decide(before, command, now: now)
        var state = before
        var staged: [StagedRecord] = []
        for event in events {
            let next = Verification.apply(state, event, now: now, offset: item.record.offset)
            staged += effects(of: event, item: item, before: state, after: next, now: now)
            state = next
        }
        if state != before || events.contains(where: { if case .erased = $0 { true } else { false } }) {
            table.set(item.id, state)
        }
        metrics.count(events)
        return staged
    }

    private func recordOf(_ id: VerificationID) -> StagedRecord {
        StagedRecord(
            .state,
            Wire.record(
                Catalogue.records, topology, key: id.text, type: "verification", value: table[id].map(Wire.encode)))
    }

    // MARK: Time and verdicts of the desk

    func tick(now: Int64) -> [StagedRecord] {
        if now >= forgetAt {
            table.forget { $0.isOver && now - $0.lastEventAt > Self.rememberedMs }
            forgetAt = now + 3_600_000
        }
        return presence.beats(now: now, partition: lane.partition, topology)
    }

    /// What ended this long ago is older than every message about it; a restart does not read it either.
    static let rememberedMs: Int64 = 8 * 24 * 3_600_000

    func caughtUp(now: Int64) {}

    func committed() {
        table.commit()
        presence.commit()
    }

    func rolledBack() {
        table.rollback()
        presence.rollback()
    }

    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] {
        metrics.deadLetters.add()
        let letter = DeadLetter.record(message, reason: reason, daemon: "otp-verifier", keyring, topology)
        return [StagedRecord(.effect, letter)]
    }

    func closed() {}

    /// Those in memory: the open ones, and the ended ones for eight days.
    var remembered: Int { table.count }
}

extension Verification {
    /// Ended, and nothing is left to be done at the shop.
    fileprivate var isOver: Bool { status != .pending && (settlement == nil || settlement?.result != nil) }

    /// No earlier than its end and its settlement's.
    fileprivate var lastEventAt: Int64 { max(statusAt, settlement?.settledAt ?? statusAt) }
}
