/// How a daemon ends, in the numbers of BSD's sysexits(3).
public enum ExitCode: Int32, Sendable {
    /// Stopped as asked.
    case ok = 0
    /// A command found nothing that it could do, or could not do all of it.
    case failed = 1
    /// Our own mistake: restarting may not help, the log line is for a developer.
    case bug = 70
    /// What we depend on is broken or away: the log line says what; restarting later helps.
    case environment = 75
    /// The configuration is wrong: every problem was named; restarting does not help.
    case configuration = 78
}

/// An error that knows how the daemon must end when it reaches the top. All other errors count as bugs.
public protocol DaemonExit: Error {
    var exitCode: ExitCode { get }
}

/// The plain way to end a daemon with a sentence for its operator.
public struct EnvironmentFailure: DaemonExit, CustomStringConvertible {
    public let description: String
    public var exitCode: ExitCode { .environment }

    public init(_ description: String) {
        self.description = description
    }
}
