import Glibc
import HTTP

/// The one shape of all daemons: arguments, configuration, log, health, metrics, HTTP, services, signals, exit code.
public enum Daemon {
    /// Never returns. Exit codes are ``ExitCode``'s: 0 stopped as asked (or `--help`, `--check`), 78 configuration,
    /// 75 environment, 70 bug. `build` makes the services and adds routes; what it throws ends the daemon likewise.
    public static func main(
        _ description: DaemonDescription,
        build: @escaping @Sendable (DaemonContext) async throws -> [Service]
    ) async -> Never {
        let code = await run(description, in: .live(), build: build)
        // Threads of libraries still run: exit handlers that free what they use would crash them. Nothing is buffered.
        _exit(code.rawValue)
    }

    static func run(
        _ description: DaemonDescription, in process: DaemonProcess,
        build: @escaping @Sendable (DaemonContext) async throws -> [Service]
    ) async -> ExitCode {
        if !Set(process.arguments).isDisjoint(with: ["--help", "-h"]) {
            process.output(
                HelpText.make(
                    name: description.name, summary: description.summary, parameters: description.parameters,
                    commands: description.commands))
            return .ok
        }
        if let code = await runCommand(description, process) { return code }
        let configuration: Configuration
        switch configure(description, process) {
        case .success(let good): configuration = good
        case .failure(let bad):
            process.error(bad.problems.map { "\(description.name): \($0)\n" }.joined())
            return bad.exitCode
        }
        if process.arguments.contains("--check") {
            process.output("\(description.name): the configuration is good\n")
            return .ok
        }
        return await serve(description, configuration, process, build)
    }

    private static func configure(
        _ description: DaemonDescription, _ process: DaemonProcess
    ) -> Result<Configuration, ConfigurationProblems> {
        let unknown = process.arguments.filter { $0 != "--check" }
            .map { "unknown argument \(Logfmt.quoted($0)): there are \(known(description))" }
        let loaded = Configuration.load(
            description.parameters, environment: process.environment, readFile: process.readFile)
        switch loaded {
        case .failure(let bad): return .failure(ConfigurationProblems(unknown + bad.problems))
        case .success(let good):
            let problems = unknown + description.check(good)
            return problems.isEmpty ? .success(good) : .failure(ConfigurationProblems(problems))
        }
    }

    private static func known(_ description: DaemonDescription) -> String {
        let commands = description.commands.map { $0.words.joined(separator: " ") }
        return (commands + ["--check"]).joined(separator: ", ") + " and --help"
    }

    static func log(
        _ description: DaemonDescription, _ configuration: Configuration, _ process: DaemonProcess
    ) -> Log {
        let levelName = CommonParameters.logLevel.name
        let level = configuration.declares(levelName) ? LogLevel(rawValue: configuration.text(levelName)) : nil
        return Log(name: description.name, level: level ?? .info, clock: process.clock, write: process.error)
    }

    private static func serve(
        _ description: DaemonDescription, _ configuration: Configuration, _ process: DaemonProcess,
        _ build: @escaping @Sendable (DaemonContext) async throws -> [Service]
    ) async -> ExitCode {
        process.beginsToServe()
        let log = log(description, configuration, process)
        let context = DaemonContext(
            name: description.name, configuration: configuration, log: log, clock: process.clock)
        ProcessMetrics.register(in: context.metrics)
        let supervisor = Supervisor(
            log: log, health: context.health, deadline: process.stopDeadline, beginsToStop: process.beginsToStop)
        return await supervisor.run(signals: process.signals) {
            let services = try await build(context)
            return Supervisor.Launch(door: Door.service(context, limits: description.limits), services: services)
        }
    }
}
