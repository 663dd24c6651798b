/// When each shop was given cancellations, for the brake. Follows the ledger: made from it at restore, and what was
/// added since the last commit can be taken back.
struct CancelWindow {
    static let lengthMs: Int64 = 3_600_000

    private var times: [String: [Int64]] = [:]
    private var added: [(shop: String, at: Int64)] = []

    mutating func restore(_ shop: String, at time: Int64) {
        times[shop, default: []].append(time)
    }

    mutating func add(_ shop: String, at time: Int64) {
        restore(shop, at: time)
        added.append((shop, time))
    }

    /// Those in the hour before `now`.
    func count(_ shop: String, now: Int64) -> Int {
        times[shop]?.count { $0 > now - Self.lengthMs } ?? 0
    }

    mutating func commit() { added.removeAll(keepingCapacity: true) }

    mutating func rollback() {
        for (shop, time) in added {
            if let index = times[shop]?.lastIndex(of: time) { times[shop]?.remove(at: index) }
        }
        commit()
    }

    /// Forgets what no message can ask for any longer; an input that lags by an hour is still judged exactly.
    mutating func prune(now: Int64) {
        for (shop, all) in times {
            let recent = all.filter { $0 > now - 2 * Self.lengthMs }
            if recent.count < all.count { times[shop] = recent.isEmpty ? nil : recent }
        }
    }
}
