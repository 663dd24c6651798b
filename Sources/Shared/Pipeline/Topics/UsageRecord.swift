import Model

/// A shop's counts of one month; the value of `otp.usage`.
public struct UsageRecord: Codable, Equatable, Sendable {
    public var counts: [String: Int]
    /// The highest offset of `otp.webhooks` these counts have applied.
    public var applied: Int64
    /// When a share of the plan's limit was reached, by the share in percent (`"80"`, `"100"`); milliseconds since
    /// 1970.
    public var reached: [String: Int64]?
    /// The limit as it was when it was last counted against; nil is none.
    public var limit: Int?

    public init(counts: [String: Int] = [:], applied: Int64 = -1) {
        self.counts = counts
        self.applied = applied
    }

    public subscript(counter: UsageCounter) -> Int {
        get { counts[counter.rawValue] ?? 0 }
        set { counts[counter.rawValue] = newValue }
    }
}
