import Glibc

/// A thread of our own for a poll loop: nothing that blocks may sit on the cooperative pool or a Dispatch queue.
enum OwnedThread {
    /// Below everything else of the process, as `DispatchQoS.background` is on Linux.
    private static let niceness: Int32 = 10

    /// Runs `body` on a new detached thread. Failing to get a thread is a broken environment and ends the process.
    ///
    /// - Parameter givesWay: whether it, and every thread that is started from it, runs only where the others leave time.
    static func start(_ name: StaticString, givesWay: Bool = false, _ body: @escaping @Sendable () -> Void) {
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
        guard code == 0 else { fatalError("no thread for \(name): \(code)") }
        pthread_detach(thread)
    }

    /// Makes something on a thread of its own and waits for it: librdkafka's threads inherit the priority of the one they are
    /// started from.
    static func value<Value: Sendable>(
        _ name: StaticString, givesWay: Bool, _ make: @escaping @Sendable () throws(KafkaError) -> Value
    ) throws(KafkaError) -> Value {
        guard givesWay else { return try make() }
        let result = Monitor<Result<Value, KafkaError>?>(nil)
        start(name, givesWay: true) {
            let made: Result<Value, KafkaError>
            do throws(KafkaError) { made = .success(try make()) } catch { made = .failure(error) }
            result.update { $0 = made }
        }
        while true {
            if let made = result.wait(until: .after(.seconds(3600)), { $0 }) { return try made.get() }
        }
    }

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// Between two attempts on a thread that may block.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
