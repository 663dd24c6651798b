import CSystem
import Dispatch
import Glibc

/// SIGTERM and SIGINT as a stream of their names. From the first call on the process no longer dies of them by itself,
/// and none is lost: a handler puts each into a pipe, which keeps it until Dispatch comes to read it.
enum Signals {
    /// A closed socket is an error of the write that met it.
    static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }

    static func stream(_ wanted: [Int32: String] = [SIGTERM: "SIGTERM", SIGINT: "SIGINT"]) -> AsyncStream<String> {
        ignoreClosedPipes()
        let (stream, continuation) = AsyncStream<String>.makeStream()
        send(wanted, to: continuation)
        return stream
    }

    static func send(
        _ wanted: [Int32: String] = [SIGTERM: "SIGTERM", SIGINT: "SIGINT"],
        to continuation: AsyncStream<String>.Continuation
    ) {
        let pipe = otp_signal_pipe()
        guard pipe >= 0 else { fatalError("no pipe for signals: \(errno)") }
        let source = DispatchSource.makeReadSource(fileDescriptor: pipe, queue: .global())
        // The handler keeps its source alive: signals are wanted until the process ends.
        source.setEventHandler {
            withExtendedLifetime(source) {
                var number: UInt8 = 0
                while read(pipe, &number, 1) == 1 {
                    if let name = wanted[Int32(number)] { continuation.yield(name) }
                }
            }
        }
        source.resume()
        for number in wanted.keys {
            guard otp_signal_catch(number) == 0 else { fatalError("signal \(number) can't be caught: \(errno)") }
        }
    }
}
