import Foundation

/// A built daemon with what the kernel says of it; ended by its id.
final class DaemonUnderTest {
    let port: UInt16
    private let process = Process()
    private let log: URL

    init(_ name: String, _ environment: [String: String], _ directory: URL) throws {
        port = try Self.freePort()
        log = directory.appending(path: "\(name)-\(port).log")
        let here = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.executableURL = here.deletingLastPathComponent().appending(path: name)
        process.environment = environment.merging(["OTP_HTTP_BIND": "127.0.0.1:\(port)"]) { $1 }
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func kill() {
        Glibc.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Until `/readyz` says 200.
    func ready(within seconds: Double) throws {
        let limit = Date(timeIntervalSinceNow: seconds)
        while (try? get("/readyz"))?.status != 200 {
            guard Date() < limit, isRunning else {
                throw BenchmarkError(
                    "not ready: \((try? String(contentsOf: log, encoding: .utf8))?.suffix(2_000) ?? "")")
            }
            usleep(20_000)
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
        let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)) ?? ""
        let fields = text.split(separator: ")").last.map { $0.split(separator: " ") } ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// `VmRSS` or `VmHWM`, in bytes.
    func memory(_ field: String) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix(field + ":") } ?? ""
        return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    private static func freePort() throws -> UInt16 {
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
