import Base
import CSystem
import Glibc

/// One client's socket: reads requests, hands them to handlers, sends the answers in the order of the requests.
/// Confined to its loop's thread. Whatever goes wrong ends at worst in this connection's close.
final class Connection {
    enum Phase {
        /// Requests are read.
        case open
        /// No more requests are read; what is in flight is answered, then the connection ends.
        case finishing
        /// Our side is shut; what still comes is thrown away so that the last answer is not lost to a reset.
        case lingering(until: Int64, bytes: Int)
        case closed
    }

    let id: UInt64
    let socket: Int32
    let peer: String
    let core: ServerCore
    let mailbox: LoopMailbox

    var parser: RequestParser
    var phase = Phase.open
    var reading: Reading?
    var exchanges: [Exchange] = []
    var nextExchange: UInt64 = 0
    var output = OutputQueue()
    /// What of the server's body memory is counted as this connection's.
    var heldBytes = 0

    /// The parser has used up its bytes: the next step needs the socket.
    var isStarved = true
    var inputEnded = false
    /// An answer left with bytes of the client unread, or not asked for: linger.
    var lingers = false
    /// Set by the loop while the server drains: when it began.
    var drainingSince: Int64?

    let opened: Int64
    var served = 0
    var requestStarted: Int64?
    var idleSince: Int64
    var writeStarted: Int64?
    /// When `expire` has something to do.
    var dueAt = Int64.max
    /// The events epoll watches for.
    var interest: UInt32 = EPOLLIN.rawValue
    var isQueued = false

    init(id: UInt64, socket: Int32, peer: String, core: ServerCore, mailbox: LoopMailbox) {
        self.id = id
        self.socket = socket
        self.peer = peer
        self.core = core
        self.mailbox = mailbox
        parser = RequestParser(limits: core.limits)
        opened = Ticks.now()
        idleSince = opened
    }

    var limits: ServerLimits { core.limits }

    var isClosed: Bool {
        if case .closed = phase { true } else { false }
    }

    /// Parses what is there, answers what is answered, sends what can be sent, decides what comes next. The loop calls
    /// it after anything happened to the connection.
    func turn(_ context: inout LoopContext) {
        repeat {
            while canParse { step(context.now) }
            boundBodies()
            encodeAnswers(&context)
            flush(context.now)
        } while canParse
        settle(context.now)
    }

    /// Bounded in requests and in bytes: a client that does not take its answers is not read from.
    private var canParse: Bool {
        guard case .open = phase else { return false }
        return !isStarved && exchanges.count < limits.pipelined && output.count < 1 << 18
    }

    private func flush(_ now: Int64) {
        guard !isClosed, !output.isEmpty else { return }
        switch output.flush(to: socket) {
        case .done: writeStarted = nil
        case .blocked: writeStarted = writeStarted ?? now
        case .broken: end()
        }
    }

    /// The connection is over: tasks are cancelled, answers still to come are dropped. The loop closes the socket.
    func end() {
        guard !isClosed else { return }
        phase = .closed
        for exchange in exchanges { exchange.task?.cancel() }
        exchanges = []
        reading = nil
        hold(0)
    }
}
