import Runtime
import Synchronization

extension Service {
    private final class Flag: Sendable {
        let isRaised = Atomic(false)
    }

    /// Calls `body` about every `interval` until it is stopped; `body` must be quick and not throw.
    public static func ticking(
        _ name: String, every interval: Duration, _ body: @escaping @Sendable () async -> Void
    ) -> Service {
        let stopped = Flag()
        return Service(
            name: name,
            run: {
                while !stopped.isRaised.load(ordering: .acquiring) {
                    try await Task.sleep(for: interval)
                    await body()
                }
            },
            stop: { stopped.isRaised.store(true, ordering: .releasing) })
    }
}
