/// Which of the assigned partitions is to be swept when: every six hours, and at once when an erasure has arrived that
/// its last whole sweep did not know.
struct SweepPlan {
    static let everyMs: Int64 = 6 * 3_600_000
    /// After the assignment, so that a restart does not begin with reading everything twice at once.
    static let firstAfterMs: Int64 = 60_000
    static let retryMs: Int64 = 60_000

    private struct Entry {
        var nextAt: Int64
        /// The number of erasures its last whole sweep knew.
        var generation = 0
        /// Not before this, whatever has arrived: the last sweep broke off.
        var notBefore: Int64 = .min
    }

    private var entries: [Int32: Entry] = [:]

    mutating func assign(_ partitions: [Int32], now: Int64) {
        let kept = Set(partitions)
        entries = entries.filter { kept.contains($0.key) }
        for partition in partitions where entries[partition] == nil {
            entries[partition] = Entry(nextAt: now + Self.firstAfterMs)
        }
    }

    /// The partition that has waited longest, if any is due.
    func next(now: Int64, generation: Int) -> Int32? {
        entries.filter { now >= $0.value.notBefore && ($0.value.generation < generation || now >= $0.value.nextAt) }
            .min { ($0.value.nextAt, $0.key) < ($1.value.nextAt, $1.key) }?.key
    }

    mutating func finished(_ partition: Int32, isWhole: Bool, generation: Int, now: Int64) {
        guard var entry = entries[partition] else { return }
        if isWhole {
            entry = Entry(nextAt: now + Self.everyMs, generation: generation)
        } else {
            entry.notBefore = now + Self.retryMs
        }
        entries[partition] = entry
    }
}
