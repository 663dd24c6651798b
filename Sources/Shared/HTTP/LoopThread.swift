import Glibc

/// A detached thread for one event loop: its work blocks in epoll and must not sit on the cooperative pool.
enum LoopThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void

        init(_ run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }

    static func start(_ run: @escaping @Sendable () -> Void) throws(HTTPServerError) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(run))
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, work.toOpaque())
        guard result == 0 else {
            work.release()
            throw HTTPServerError(operation: "pthread_create", code: result)
        }
        pthread_detach(thread)
    }
}
