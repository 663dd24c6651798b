import Model

/// How many texts each shop's orders of a day led to, for the daily cap. Follows the ledger: made from it at restore,
/// and what was added since the last commit can be taken back.
struct DailyTexts {
    private static let dayMs: Int64 = 24 * 3_600_000

    private var counts: [String: [Int64: Int]] = [:]
    private var added: [(shop: String, day: Int64, texts: Int)] = []

    mutating func restore(_ shop: String, _ entry: OrderEntry) {
        for (day, texts) in Self.days(of: entry) { change(shop, day, by: texts) }
    }

    /// - Parameter before: the order's entry until now.
    mutating func follow(_ shop: String, from before: OrderEntry?, to entry: OrderEntry) {
        let (old, new) = (before.map(Self.days) ?? [:], Self.days(of: entry))
        for day in Set(old.keys).union(new.keys) {
            let texts = (new[day] ?? 0) - (old[day] ?? 0)
            guard texts != 0 else { continue }
            change(shop, day, by: texts)
            added.append((shop, day, texts))
        }
    }

    func count(_ shop: String, now: Int64) -> Int { counts[shop]?[Self.day(now)] ?? 0 }

    mutating func commit() { added.removeAll(keepingCapacity: true) }

    mutating func rollback() {
        for (shop, day, texts) in added { change(shop, day, by: -texts) }
        commit()
    }

    /// Forgets what no message can ask for any longer; an input that lags by a day is still judged exactly.
    mutating func prune(now: Int64) {
        for (shop, days) in counts {
            let recent = days.filter { $0.key >= Self.day(now) - 1 && $0.value > 0 }
            if recent.count < days.count { counts[shop] = recent.isEmpty ? nil : recent }
        }
    }

    private mutating func change(_ shop: String, _ day: Int64, by texts: Int) {
        guard texts != 0 else { return }
        counts[shop, default: [:]][day, default: 0] += texts
    }

    /// The first text and its resends count on the order's day, each one to another number on its own.
    private static func days(of entry: OrderEntry) -> [Int64: Int] {
        var days = [day(entry.seenAt): entry.texts]
        for change in entry.phoneChanges ?? [] { days[day(change.at), default: 0] += 1 }
        return days
    }

    private static func day(_ time: Int64) -> Int64 { time / dayMs }
}
