import Glibc

/// Where the time comes from, as a value: milliseconds, since 1970 unless a clock says otherwise. Tests pass
/// ``ManualClock``'s.
public struct Clock: Sendable {
    public let now: @Sendable () -> Int64

    public init(now: @escaping @Sendable () -> Int64) {
        self.now = now
    }

    /// The machine's real-time clock.
    public static let system = Clock {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    /// Milliseconds since the machine started: never set back, so that a deadline stays what it is.
    public static let monotonic = Clock { Ticks.now() / 1_000_000 }
}
