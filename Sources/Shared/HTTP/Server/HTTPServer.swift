import Base
import Glibc
import Synchronization

/// HTTP/1.1 server: event loops on threads of their own, one per core. Handlers run on those threads and answer at once
/// or later; nothing of the cooperative pool is used but for `onAsync` routes. Limits bound whatever a client can use.
public final class HTTPServer: Sendable {
    private struct State {
        var mailboxes: [LoopMailbox] = []
        var port: UInt16 = 0
        var running = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let host: String
    private let wantedPort: UInt16
    private let loops: Int
    private let limits: ServerLimits
    private let router: Router
    private let observe: (@Sendable (RequestObservation) -> Void)?
    private let state = Mutex(State())

    /// Port 0 takes a free one, see `port`. `observe` is called on the loops' threads and must not block.
    public init(
        host: String, port: UInt16, loops: Int = HTTPServer.coreCount, limits: ServerLimits = ServerLimits(),
        router: Router, observe: (@Sendable (RequestObservation) -> Void)? = nil
    ) {
        self.host = host
        wantedPort = port
        self.loops = max(loops, 1)
        self.limits = limits
        self.router = router
        self.observe = observe
    }

    /// Binds and starts to accept. Throws when the address is taken or can't be bound. Once per server.
    public func start() throws(HTTPServerError) {
        var mailboxes: [LoopMailbox] = []
        for _ in 0..<loops { mailboxes.append(try LoopMailbox()) }
        let listener = try Listener(host: host, port: wantedPort)
        let core = ServerCore(limits: limits, router: router, observe: observe, mailboxes: mailboxes)
        let port = listener.port
        state.withLock { [mailboxes] state in
            precondition(state.port == 0, "a server starts once")
            state.mailboxes = mailboxes
            state.port = port
            state.running = mailboxes.count
        }
        for (index, mailbox) in mailboxes.enumerated() {
            do throws(ThreadError) {
                try OwnedThread.attempt("event loop") { [weak self] in
                    EventLoop(core: core, mailbox: mailbox, listener: index == 0 ? listener : nil).run()
                    self?.loopEnded()
                }
            } catch {
                throw HTTPServerError(operation: "pthread_create", code: error.code)
            }
        }
    }

    /// The bound port once started, 0 before.
    public var port: UInt16 { state.withLock(\.port) }

    /// Stops accepting, answers what is in flight with `Connection: close`, closes; returns when all is closed, at the
    /// latest at the deadline, when whatever is left is cut.
    public func drain(deadline: Duration) async {
        let until = Ticks.now() + Ticks.of(deadline)
        await withCheckedContinuation { continuation in
            let acceptor: LoopMailbox? = state.withLock { state in
                guard state.running > 0 else { return nil }
                state.waiting.append(continuation)
                return state.mailboxes.first
            }
            guard let acceptor else {
                continuation.resume()
                return
            }
            acceptor.post(.drain(until: until))
        }
    }

    deinit {
        state.withLock(\.mailboxes).first?.post(.drain(until: 0))
    }

    private func loopEnded() {
        let waiting = state.withLock { state in
            state.running -= 1
            guard state.running == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// How many cores this process may use.
    public static var coreCount: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
}

/// A system call that the server can't do without failed.
public struct HTTPServerError: Error, Sendable, Equatable, CustomStringConvertible {
    /// `listen`, `resolve`…
    public var operation: String
    /// errno
    public var code: Int32

    public var description: String { "\(operation): \(String(cString: strerror(code)))" }
}
