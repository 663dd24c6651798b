import Glibc
import Synchronization

/// What all loops of one server share; nothing of it changes but the counts.
final class ServerCore: Sendable {
    let limits: ServerLimits
    let router: Router
    let observe: (@Sendable (RequestObservation) -> Void)?
    let mailboxes: [LoopMailbox]
    let connections = Atomic(0)
    let bodyBytes = Atomic(0)

    init(
        limits: ServerLimits, router: Router, observe: (@Sendable (RequestObservation) -> Void)?,
        mailboxes: [LoopMailbox]
    ) {
        self.limits = limits
        self.router = router
        self.observe = observe
        self.mailboxes = mailboxes
    }
}

/// Monotonic time in nanoseconds, the loops' only clock.
enum Ticks {
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func of(seconds: Double) -> Int64 {
        Int64(min(max(seconds, 0), 1e9) * 1e9)
    }

    static func of(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return of(seconds: Double(seconds) + Double(attoseconds) / 1e18)
    }
}
