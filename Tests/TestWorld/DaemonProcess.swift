import Foundation
import Synchronization

/// A built daemon, started by a test and ended by its id.
///
/// A signal only ever goes to the process that was started: once it has ended and been reaped, nothing is sent any
/// more.
package final class DaemonProcess: Sendable {
    package enum End: Equatable, Sendable {
        case exited(Int32)
        case signalled(Int32)
    }

    package let name: String
    package let log: URL
    private let pid: pid_t
    private let ended = Mutex<End?>(nil)

    /// Starts the product that stands beside the test bundle; standard output and error go to `<log>.log`.
    package init(_ name: String, environment: [String: String], directory: URL, log: String? = nil) throws {
        self.name = name
        self.log = directory.appending(path: "\(log ?? name).log")
        let program = try Self.products().appending(path: name).path
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, self.log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let arguments = [strdup(program), nil]
        let variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (arguments + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, arguments, variables)
        guard code == 0 else { throw WorldError("can't start \(program): \(String(cString: strerror(code)))") }
        self.pid = pid
    }

    /// How it ended; nil while it runs.
    package var end: End? { ended.withLock { reap(&$0, WNOHANG) } }

    package var isRunning: Bool { end == nil }

    package func signal(_ number: Int32) {
        ended.withLock { ended in
            if reap(&ended, WNOHANG) == nil { kill(pid, number) }
        }
    }

    /// Asks it to end, insists after ten seconds, and returns its exit code; nil where it had to be killed.
    @discardableResult
    package func stop() -> Int32? {
        signal(SIGCONT)
        signal(SIGTERM)
        for _ in 0..<1000 where isRunning { usleep(10_000) }
        guard let end else {
            signal(SIGKILL)
            ended.withLock { _ = reap(&$0, 0) }
            return nil
        }
        guard case .exited(let code) = end else { return nil }
        return code
    }

    /// The last lines of its log.
    package func tail() -> String {
        let text = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(5).joined(separator: " | ")
    }

    private func reap(_ ended: inout End?, _ options: Int32) -> End? {
        if let ended { return ended }
        var status: Int32 = 0
        guard waitpid(pid, &status, options) == pid else { return nil }
        let signal = status & 0x7f
        ended = signal == 0 ? .exited((status >> 8) & 0xff) : .signalled(signal)
        return ended
    }

    /// Where the programs stand.
    package static func products() throws -> URL {
        // The test runner lives where the products were built.
        for argument in CommandLine.arguments where argument.contains(".xctest") {
            return URL(fileURLWithPath: argument).deletingLastPathComponent()
        }
        return URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
    }
}

package struct WorldError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
