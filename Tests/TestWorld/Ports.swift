import Foundation

/// Where a world's processes listen, all on loopback.
package struct Ports: Sendable {
    package let sandbox, kafka, ingest, sender, verifier, reaper: UInt16

    /// Six ports that were free a moment ago.
    package static func free() throws -> Ports {
        let free = try FreePorts.take(6)
        return Ports(
            sandbox: free[0], kafka: free[1], ingest: free[2], sender: free[3], verifier: free[4], reaper: free[5])
    }

    /// The door of a process by its name.
    package subscript(daemon: String) -> UInt16 {
        switch daemon {
        case "otp-sandbox": return sandbox
        case "otp-ingest": return ingest
        case "otp-sender": return sender
        case "otp-verifier": return verifier
        default: return reaper
        }
    }
}

/// Ports nobody listens on at the moment.
package enum FreePorts {
    package static func take(_ count: Int) throws -> [UInt16] {
        // All are held until all are known, so that no two are the same.
        var sockets: [Int32] = []
        defer { for socket in sockets { close(socket) } }
        return try (0..<count).map { _ in
            let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { throw WorldError("no socket") }
            sockets.append(socket)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let bound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
                }
            }
            guard bound else { throw WorldError("no free port") }
            return UInt16(bigEndian: address.sin_port)
        }
    }
}
