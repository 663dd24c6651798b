/// Owns consumer, lanes, restores and commits of one input topic; one thread polls.
public final class Desk: Sendable {
    private let settings: DeskSettings

    public init(_ settings: DeskSettings, makeLogic: @escaping @Sendable (Lane) -> any DeskLogic) throws(KafkaError) {
        self.settings = settings
    }

    /// Until `stop()`; throws on what must end the daemon.
    public func run() async throws(KafkaError) {
        throw KafkaError(code: -172, message: "not there yet")
    }

    /// Stops intake, lets lanes finish, commits, leaves.
    public func stop(deadline: Duration) async {}

    /// At least one assignment round is over and every assigned partition is restored.
    public var isReady: Bool { false }
    public var assigned: [Int32] { [] }
    public func statistics() -> DeskStatistics { DeskStatistics() }
}
