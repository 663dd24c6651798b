import Base
import Runtime
import Synchronization

/// A warning that may be due a thousand times a second: the first one, then one every ten seconds with how many there
/// were in between.
final class RateLimitedWarning: Sendable {
    static let everyMs: Int64 = 10_000

    private struct State {
        var quietUntil = Int64.min
        var suppressed = 0
    }

    private let log: Log
    private let clock: Clock
    private let state = Mutex(State())

    init(_ log: Log, _ clock: Clock) {
        self.log = log
        self.clock = clock
    }

    func warn(_ message: StaticString, _ fields: [(String, LogValue)]) {
        let now = clock.now()
        let suppressed: Int? = state.withLock { state in
            guard now >= state.quietUntil else {
                state.suppressed += 1
                return nil
            }
            defer { state.suppressed = 0 }
            state.quietUntil = now + Self.everyMs
            return state.suppressed
        }
        guard let suppressed else { return }
        log.warning(message, fields + [("suppressed", .number(suppressed))])
    }
}
