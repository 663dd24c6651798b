import Synchronization

/// A clock that stands still until it is moved: for tests and scripted runs.
public final class ManualClock: Sendable {
    private let time: Atomic<Int64>

    /// Milliseconds since 1970.
    public init(_ start: Int64 = 0) {
        time = Atomic(start)
    }

    public var now: Int64 { time.load(ordering: .acquiring) }

    /// The value to hand to what is tested.
    public var clock: Clock { Clock { self.now } }

    public func advance(by duration: Duration) {
        time.add(duration.milliseconds, ordering: .acquiringAndReleasing)
    }

    public func set(_ milliseconds: Int64) {
        time.store(milliseconds, ordering: .releasing)
    }
}
