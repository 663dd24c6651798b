import Glibc

/// The closure a new thread runs; handed over by reference count, so exactly one thread ever holds it.
private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) {
        self.run = run
    }
}

/// Starts a detached thread that ends when `run` returns. A system without room for
/// one more thread ends the process: what would run there can't run anywhere else.
func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = Unmanaged.passRetained(ThreadBody(run))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, nil,
        { argument in
            guard let argument else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }, body.toOpaque())
    guard code == 0 else { fatalError("no thread: \(String(cString: strerror(code)))") }
    pthread_detach(thread)
}
