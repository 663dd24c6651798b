import Base
import Foundation
import Glibc
import Synchronization

/// Debian's Chromium without a window, spoken to by the DevTools protocol over two pipes (`--remote-debugging-pipe`).
///
/// It speaks to loopback only: every name but `127.0.0.1` is unknown to it. Its process group is ended by its id and
/// its profile removed by `close`. What is asked of it and not answered in time throws.
package final class Chromium: Sendable {
    private struct State {
        var lastId = 0
        var waiting: [Int: CheckedContinuation<JSONTree, any Error>] = [:]
        var events: [(session: String?, method: String, parameters: JSONTree)] = []
        var why: String?
    }

    /// Where it is looked for; `OTP_CHROMIUM` names another.
    private static var program: String? {
        let named = ProcessInfo.processInfo.environment["OTP_CHROMIUM"].map { [$0] }
        let usual = ["chromium", "chromium-browser", "google-chrome"].map { "/usr/bin/\($0)" }
        return (named ?? usual)
            .first { access($0, X_OK) == 0 }
    }

    private static let arguments = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
        "--disable-default-apps", "--no-default-browser-check", "--mute-audio", "--hide-scrollbars",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe",
    ]

    private let pid: pid_t
    private let toBrowser: Int32
    private let fromBrowser: Int32
    private let profile: URL
    private let state = Mutex(State())

    package init() throws {
        guard let program = Self.program else {
            throw BrowserError(
                "chromium is missing: compose/test installs it, or: apt-get install --no-install-recommends chromium")
        }
        profile = FileManager.default.temporaryDirectory.appending(path: "otp-chromium-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        var down: [Int32] = [0, 0]
        var up: [Int32] = [0, 0]
        guard pipe(&down) == 0, pipe(&up) == 0 else { throw BrowserError("no pipe") }
        // None of them is for any other process that a test starts.
        for descriptor in down + up { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (toBrowser, fromBrowser) = (down[1], up[0])
        // Writing to one that has ended is an error like any other, not the end of the tests.
        signal(SIGPIPE, SIG_IGN)
        pid = try Self.spawn(program, profile, reading: down[0], writing: up[1])
        Glibc.close(down[0])
        Glibc.close(up[1])
        let reader = Thread { [weak self, fromBrowser] in Self.read(fromBrowser) { self?.take($0) } }
        reader.start()
    }

    /// In a group of its own, so that its helpers end with it; it reads from 3 and writes to 4.
    private static func spawn(_ program: String, _ profile: URL, reading: Int32, writing: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        let log = profile.appending(path: "log").path
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // Out of the way of 3 and 4 first, whatever numbers the pipes have.
        posix_spawn_file_actions_adddup2(&actions, reading, 103)
        posix_spawn_file_actions_adddup2(&actions, writing, 104)
        posix_spawn_file_actions_adddup2(&actions, 103, 3)
        posix_spawn_file_actions_adddup2(&actions, 104, 4)
        posix_spawn_file_actions_addclose(&actions, 103)
        posix_spawn_file_actions_addclose(&actions, 104)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let words = [program] + arguments + ["--user-data-dir=\(profile.path)", "about:blank"]
        let argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let settings: [String] = ["PATH=/usr/bin:/bin", "HOME=\(profile.path)", "LANG=C.UTF-8"]
        let variables: [UnsafeMutablePointer<CChar>?] = settings.map { strdup($0) } + [nil]
        defer { (argv + variables).forEach { free($0) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, &attributes, argv, variables)
        guard code == 0 else { throw BrowserError("can't start \(program): \(String(cString: strerror(code)))") }
        return pid
    }

    /// Messages end with NUL. Returns when the browser has gone.
    private static func read(_ descriptor: Int32, _ take: (JSONTree?) -> Void) {
        var pending: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count > 0 else { break }
            pending += chunk[0..<count]
            while let end = pending.firstIndex(of: 0) {
                if let message = JSONTree(parsing: pending[..<end]) { take(message) }
                pending.removeSubrange(...end)
            }
        }
        Glibc.close(descriptor)
        take(nil)
    }

    private func take(_ message: JSONTree?) {
        guard let message else { return fail("the browser has ended") }
        if let id = message["id"]?.integer.map({ Int($0) }) {
            let waiting = state.withLock { $0.waiting.removeValue(forKey: id) }
            if let problem = message["error"]?["message"]?.string {
                waiting?.resume(throwing: BrowserError(problem))
            } else {
                waiting?.resume(returning: message["result"] ?? .null)
            }
        } else if let method = message["method"]?.string {
            state.withLock { $0.events.append((message["sessionId"]?.string, method, message["params"] ?? .null)) }
        }
    }

    private func fail(_ why: String) {
        let waiting = state.withLock { state in
            state.why = why
            defer { state.waiting = [:] }
            return state.waiting.values.map { $0 }
        }
        for continuation in waiting { continuation.resume(throwing: BrowserError(why)) }
    }

    /// Asks for one thing and returns what it came to.
    package func send(
        _ method: String, _ parameters: [String: JSONTree] = [:], session: String? = nil, within seconds: Double = 30
    ) async throws -> JSONTree {
        let id = state.withLock { state in
            state.lastId += 1
            return state.lastId
        }
        var message: [String: JSONTree] = [
            "id": .integer(Int64(id)), "method": .string(method), "params": .object(parameters),
        ]
        if let session { message["sessionId"] = .string(session) }
        let bytes = JSONTree.object(message).bytes + [0]
        let patience = Task { [weak self] in
            try await Task.sleep(for: .seconds(seconds))
            self?.state.withLock { $0.waiting.removeValue(forKey: id) }?
                .resume(throwing: BrowserError("no answer to \(method)"))
        }
        defer { patience.cancel() }
        return try await withCheckedThrowingContinuation { continuation in
            let why = state.withLock { state in
                if state.why == nil { state.waiting[id] = continuation }
                return state.why
            }
            if let why { return continuation.resume(throwing: BrowserError(why)) }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { write(toBrowser, $0.baseAddress, $0.count) }
                guard count > 0 else { return fail("the browser does not listen") }
                sent += count
            }
        }
    }

    /// What it has told of a session so far, in order.
    package func events(_ method: String, session: String) -> [JSONTree] {
        state.withLock { state in
            state.events.filter { $0.session == session && $0.method == method }.map(\.parameters)
        }
    }

    package func forget(session: String) {
        state.withLock { $0.events.removeAll { $0.session == session } }
    }

    /// Ends it and all it has started, and takes its profile away.
    package func close() async {
        do {
            _ = try await send("Browser.close", within: 5)
        } catch {
            kill(-pid, SIGKILL)
        }
        var status: Int32 = 0
        for _ in 0..<500 where waitpid(pid, &status, WNOHANG) == 0 { usleep(10_000) }
        kill(-pid, SIGKILL)
        waitpid(pid, &status, 0)
        Glibc.close(toBrowser)
        for _ in 0..<5 where FileManager.default.fileExists(atPath: profile.path) {
            do {
                try FileManager.default.removeItem(at: profile)
            } catch {
                // A helper that is still going writes its last files.
                usleep(200_000)
            }
        }
    }
}

package struct BrowserError: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
