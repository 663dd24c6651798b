/// A rate as a virtual schedule (GCRA, ITU-T I.371 annex A): each text gets the moment at which it may leave, up to a
/// second's worth at once. Pure, `now` in milliseconds since 1970.
struct Pace: Equatable, Sendable {
    /// Texts a second; 0 is no bound.
    private let rate: Double
    /// What of the rate is ours: the account's is shared by all instances, by the partitions that each one owns.
    var share = 1.0
    /// When the schedule is free again.
    private var freeAt = 0.0

    init(rate: Int) {
        self.rate = Double(rate)
    }

    /// When the text may leave: now or later. Its place is taken whether it is used or not.
    mutating func place(now: Int64) -> Int64 {
        guard rate > 0 else { return now }
        let interval = 1000 / max(rate * share, 0.01)
        let burst = max(1000, interval)
        freeAt = max(freeAt, Double(now) - burst)
        freeAt += interval
        return max(now, Int64(freeAt.rounded(.up)))
    }
}
