import Glibc
import Runtime
import Synchronization

/// Calls a closure again and again until it is stopped: how the door's own deadlines are noticed. The closure must not
/// block.
final class Timers: Sendable {
    private let isStopped = Atomic(false)
    private let interval: Duration
    private let fire: @Sendable () -> Void

    init(every interval: Duration, _ fire: @escaping @Sendable () -> Void) {
        self.interval = interval
        self.fire = fire
    }

    var service: Service {
        Service(name: "deadlines", run: { try await self.run() }, stop: { self.stop() })
    }

    private func run() async throws {
        while !isStopped.load(ordering: .acquiring) {
            try await Task.sleep(for: interval)
            fire()
        }
    }

    private func stop() { isStopped.store(true, ordering: .releasing) }
}

extension Clock {
    /// Milliseconds since the machine started: never set back, so that a deadline stays what it is.
    static let monotonic = Clock {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}
