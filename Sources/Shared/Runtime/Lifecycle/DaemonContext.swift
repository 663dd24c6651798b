import Base
import HTTP
import Synchronization

/// What a daemon is given to build its services from.
public struct DaemonContext: Sendable {
    public let name: String
    public let configuration: Configuration
    public let log: Log
    public let metrics: Metrics
    public let health: Health
    public let clock: Clock
    private let routes = Routes()

    private final class Routes: Sendable {
        let router = Mutex(Router())
        let bound = Mutex<HostPort?>(nil)
    }

    /// For tests of a daemon's parts; `Daemon.main` makes the real one.
    public init(
        name: String, configuration: Configuration, log: Log, metrics: Metrics = Metrics(), health: Health = Health(),
        clock: Clock = .system
    ) {
        self.name = name
        self.configuration = configuration
        self.log = log
        self.metrics = metrics
        self.health = health
        self.clock = clock
    }

    /// Adds the daemon's own addresses to its door; while services are built, not later.
    public func addRoutes(_ add: (inout Router) -> Void) {
        routes.router.withLock { add(&$0) }
    }

    /// Where the door listens, its port as it really is; nil until it does. Services start after it.
    public var boundAddress: HostPort? {
        routes.bound.withLock { $0 }
    }

    func doorIsBound(to address: HostPort) {
        routes.bound.withLock { $0 = address }
    }

    /// Those added so far.
    public var router: Router {
        routes.router.withLock { $0 }
    }
}
