import Foundation

/// A blocking keep-alive connection, as little as it takes to time a door.
final class HTTPConnection {
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 65_536)

    init(port: UInt16) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = port.bigEndian
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, length) }
        }
        guard code == 0 else {
            close(socket)
            throw BenchmarkError("can't connect to \(port)")
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(socket) }

    /// One request, one answer with a Content-Length.
    func exchange(_ head: String, body: [UInt8]) throws -> (status: Int, body: String) {
        let request = Array(head.utf8) + body
        var sent = 0
        while sent < request.count {
            let count = request[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { throw BenchmarkError("the connection broke") }
            sent += count
        }
        var answer: [UInt8] = []
        while true {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { throw BenchmarkError("the connection ended") }
            answer += buffer[..<count]
            guard let end = Self.headEnd(answer) else { continue }
            let head = String(decoding: answer[..<end], as: UTF8.self)
            let fields = head.lowercased().split(separator: "\r\n")
            let length =
                fields.first { $0.hasPrefix("content-length:") }.flatMap { Int($0.dropFirst(15).trimming()) } ?? 0
            guard answer.count >= end + length else { continue }
            let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return (status, String(decoding: answer[end..<end + length], as: UTF8.self))
        }
    }

    /// Many requests at once, and the statuses of all their answers.
    func pipeline(_ requests: [UInt8], count: Int) throws -> [Int] {
        var sent = 0
        while sent < requests.count {
            let count = requests[sent...].withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { throw BenchmarkError("the connection broke") }
            sent += count
        }
        var rest: [UInt8] = []
        var statuses: [Int] = []
        while statuses.count < count {
            let count = read(socket, &buffer, buffer.count)
            guard count > 0 else { throw BenchmarkError("the connection ended") }
            rest += buffer[..<count]
            while let end = Self.headEnd(rest) {
                let head = String(decoding: rest[..<end], as: UTF8.self).lowercased()
                let field = head.split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
                let length = field.flatMap { Int($0.dropFirst(15).trimming()) } ?? 0
                guard rest.count >= end + length else { break }
                rest.removeFirst(end + length)
                statuses.append(head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0)
            }
        }
        return statuses
    }

    private static func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for index in 0...bytes.count - 4 where bytes[index...].starts(with: [13, 10, 13, 10]) { return index + 4 }
        return nil
    }
}

extension Substring {
    fileprivate func trimming() -> String { trimmingCharacters(in: .whitespaces) }
}
