/// When a shop's owner takes back what it wrote: pure, from the ledger and the months of the counts.
extension Intake {
    /// How long a `skipped` outcome stands. The ledger must live longer: it alone knows which outcomes there are.
    public static let skippedKeptMs: Int64 = 5 * 24 * 3_600_000
    /// How many whole months counts are kept after their own.
    public static let usageKeptMonths = 12

    /// The order's `skipped` outcome is to be taken back.
    public struct Retirement: Equatable, Sendable {
        /// What is left of the ledger entry; nil where it goes with its outcome.
        public var entry: OrderEntry?
    }

    /// What has come to the end of its time; nil where nothing has.
    ///
    /// The entry of a skipped order goes with the outcome. That of a request which followed `no_phone` stays, for its
    /// notices; it only forgets that there was an outcome.
    public static func retire(_ entry: OrderEntry, now: Int64) -> Retirement? {
        let isSkipped = entry.skipped != nil
        guard let told = isSkipped ? entry.seenAt : entry.skippedAt, now - told >= skippedKeptMs else { return nil }
        guard !isSkipped else { return Retirement(entry: nil) }
        var rest = entry
        rest.skippedAt = nil
        return Retirement(entry: rest)
    }

    /// Whether counts of `month` have been kept long enough; both months as `2026-11`. What is no month never is.
    public static func isUsageOver(month: String, thisMonth: String) -> Bool {
        guard let counted = monthNumber(month), let current = monthNumber(thisMonth) else { return false }
        return current - counted > usageKeptMonths
    }

    private static func monthNumber(_ text: String) -> Int? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let year = Int(parts[0]), let month = Int(parts[1]), (1...12).contains(month) else {
            return nil
        }
        return year * 12 + month
    }
}
