import Glibc

/// A point in time on the monotonic clock.
public struct Deadline: Sendable, Comparable {
    /// As ``Ticks`` counts them.
    public let nanoseconds: Int64

    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    public static func after(_ duration: Duration) -> Deadline {
        let added = Ticks.now().addingReportingOverflow(duration.nanoseconds)
        return Deadline(nanoseconds: added.overflow ? Int64.max : added.partialValue)
    }

    /// The end of the interval that is under way, when time is cut into such: the same for everybody.
    public static func next(_ interval: Duration) -> Deadline {
        let length = max(interval.milliseconds * 1_000_000, 1)
        return Deadline(nanoseconds: (now / length + 1) * length)
    }

    public static var now: Int64 { Ticks.now() }

    public static func < (a: Deadline, b: Deadline) -> Bool { a.nanoseconds < b.nanoseconds }

    public var hasPassed: Bool { Self.now >= nanoseconds }

    /// What is left in whole milliseconds, never below zero and at most an hour: a polling call's kind of time-out.
    public var milliseconds: Int32 { Int32(clamping: min(max((nanoseconds - Self.now) / 1_000_000, 0), 3_600_000)) }

    /// For the condition variables of a ``Monitor``.
    @usableFromInline
    var timespec: Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}
