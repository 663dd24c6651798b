import Dispatch
import Glibc

/// SIGTERM and SIGINT as a stream of their names, read by Dispatch; SIGPIPE is ignored, a closed socket is an error of
/// the write that met it. From the first call on the process no longer dies of them by itself.
enum Signals {
    static func stream() -> AsyncStream<String> {
        signal(SIGPIPE, SIG_IGN)
        let (stream, continuation) = AsyncStream<String>.makeStream()
        for (number, name) in [(SIGTERM, "SIGTERM"), (SIGINT, "SIGINT")] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            // The handler keeps its source alive: signals are wanted until the process ends.
            source.setEventHandler {
                withExtendedLifetime(source) { _ = continuation.yield(name) }
            }
            source.resume()
        }
        return stream
    }
}
