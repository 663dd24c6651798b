import Base
import Runtime
import Synchronization

/// How fast each source may post: so many at once, then so many a second (GCRA, a token bucket that keeps one number a
/// key).
///
/// What is in the log already costs nothing when it comes again.
///
/// Only asked for sources whose signature fits, so it holds as many names as there are sources, and a stranger can use
/// up nobody's.
final class SourcePace: Sendable {
    static let atOnce: Int64 = 50
    static let perSecond: Int64 = 20
    private static let stepMs = 1000 / perSecond

    /// As many stored deliveries of each source are known again.
    static let remembered = 256

    private struct Stored {
        let id: String
        let content: Int
        let until: Int64
    }

    private let clock: Clock
    /// When each would have posted all it has posted, had it kept to the pace; milliseconds.
    private let spentUntil = Mutex<[String: Int64]>([:])
    private let stored = Mutex<[String: [Stored]]>([:])

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

    /// Remembers what the log holds, so that whoever overheard it uses up nothing by repeating it.
    ///
    /// - Parameters:
    ///   - id: `webhook-id`.
    ///   - content: what ``content(_:version:)`` makes of it.
    ///   - milliseconds: as long as its signature is good.
    func remember(_ id: String, _ content: Int, of source: String, for milliseconds: Int64) {
        let now = clock.now()
        stored.withLock { stored in
            if stored.count > 10_000 { stored = stored.filter { $0.value.contains { $0.until > now } } }
            let known = (stored[source] ?? []).filter { $0.until > now }
            let next = Stored(id: id, content: content, until: now + milliseconds)
            stored[source] = known.suffix(Self.remembered - 1) + [next]
        }
    }

    /// Whether this very delivery is known to be in the log.
    func isStored(_ id: String, _ content: Int, of source: String) -> Bool {
        let now = clock.now()
        return stored.withLock {
            $0[source]?.contains { $0.id == id && $0.content == content && $0.until > now } ?? false
        }
    }

    /// Tells bodies apart, and those under another key of the source: what was sealed for a source that was removed is
    /// gone.
    static func content(_ body: [UInt8], version: Int64) -> Int {
        var hasher = Hasher()
        hasher.combine(version)
        body.withUnsafeBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
