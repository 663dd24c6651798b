import Glibc
import Runtime

/// What the commands read beside their arguments, as values.
struct Terminal: Sendable {
    /// A file's bytes; `-` is standard input.
    var read: @Sendable (String) throws -> [UInt8]
    /// The line that a person answers; nil where nobody sits there.
    var ask: @Sendable (_ question: String) -> String?

    static let live = Terminal(
        read: { try Configuration.contents(of: $0 == "-" ? "/dev/stdin" : $0) },
        ask: { question in
            guard isatty(0) == 1, isatty(2) == 1 else { return nil }
            StandardStream.error.write(question)
            return readLine()
        })
}
