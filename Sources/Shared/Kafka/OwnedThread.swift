import Glibc

/// A thread of our own for a poll loop: nothing that blocks may sit on the cooperative pool or a Dispatch queue.
enum OwnedThread {
    /// Runs `body` on a new detached thread. Failing to get a thread is a broken environment and ends the process.
    static func start(_ name: StaticString, _ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Box(body: body))
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

    private final class Box: Sendable {
        let body: @Sendable () -> Void
        init(body: @escaping @Sendable () -> Void) { self.body = body }
    }
}

/// Between two attempts on a thread that may block.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
