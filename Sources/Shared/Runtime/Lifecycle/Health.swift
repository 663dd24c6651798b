import Synchronization

/// Whether this daemon can do its work now. Alive means the process answers; ready means it has started, is not
/// stopping, and none of the named checks objects.
public final class Health: Sendable {
    /// Why it is not ready; written for operators, holds nothing of people.
    public struct Reason: Encodable, Equatable, Sendable {
        public let name: String
        public let why: String
    }

    enum Phase: String, Sendable {
        case starting, running, stopping
    }

    private struct State {
        var phase = Phase.running
        var checks: [(name: String, check: @Sendable () -> String?)] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// `check` answers nil when ready, else why not. Called on event loops: must not block. A second check of the same
    /// name replaces the first.
    public func readiness(_ name: String, _ check: @escaping @Sendable () -> String?) {
        state.withLock { state in
            state.checks.removeAll { $0.name == name }
            state.checks.append((name, check))
        }
    }

    /// Empty when ready.
    public func reasons() -> [Reason] {
        let (phase, checks) = state.withLock { ($0.phase, $0.checks) }
        let own = phase == .running ? [] : [Reason(name: "daemon", why: phase.rawValue)]
        return own + checks.compactMap { name, check in check().map { Reason(name: name, why: $0) } }
    }

    public var isReady: Bool { reasons().isEmpty }

    func enter(_ phase: Phase) {
        state.withLock { $0.phase = phase }
    }
}
