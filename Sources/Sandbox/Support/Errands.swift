import Synchronization

/// Work the stand-ins do after they have answered: callbacks, webhooks, a cancel job's end. Owned here, so that
/// stopping ends all of it; what fails is written down by the work itself.
final class Errands: Sendable {
    private struct State {
        var next = 0
        var tasks: [Int: Task<Void, Never>] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Runs the work after a while, unless stopped before.
    func run(after delay: Duration = .zero, _ work: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard !state.isStopped else { return }
            let number = state.next
            state.next += 1
            state.tasks[number] = Task {
                if await Self.pause(delay) { await work() }
                self.state.withLock { _ = $0.tasks.removeValue(forKey: number) }
            }
        }
    }

    /// Cancels everything and takes no more. Returns at once.
    func stop() {
        let tasks = state.withLock { state in
            state.isStopped = true
            return state.tasks.values.map { $0 }
        }
        for task in tasks { task.cancel() }
    }

    /// False when the task was cancelled meanwhile.
    static func pause(_ duration: Duration) async -> Bool {
        do {
            try await Task.sleep(for: duration)
            return true
        } catch {
            return false
        }
    }
}
