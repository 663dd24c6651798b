import Foundation
import Synchronization

/// A process that ends with this one, also where this one is killed; otherwise by its id.
final class ChildProcess {
    let log: URL
    private let process = Process()
    /// Entered until the process has ended. Foundation's own waiting turns a core on any thread but the one that
    /// started it.
    private let end = DispatchGroup()

    /// - Parameter log: gets its standard output and error.
    init(_ program: String, _ arguments: [String], _ environment: [String: String], log: URL) throws {
        self.log = log
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = ["--pdeathsig", "TERM", "--", program] + arguments
        process.environment = environment
        try Data().write(to: log)
        let output = try FileHandle(forWritingTo: log)
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        end.enter()
        process.terminationHandler = { [end] _ in end.leave() }
        do {
            try Spawner.shared.start(process)
        } catch {
            end.leave()
            throw error
        }
    }

    var id: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }
    var logTail: String { String(((try? String(contentsOf: log, encoding: .utf8)) ?? "").suffix(2_000)) }

    func kill() {
        Glibc.kill(id, SIGKILL)
        end.wait()
    }

    func stop() {
        process.terminate()
        if end.wait(timeout: .now() + 15) == .timedOut { kill() }
    }

    /// Until it has ended by itself.
    func wait() -> Int32 {
        end.wait()
        return process.terminationStatus
    }

    /// Until something accepts connections there.
    func awaitPort(_ port: UInt16, within seconds: Double = 20) throws {
        let limit = Date(timeIntervalSinceNow: seconds)
        while (try? HTTPConnection(port: port)) == nil {
            guard Date() < limit, isRunning else { throw BenchmarkError("no answer on a peer's port: \(logTail)") }
            usleep(20_000)
        }
    }
}

/// One thread that lives as long as this program: the signal of a parent's death comes when the thread ends that
/// started the process, and threads of the pools come and go.
private final class Spawner: Sendable {
    static let shared = Spawner()

    private let waiting = Mutex<[@Sendable () -> Void]>([])
    private let bell = DispatchSemaphore(value: 0)

    private init() {
        Thread.detachNewThread { [self] in
            while true {
                bell.wait()
                waiting.withLock { $0.removeFirst() }()
            }
        }
    }

    func start(_ process: Process) throws {
        let done = DispatchSemaphore(value: 0)
        let problem = Mutex<(any Error)?>(nil)
        waiting.withLock {
            $0.append {
                do {
                    try process.run()
                } catch {
                    problem.withLock { $0 = error }
                }
                done.signal()
            }
        }
        bell.signal()
        done.wait()
        if let error = problem.withLock({ $0 }) { throw error }
    }
}
