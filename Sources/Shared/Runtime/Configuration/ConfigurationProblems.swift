/// Everything that is wrong with a configuration, one sentence each; no sentence shows the value of a secret.
public struct ConfigurationProblems: DaemonExit, Equatable, CustomStringConvertible {
    public let problems: [String]
    public var exitCode: ExitCode { .configuration }

    public init(_ problems: [String]) {
        self.problems = problems
    }

    public var description: String { problems.joined(separator: "; ") }
}
