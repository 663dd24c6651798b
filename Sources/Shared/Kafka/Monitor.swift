import Glibc

/// A value behind a lock, with waiting until it changes. The mutex guards every access to the value, which is the
/// proof for `@unchecked Sendable`; values go in and out only by copy.
final class Monitor<Value>: @unchecked Sendable {
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ value: Value) {
        self.value = value
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Changes the value and wakes all waiters.
    func update<R>(_ body: (inout Value) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer {
            pthread_cond_broadcast(condition)
            pthread_mutex_unlock(mutex)
        }
        return body(&value)
    }

    func read<R>(_ body: (Value) -> R) -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body(value)
    }

    /// Waits until `body` gives something, asking again after every change; nil when the deadline passes first.
    func wait<R>(until deadline: Deadline, _ body: (inout Value) -> R?) -> R? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while true {
            if let result = body(&value) { return result }
            var time = deadline.timespec
            if pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return body(&value) }
        }
    }
}

/// A point in time on the monotonic clock.
struct Deadline: Sendable, Comparable {
    let nanoseconds: Int64

    static func after(_ duration: Duration) -> Deadline {
        let parts = duration.components
        let wait = parts.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let added = now.addingReportingOverflow(
            wait.overflow ? Int64.max : wait.partialValue + parts.attoseconds / 1_000_000_000)
        return Deadline(nanoseconds: added.overflow ? Int64.max : added.partialValue)
    }

    /// The end of the interval that is under way, when time is cut into such: the same for everybody.
    static func next(_ interval: Duration) -> Deadline {
        let length = max(interval.wholeMilliseconds * 1_000_000, 1)
        return Deadline(nanoseconds: (now / length + 1) * length)
    }

    static var now: Int64 {
        var time = Glibc.timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func < (a: Deadline, b: Deadline) -> Bool { a.nanoseconds < b.nanoseconds }

    var hasPassed: Bool { Self.now >= nanoseconds }

    /// What is left in whole milliseconds, never below zero and at most an hour: librdkafka's kind of time-out.
    var milliseconds: Int32 { Int32(clamping: min(max((nanoseconds - Self.now) / 1_000_000, 0), 3_600_000)) }

    var timespec: Glibc.timespec {
        Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    }
}

/// Milliseconds since 1970.
func wallClockMs() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}
