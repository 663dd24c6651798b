/// The end of work on a thread of its own, awaited by whoever ran it or asked it to stop.
public final class Completion<Failure: Error>: Sendable {
    private struct State {
        var isStarted = false
        var result: Result<Void, Failure>?
        var waiters: [CheckedContinuation<Result<Void, Failure>, Never>] = []
    }

    private let state = Monitor(State())

    public init() {}

    /// True for the first caller only.
    public func start() -> Bool {
        state.update { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
    }

    public var isStarted: Bool { state.read(\.isStarted) }

    /// The first result counts.
    public func finish(_ result: Result<Void, Failure>) {
        let waiters = state.update { state in
            state.result = state.result ?? result
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: result) }
    }

    public func wait() async -> Result<Void, Failure> {
        await withCheckedContinuation { continuation in
            let result = state.update { state in
                if state.result == nil { state.waiters.append(continuation) }
                return state.result
            }
            if let result { continuation.resume(returning: result) }
        }
    }
}
