import Foundation

/// A built daemon with what the kernel says of it; ended by its id.
final class DaemonUnderTest {
    let port: UInt16
    private let process: ChildProcess

    init(_ name: String, _ environment: [String: String], _ directory: URL) throws {
        port = try Self.freePort()
        let here = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process = try ChildProcess(
            here.deletingLastPathComponent().appending(path: name).path, [],
            environment.merging(["OTP_HTTP_BIND": "127.0.0.1:\(port)"]) { $1 },
            log: directory.appending(path: "\(name)-\(port).log"))
    }

    var isRunning: Bool { process.isRunning }
    /// The kernel's number of it.
    var id: Int32 { process.id }

    func kill() { process.kill() }
    func stop() {
        if !isRunning { say("a daemon ended by itself: \(process.logTail)") }
        process.stop()
    }

    /// Until `/readyz` says 200.
    func ready(within seconds: Double) throws {
        let limit = Date(timeIntervalSinceNow: seconds)
        while (try? get("/readyz"))?.status != 200 {
            guard Date() < limit, isRunning else {
                throw BenchmarkError("not ready: \(process.logTail)")
            }
            usleep(20_000)
        }
    }

    /// Until it has read what its topics held when it was asked; what runs beside must not be measured with it.
    func caughtUp(within seconds: Double = 120) throws {
        let limit = Date(timeIntervalSinceNow: seconds)
        // The figure is published once a second.
        usleep(1_200_000)
        while try metric("otp_desk_lag") > 0 {
            guard Date() < limit else { throw BenchmarkError("its desk is still behind after \(seconds) s") }
            usleep(200_000)
        }
    }

    func get(_ path: String) throws -> (status: Int, body: String) {
        try HTTPConnection(port: port).exchange("GET \(path) HTTP/1.1\r\nHost: bench\r\n\r\n", body: [])
    }

    /// A series of `/metrics`, summed over its labels.
    func metric(_ name: String) throws -> Double {
        try get("/metrics").body.split(separator: "\n").filter { $0.hasPrefix(name) }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// Processor time of all threads.
    var cpuSeconds: Double {
        Machine.processorSeconds(ofProcess: "\(process.id)")
    }

    /// `VmRSS` or `VmHWM`, in bytes.
    func memory(_ field: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process.id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    static func freePort() throws -> UInt16 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
            }
        }
        guard isBound else { throw BenchmarkError("no free port") }
        return UInt16(bigEndian: address.sin_port)
    }
}
