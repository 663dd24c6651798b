import Glibc

/// A detached thread of our own, for work that blocks: polling Kafka, an event loop, hashing. None of it may sit on the
/// cooperative pool or a Dispatch queue.
public enum OwnedThread {
    /// Below everything else of the process, as `DispatchQoS.background` is on Linux.
    private static let niceness: Int32 = 10

    /// Runs `body` on a new thread, which ends when it returns. A system without room for one more thread is a broken
    /// environment and ends the process: what would run there can't run anywhere else.
    ///
    /// - Parameters:
    ///   - name: for the message at the end of the process.
    ///   - givesWay: whether it, and every thread that is started from it, runs only where the others leave time.
    public static func start(_ name: StaticString, givesWay: Bool = false, _ body: @escaping @Sendable () -> Void) {
        do throws(ThreadError) {
            try attempt(name, givesWay: givesWay, body)
        } catch {
            fatalError("\(error)")
        }
    }

    /// As `start`, for a caller that can report the failure.
    public static func attempt(
        _ name: StaticString, givesWay: Bool = false, _ body: @escaping @Sendable () -> Void
    ) throws(ThreadError) {
        let box = Unmanaged.passRetained(
            Box {
                // Of the calling thread alone: Linux gives each its own.
                if givesWay { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
                body()
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        guard code == 0 else {
            box.release()
            throw ThreadError(name: name.description, code: code)
        }
        pthread_detach(thread)
    }

    /// Makes something on a thread of its own that gives way, and waits for it: a library's threads inherit the
    /// priority of the one they are started from. Makes it at once where nothing is to give way.
    public static func value<Value: Sendable, Failure: Error>(
        _ name: StaticString, givesWay: Bool, _ make: @escaping @Sendable () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard givesWay else { return try make() }
        let result = Monitor<Result<Value, Failure>?>(nil)
        start(name, givesWay: true) {
            let made: Result<Value, Failure>
            do throws(Failure) { made = .success(try make()) } catch { made = .failure(error) }
            result.update { $0 = made }
        }
        while true {
            if let made = result.wait(until: .after(.seconds(3600)), { $0 }) { return try made.get() }
        }
    }

    /// Blocks the calling thread: only for threads of our own.
    public static func pause(for duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var left = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
        var rest = timespec()
        while nanosleep(&left, &rest) != 0, errno == EINTR { left = rest }
    }

    /// The closure of a new thread, handed over by reference count: exactly one thread ever holds it.
    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// The system has no room for one more thread.
public struct ThreadError: Error, Equatable, CustomStringConvertible {
    public let name: String
    /// errno
    public let code: Int32

    public var description: String { "no thread for \(name): \(String(cString: strerror(code)))" }
}
