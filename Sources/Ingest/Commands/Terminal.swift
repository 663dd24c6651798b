import Glibc
import Runtime

/// What the commands read beside their arguments, as values.
struct Terminal: Sendable {
    /// A file's bytes; `-` is standard input.
    var read: @Sendable (String) throws -> [UInt8]
    /// The line that a person answers; nil where nobody sits there.
    var ask: @Sendable (_ question: String) -> String?

    static let live = Terminal(
        read: { try $0 == "-" ? standardInput() : Configuration.contents(of: $0) },
        ask: { question in
            guard isatty(0) == 1, isatty(2) == 1 else { return nil }
            StandardStream.error.write(question)
            return readLine()
        })

    private static func standardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(0, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw EnvironmentFailure("standard input can't be read") }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}
