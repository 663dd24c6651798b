import Foundation
import Glibc
import Synchronization

/// A server that answers its requests, one after the other over all connections, with exactly these texts; nil closes
/// the connection instead. After the last answer it closes too. `closes`: after every answer.
final class ScriptedPeer: Sendable {
    private struct State {
        var answers: [String?]
        var requests = 0
    }

    private let listener: Int32
    private let closes: Bool
    private let state: Mutex<State>
    let port: UInt16

    /// How many whole requests have come.
    var requests: Int { state.withLock(\.requests) }

    init(answers: [String?], closes: Bool = false) throws {
        self.closes = closes
        state = Mutex(State(answers: answers))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listener
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(fd, $0, length)
                _ = listen(fd, 16)
                _ = getsockname(fd, $0, &length)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        DispatchQueue.global().async { self.run() }
    }

    /// Ends the listening; a connection that is being served ends by itself.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func run() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            serve(connection)
            close(connection)
        }
        close(listener)
    }

    private func serve(_ connection: Int32) {
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var text = ""
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            text += String(decoding: buffer[..<count], as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n"), text.hasPrefix("GET") || end.upperBound < text.endIndex else {
                continue
            }
            text = ""
            let answer = state.withLock { state -> String? in
                state.requests += 1
                return state.answers.isEmpty ? nil : state.answers.removeFirst()
            }
            guard let answer else { return }
            _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
            if closes { return }
        }
    }
}
