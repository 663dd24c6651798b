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
        let answer = try send(Array(head.utf8) + body)
        return (answer.status, answer.body)
    }

    func send(_ request: [UInt8]) throws -> (status: Int, head: String, body: String) {
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
            return (status, head, String(decoding: answer[end..<end + length], as: UTF8.self))
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
        // Whole answers are not read: whoever sends ten thousand a second must cost less than whoever answers them. A
        // status line ends in a carriage return like every line of a head, and no body of ours has one.
        let mark = Array("HTTP/1.1 ".utf8)
        let longest = 48
        var statuses: [Int] = []
        var kept = 0
        while statuses.count < count {
            let got = buffer.withUnsafeMutableBytes { read(socket, $0.baseAddress.map { $0 + kept }, $0.count - kept) }
            guard got > 0 else { throw BenchmarkError("the connection ended") }
            let end = kept + got
            buffer.withUnsafeBytes { bytes in
                guard let base = bytes.baseAddress else { return }
                var at = kept
                while at < end, let found = memchr(base + at, 13, end - at) {
                    let line = base.distance(to: UnsafeRawPointer(found))
                    for start in max(0, line - longest)..<max(0, line - mark.count - 3)
                    where bytes[start] == mark[0] && bytes[start..<start + mark.count].elementsEqual(mark)
                        && !bytes[start..<line].contains(13)
                    {
                        let digits = (0..<3).map { Int(bytes[start + mark.count + $0]) - 0x30 }
                        statuses.append(digits[0] * 100 + digits[1] * 10 + digits[2])
                    }
                    at = line + 1
                }
            }
            kept = min(longest, end)
            for index in 0..<kept { buffer[index] = buffer[end - kept + index] }
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
