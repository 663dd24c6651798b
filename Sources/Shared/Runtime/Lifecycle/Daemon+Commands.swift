extension Daemon {
    /// Runs the command that the arguments begin with; nil when they name none.
    static func runCommand(_ description: DaemonDescription, _ process: DaemonProcess) async -> ExitCode? {
        guard let command = description.commands.first(where: { process.arguments.starts(with: $0.words) }) else {
            return nil
        }
        let title = ([description.name] + command.words).joined(separator: " ")
        let loaded = Configuration.load(
            command.parameters, environment: process.environment, readFile: process.readFile)
        do {
            let configuration = try loaded.get()
            let context = CommandContext(
                name: description.name, arguments: Array(process.arguments.dropFirst(command.words.count)),
                configuration: configuration, log: log(description, configuration, process), clock: process.clock,
                output: process.output, error: process.error)
            return try await command.run(context)
        } catch let bad as ConfigurationProblems {
            process.error(bad.problems.map { "\(title): \($0)\n" }.joined())
            return bad.exitCode
        } catch {
            process.error("\(title): \(error)\n")
            return (error as? any DaemonExit)?.exitCode ?? .bug
        }
    }
}
