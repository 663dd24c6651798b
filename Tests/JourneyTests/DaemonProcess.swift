import Foundation

/// A built daemon, started by this test and ended by its id.
final class DaemonProcess: Sendable {
    let name: String
    let log: URL
    private let pid: pid_t

    /// Starts the product that stands beside the test bundle; standard output and error go to `<name>.log`.
    init(_ name: String, environment: [String: String], directory: URL) throws {
        self.name = name
        log = directory.appending(path: "\(name).log")
        let program = try Self.products().appending(path: name).path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let arguments = [strdup(program), nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, arguments, variables)
        guard code == 0 else { throw WorldError("can't start \(program): \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    /// False once the process has ended; it is then reaped.
    var isRunning: Bool { waitpid(pid, nil, WNOHANG) == 0 }

    func signal(_ number: Int32) {
        kill(pid, number)
    }

    /// Asks it to end, insists after ten seconds, and returns its exit code; nil where it had to be killed.
    @discardableResult
    func stop() -> Int32? {
        kill(pid, SIGCONT)
        kill(pid, SIGTERM)
        var status: Int32 = 0
        for _ in 0..<1000 {
            let ended = waitpid(pid, &status, WNOHANG)
            if ended != 0 { return ended == pid && status & 0x7f == 0 ? (status >> 8) & 0xff : nil }
            usleep(10_000)
        }
        kill(pid, SIGKILL)
        waitpid(pid, &status, 0)
        return nil
    }

    func tail() -> String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: " | ")
    }

    private static func products() throws -> URL {
        // The test runner lives where the products were built.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            return URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        return URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
    }
}

/// Ports nobody listens on at the moment.
enum FreePorts {
    static func take(_ count: Int) throws -> [UInt16] {
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
