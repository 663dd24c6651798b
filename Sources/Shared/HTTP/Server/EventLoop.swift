import Base
import CSystem
import Glibc
import Synchronization

/// One thread's epoll loop over its share of the connections. Lives on that thread only; the mailbox is its door.
/// Ends when it has been drained; nothing a client does ends it.
final class EventLoop {
    static let wakeToken = UInt64.max
    static let listenerToken = UInt64.max - 1

    let core: ServerCore
    let mailbox: LoopMailbox
    var listener: Listener?
    /// By file descriptor.
    var connections: [Connection?] = []
    var connectionCount = 0
    var generation: UInt32 = 0
    var context = LoopContext(now: Ticks.now())
    /// Connections with something to do this round.
    var queued: [Connection] = []
    var letters: [LoopMailbox.Letter] = []
    /// No connection is due before this.
    var earliest = Int64.max
    var drainUntil: Int64?
    var drainingSince: Int64?

    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    /// Takes over the listening socket, if this loop is to accept.
    init(core: ServerCore, mailbox: LoopMailbox, listener: Listener?) {
        self.core = core
        self.mailbox = mailbox
        self.listener = listener
    }

    deinit {
        buffer.deallocate()
    }

    var epoll: Int32 { mailbox.epoll }

    func run() {
        mailbox.bindToThread()
        otp_epoll_control(epoll, EPOLL_CTL_ADD, mailbox.event, EPOLLIN.rawValue, EventLoop.wakeToken)
        listener?.watch(epoll)
        withUnsafeTemporaryAllocation(of: otp_ready.self, capacity: 256) { ready in
            readLetters()
            while !isOver {
                let count = otp_epoll_wait(epoll, ready.baseAddress, Int32(ready.count), timeout())
                context.now = Ticks.now()
                for index in 0..<max(Int(count), 0) { handle(ready[index]) }
                round()
            }
        }
        finish()
    }

    private var isOver: Bool {
        guard let drainUntil else { return false }
        return connectionCount == 0 || context.now >= drainUntil
    }

    /// Milliseconds to sleep, rounded up so that what woke us is due.
    private func timeout() -> Int32 {
        let due = min(earliest, drainUntil ?? .max, listener?.resumeAt ?? .max)
        guard due != .max else { return -1 }
        let left = max(due - Ticks.now(), 0)
        return Int32(min((left + 999_999) / 1_000_000, 60_000))
    }

    private func handle(_ ready: otp_ready) {
        switch ready.token {
        case EventLoop.wakeToken:
            otp_event_clear(mailbox.event)
        case EventLoop.listenerToken:
            accept()
        default:
            guard let connection = find(ready.token) else { return }
            if ready.events & EPOLLIN.rawValue != 0 {
                connection.readable(buffer)
            } else if ready.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
                connection.end()
            }
            enqueue(connection)
        }
    }

    /// Works until nobody has anything left to do: handlers answer into the mailbox while connections take their turn.
    private func round() {
        if let resumeAt = listener?.resumeAt, resumeAt <= context.now { listener?.watch(epoll) }
        readLetters()
        if earliest <= context.now { expire() }
        repeat {
            readLetters()
            let batch = queued
            queued.removeAll(keepingCapacity: true)
            for connection in batch { take(connection) }
        } while !queued.isEmpty || mailbox.hasLetters
    }

    private func take(_ connection: Connection) {
        connection.isQueued = false
        connection.turn(&context)
        guard !connection.isClosed else {
            remove(connection)
            return
        }
        earliest = min(earliest, connection.dueAt)
        let wanted = connection.wanted
        if wanted != connection.interest {
            connection.interest = wanted
            otp_epoll_control(epoll, EPOLL_CTL_MOD, connection.socket, wanted, connection.id)
        }
    }

    func enqueue(_ connection: Connection) {
        guard !connection.isQueued else { return }
        connection.isQueued = true
        queued.append(connection)
    }

    /// Looks at every connection, at most once per 5 ms: cheaper than keeping thousands of timers that never fire. One
    /// that has just got bytes or an answer takes its turn first: after a stall nobody is late whose word has come.
    private func expire() {
        earliest = .max
        for case let connection? in connections {
            if connection.isQueued { continue }
            if connection.dueAt <= context.now {
                connection.expire(context.now)
                enqueue(connection)
            } else {
                earliest = min(earliest, connection.dueAt)
            }
        }
        earliest = max(earliest, context.now + 5_000_000)
    }

    private func finish() {
        for case let connection? in connections {
            connection.end()
            remove(connection)
        }
        listener?.shut()
        mailbox.shut()
    }
}
