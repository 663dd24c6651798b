import Glibc

/// One GET over a fresh connection to 127.0.0.1, read to its end: enough to ask a daemon how it is.
func get(_ path: String, port: UInt16) -> (status: Int, head: String, body: String) {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(connection) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let isConnected = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
    guard isConnected else { return (0, "", "") }
    let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
    guard send(connection, request, request.count, 0) == request.count else { return (0, "", "") }
    var answer: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65536)
    while case let count = recv(connection, &part, part.count, 0), count > 0 { answer += part[..<count] }
    let text = String(decoding: answer, as: UTF8.self)
    guard let end = text.firstRange(of: "\r\n\r\n") else { return (0, text, "") }
    let head = String(text[..<end.lowerBound])
    return (
        head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, head, String(text[end.upperBound...])
    )
}
