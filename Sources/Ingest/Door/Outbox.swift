import Base
import Kafka
import Synchronization

/// The door's way into the log: a record is either acknowledged within 800 ms, or its sender is told to come again.
///
/// Every record gets exactly one verdict, and true only for an acknowledgement in time. A record whose verdict was
/// false may be in the log all the same: whatever is sent through here must bear repetition.
final class Outbox: Sendable {
    typealias Report = @Sendable (Result<Delivery, KafkaError>) -> Void

    /// Below the second within which a sender is promised its 503; the rest is for a machine that is busy.
    static let patienceMs: Int64 = 800
    /// How long a failure keeps the daemon unready when nothing has succeeded since.
    private static let troubledMs: Int64 = 5_000

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: @Sendable (Bool) -> Void] = [:]
        /// Oldest first; all wait equally long.
        var deadlines: [(id: UInt64, at: Int64)] = []
        var failedAt: Int64?
    }

    private let clock: Clock
    private let send: @Sendable (OutgoingRecord, @escaping Report) -> Void
    private let state = Mutex(State())

    /// - Parameters:
    ///   - clock: only differences matter.
    ///   - send: puts a record on its topic without blocking and reports what became of it.
    init(clock: Clock, send: @escaping @Sendable (OutgoingRecord, @escaping Report) -> Void) {
        self.clock = clock
        self.send = send
    }

    /// `verdict` is called once, on any thread.
    func post(_ record: OutgoingRecord, verdict: @escaping @Sendable (Bool) -> Void) {
        let now = clock.now()
        let id = state.withLock { state in
            defer { state.next += 1 }
            state.waiting[state.next] = verdict
            state.deadlines.append((state.next, now + Self.patienceMs))
            return state.next
        }
        send(record) { result in
            if case .success = result { self.finish(id, true) } else { self.finish(id, false) }
        }
    }

    func post(_ record: OutgoingRecord) async -> Bool {
        await withCheckedContinuation { continuation in
            post(record) { continuation.resume(returning: $0) }
        }
    }

    /// Gives up on what has waited too long.
    func expire() {
        let now = clock.now()
        let late = state.withLock { state in
            let count = state.deadlines.prefix { $0.at <= now }.count
            defer { state.deadlines.removeFirst(count) }
            return state.deadlines.prefix(count).map(\.id).filter { state.waiting[$0] != nil }
        }
        for id in late { finish(id, false) }
    }

    /// Why the producer is not fit for work; nil when it is, or when nothing has failed lately.
    var trouble: String? {
        let now = clock.now()
        return state.withLock { state in
            guard let failedAt = state.failedAt, now - failedAt < Self.troubledMs else { return nil }
            return "Kafka did not acknowledge in time"
        }
    }

    private func finish(_ id: UInt64, _ isAcknowledged: Bool) {
        let now = clock.now()
        let verdict = state.withLock { state in
            let verdict = state.waiting.removeValue(forKey: id)
            if verdict != nil { state.failedAt = isAcknowledged ? nil : now }
            return verdict
        }
        verdict?(isAcknowledged)
    }
}
