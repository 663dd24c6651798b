import Model

/// A shop's counts of one month; the value of `otp.usage`.
public struct UsageRecord: Codable, Equatable, Sendable {
    public var counts: [String: Int]
    /// The highest offset of `otp.webhooks` these counts have applied.
    public var applied: Int64

    public init(counts: [String: Int] = [:], applied: Int64 = -1) {
        self.counts = counts
        self.applied = applied
    }

    public subscript(counter: UsageCounter) -> Int {
        get { counts[counter.rawValue] ?? 0 }
        set { counts[counter.rawValue] = newValue }
    }
}
