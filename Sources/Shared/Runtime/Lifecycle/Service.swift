/// A part of a daemon that runs from start to stop. Services start in order and stop in reverse; each has ended before
/// the next is stopped.
public struct Service: Sendable {
    public let name: String
    let start: (@Sendable () async throws -> Void)?
    let run: (@Sendable () async throws -> Void)?
    let stop: @Sendable () async -> Void

    /// `start`, if any, is awaited before the next service starts. `run` must last until `stop` was called: one that
    /// throws ends the daemon by its error (``DaemonExit``), one that returns early ends it as a bug. `stop` makes
    /// `run` return; it is called once, also when `run` has ended by itself.
    public init(
        name: String, start: (@Sendable () async throws -> Void)? = nil,
        run: @escaping @Sendable () async throws -> Void, stop: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.start = start
        self.run = run
        self.stop = stop
    }

    /// One that needs no task of its own: a producer, a reader with its own thread.
    public init(
        name: String, start: @escaping @Sendable () async throws -> Void, stop: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.start = start
        self.run = nil
        self.stop = stop
    }
}
