#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a daemon takes from and gives to its process, as values, so that tests can stand in.
struct DaemonProcess: Sendable {
    /// Without the program's own name.
    var arguments: [String]
    var environment: [String: String]
    var readFile: @Sendable (String) throws -> [UInt8] = { try Configuration.contents(of: $0) }
    var output: @Sendable (String) -> Void = StandardStream.output.write
    var error: @Sendable (String) -> Void = StandardStream.error.write
    var clock: Clock = .system
    /// For stopping, all services together.
    var stopDeadline: Duration = .seconds(10)
    /// Names of signals that ask to stop.
    var signals: AsyncStream<String>

    static func live() -> DaemonProcess {
        DaemonProcess(
            arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
            signals: Signals.stream())
    }
}
