import Glibc

/// Monotonic time in nanoseconds since the machine started: never set back.
public enum Ticks {
    public static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// From zero to a thousand million seconds, which what is beyond is cut to.
    public static func of(seconds: Double) -> Int64 {
        Int64(min(max(seconds, 0), 1e9) * 1e9)
    }

    public static func of(_ duration: Duration) -> Int64 {
        of(seconds: duration.seconds)
    }
}
