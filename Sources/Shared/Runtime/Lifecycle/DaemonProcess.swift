import Base
import FoundationEssentials
import CSystem
import Glibc

/// What a daemon takes from and gives to its process, as values, so that tests can stand in.
struct DaemonProcess: Sendable {
    /// Without the program's own name.
    var arguments: [String]
    var environment: [String: String]
    var readFile: @Sendable (String) throws -> [UInt8] = { try Configuration.contents(of: $0) }
    var output: @Sendable (String) -> Void = StandardStream.output.write
    var error: @Sendable (String) -> Void = StandardStream.error.write
    var clock: Clock = .system
    /// For stopping, all services together; below `lastMoment`, so that what is given up is said.
    var stopDeadline: Duration = StopBudget.total
    /// Called before anything of the daemon is built; not for commands and `--check`, which end as any program does.
    var beginsToServe: @Sendable () -> Void = {}
    /// Called when the daemon begins to stop, however that came.
    var beginsToStop: @Sendable () -> Void = {}
    /// Names of signals that ask to stop.
    var signals: AsyncStream<String>

    /// From being asked to go to being gone: a second less than the promised ten.
    private static let lastMoment: UInt32 = 9

    /// From a signal on the end comes within `lastMoment` seconds even where no thread of the process gets on any more:
    /// a log that nobody reads, a machine that runs others first.
    static func live() -> DaemonProcess {
        Signals.ignoreClosedPipes()
        let (signals, continuation) = AsyncStream<String>.makeStream()
        return DaemonProcess(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
            beginsToServe: {
                guard otp_exit_within(lastMoment, ExitCode.environment.rawValue) == 0 else {
                    fatalError("the end can't be bounded: \(errno)")
                }
                Signals.send(to: continuation)
            },
            beginsToStop: otp_exit_begin, signals: signals)
    }
}
