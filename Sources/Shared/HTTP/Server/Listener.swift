import CSystem
import Glibc

/// The listening socket. One per server, so a second server on the same port is told "address in use"; the loop that
/// has it deals the connections round. Out of descriptors, it rests for a moment instead of spinning.
struct Listener {
    private let socket: Int32
    private var turn = 0
    private var isWatched = false
    /// Set while resting: when to go on.
    private(set) var resumeAt: Int64?

    /// Binds the first address `host` means; port 0 takes a free one.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found?.pointee else {
            throw HTTPServerError(operation: "resolve", code: EADDRNOTAVAIL)
        }
        defer { freeaddrinfo(found) }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        socket = Glibc.socket(address.ai_family, type, 0)
        guard socket >= 0 else { throw HTTPServerError(operation: "socket", code: errno) }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, address.ai_addr, address.ai_addrlen) == 0, listen(socket, 1024) == 0 else {
            let code = errno
            close(socket)
            throw HTTPServerError(operation: "listen", code: code)
        }
    }

    /// The port it is bound to.
    var port: UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(socket, $0, &length) }
            // The port stands at the same place for IPv4 and IPv6.
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                UInt16(bigEndian: $0.pointee.sin_port)
            }
        }
    }

    mutating func watch(_ epoll: Int32) {
        resumeAt = nil
        guard !isWatched else { return }
        isWatched = otp_epoll_control(epoll, EPOLL_CTL_ADD, socket, EPOLLIN.rawValue, EventLoop.listenerToken) == 0
    }

    mutating func unwatch(_ epoll: Int32) {
        otp_epoll_control(epoll, EPOLL_CTL_DEL, socket, 0, 0)
        isWatched = false
    }

    /// The next waiting connection and its peer's numeric address; nil when there is none now.
    mutating func accept(_ now: Int64) -> (socket: Int32, peer: String)? {
        var storage = sockaddr_storage()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = otp_accept(socket, &storage, &length)
            if accepted >= 0 { return (accepted, Listener.address(&storage, length)) }
            switch errno {
            case EINTR, ECONNABORTED, EPROTO:
                continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                resumeAt = now + 100_000_000
                return nil
            default:
                return nil
            }
        }
    }

    mutating func next(of count: Int) -> Int {
        turn = (turn + 1) % count
        return turn
    }

    func shut() {
        close(socket)
    }

    /// One connection too many: a short 503, as far as the client can still read it.
    static func refuse(_ socket: Int32) {
        var output = OutputQueue()
        var date = DateField()
        ResponseEncoder.encode(
            HTTPResponse.problem(503, detail: "Too many connections.").with("Retry-After", "1"),
            ResponseEncoder.Context(isHead: false, keepAlive: false, isVersion10: false, date: date.current()),
            to: &output)
        _ = output.flush(to: socket)
        // Unread bytes would turn the close into a reset that overtakes the answer.
        recv(socket, nil, 1 << 16, Int32(MSG_TRUNC))
        shutdown(socket, Int32(SHUT_WR))
        close(socket)
    }

    private static func address(_ storage: inout sockaddr_storage, _ length: socklen_t) -> String {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo($0, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard result == 0 else { return "" }
        let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return address.hasPrefix("::ffff:") ? String(address.dropFirst(7)) : address
    }
}
