import Base
import Runtime
import Synchronization

/// How fast each source may post: so many at once, then so many a second (GCRA, a token bucket that keeps one number a key).
///
/// Only asked for sources whose signature fits, so it holds as many names as there are sources, and a stranger can use up nobody's.
final class SourcePace: Sendable {
    static let atOnce: Int64 = 50
    static let perSecond: Int64 = 20
    private static let stepMs = 1000 / perSecond

    private let clock: Clock
    /// When each would have posted all it has posted, had it kept to the pace; milliseconds.
    private let spentUntil = Mutex<[String: Int64]>([:])

    /// - Parameter clock: only differences matter.
    init(clock: Clock) {
        self.clock = clock
    }

    /// Takes one; nil where it was there, else the seconds until one is.
    func take(_ source: String) -> Int? {
        let now = clock.now()
        return spentUntil.withLock { spent in
            // Who is at rest needs no memory.
            if spent.count > 10_000 { spent = spent.filter { $0.value > now } }
            let until = max(spent[source] ?? now, now)
            let early = until - now - (Self.atOnce - 1) * Self.stepMs
            guard early <= 0 else { return Int((early + 999) / 1000) }
            spent[source] = until + Self.stepMs
            return nil
        }
    }
}
