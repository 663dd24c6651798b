import Dispatch
import Glibc

import Testing

@testable import HTTP

/// A client that sends exactly the bytes it is told to, with a 20 s limit on every wait.
final class RawClient: Sendable {
    struct Refused: Error {}

    let socket: Int32

    init(port: UInt16, receiveBuffer: Int32 = 0) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var (limit, size) = (timeval(tv_sec: 20, tv_usec: 0), receiveBuffer)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        if size > 0 { setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size)) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw Refused() }
    }

    deinit {
        close(socket)
    }

    /// Sends all of it, as far as the server takes it.
    @discardableResult
    func send(_ bytes: some Sequence<UInt8>) -> RawClient {
        let all = Array(bytes)
        var sent = 0
        while sent < all.count {
            let count = all.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress! + sent, all.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            sent += count
        }
        return self
    }

    @discardableResult
    func send(_ text: String) -> RawClient { send(text.utf8) }

    /// Breaks the connection with RST: what `connect` to no family does to a connected socket.
    func reset() {
        var (option, nowhere) = (linger(l_onoff: 1, l_linger: 0), sockaddr(sa_family: 0, sa_data: sockaddr().sa_data))
        setsockopt(socket, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        connect(socket, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
    }

    func finishSending() {
        shutdown(socket, Int32(SHUT_WR))
    }

    /// What comes next; empty at the end of the stream, nil when nothing came in 20 s or the connection was reset.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(socket, &buffer, buffer.count, 0)
        return count < 0 ? nil : Array(buffer[..<count])
    }

    /// Everything until the server closes; nil when it doesn't, or resets.
    func receiveAll() -> String? {
        var all: [UInt8] = []
        while let part = receive() {
            guard !part.isEmpty else { return String(decoding: all, as: UTF8.self) }
            all += part
        }
        return nil
    }

    /// Reads until the text so far ends with `suffix`.
    func receive(until suffix: String) -> String? {
        var all: [UInt8] = []
        while !String(decoding: all, as: UTF8.self).hasSuffix(suffix) {
            guard let part = receive(), !part.isEmpty else { return nil }
            all += part
        }
        return String(decoding: all, as: UTF8.self)
    }
}

/// Runs blocking socket work on a thread of its own: the cooperative pool belongs to the code under test.
func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result(catching: work))
        }
    }
}
