import Base

/// Something an operator asks a daemon's program for by words, `otp-reaper dead list`, instead of running the daemon.
///
/// It has parameters of its own, so that what needs no secret works without it. What it throws ends it as it would end
/// the daemon (``DaemonExit``), said in one line on stderr; a usage or configuration problem is 78.
public struct DaemonCommand: Sendable {
    /// `["dead", "list"]`
    public let words: [String]
    /// The arguments after the words, for `--help`: `[--json] [--limit N]`.
    public let usage: String
    /// One line for `--help`.
    public let summary: String
    /// Every environment variable it reads.
    public let parameters: [Parameter]
    let run: @Sendable (CommandContext) async throws -> ExitCode

    public init(
        _ words: [String], usage: String = "", summary: String, parameters: [Parameter],
        run: @escaping @Sendable (CommandContext) async throws -> ExitCode
    ) {
        self.words = words
        self.usage = usage
        self.summary = summary
        self.parameters = parameters
        self.run = run
    }
}

/// What a command is given: its arguments, its configuration, and where its words go.
public struct CommandContext: Sendable {
    /// The program's, `otp-reaper`.
    public let name: String
    /// Those after the command's words.
    public let arguments: [String]
    public let configuration: Configuration
    public let log: Log
    public let clock: Clock
    /// stdout, the answer; nothing is added to the text.
    public let output: @Sendable (String) -> Void
    /// stderr, what is said about it.
    public let error: @Sendable (String) -> Void

    /// For tests of a command; `Daemon.main` makes the real one.
    public init(
        name: String, arguments: [String], configuration: Configuration, log: Log, clock: Clock = .system,
        output: @escaping @Sendable (String) -> Void, error: @escaping @Sendable (String) -> Void
    ) {
        self.name = name
        self.arguments = arguments
        self.configuration = configuration
        self.log = log
        self.clock = clock
        self.output = output
        self.error = error
    }
}
