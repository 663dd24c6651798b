import Base
import Kafka
import Pipeline
import Runtime
import Security

/// `otp-reaper dead …`: what operators do with messages that could not be processed. 0 done (an empty list among
/// it), 1 what was named is not there or not all could be done, 75 Kafka is away, 78 wrong arguments or configuration.
enum DeadCommands {
    static let all = [list, show, redrive]

    private static let common = [
        CommonParameters.kafkaBrokers, CommonParameters.kafkaOptions, CommonParameters.kafkaPlaintext,
        CommonParameters.topicPrefix, CommonParameters.logLevel,
    ]

    /// Needs no key: everything it shows stands in the clear.
    static let list = DaemonCommand(
        ["dead", "list"], usage: "[--json] [--reason R] [--limit N]",
        summary: "the dead letters, oldest first (the newest N): place, time, daemon, reason, origin, key",
        parameters: common
    ) { context in
        let arguments = try DeadArguments(
            context.arguments, place: false, flags: ["--json"], values: ["--reason", "--limit"])
        let limit = try arguments.limit()
        let entries = try await DeadTopic(context).entries()
            .filter { arguments.reason == nil || $0.reason == arguments.reason }
        for entry in entries.suffix(limit ?? entries.count) {
            context.output((arguments.flags.contains("--json") ? try entry.json() : entry.line) + "\n")
        }
        // On standard error: what reads the output finds no letter there.
        if entries.isEmpty {
            let which = arguments.reason.map { " with the reason \(DeadText.quoted($0))" } ?? ""
            context.error("\(context.name): there are no dead letters\(which)\n")
        }
        return .ok
    }

    static let show = DaemonCommand(
        ["dead", "show"], usage: "PARTITION/OFFSET", summary: "one letter, unsealed; it may hold personal data",
        parameters: common + [PipelineEnvironment.keyringParameter]
    ) { context in
        guard let place = try DeadArguments(context.arguments, place: true).place else { throw placeMissing }
        guard let record = try await DeadTopic(context).letter(place), let entry = DeadEntry(record) else {
            return refuse(context, "there is no dead letter at \(place)")
        }
        let letter: DeadLetter
        do throws(WireProblem) {
            letter = try DeadLetter(opening: record, keyring(context))
        } catch {
            return refuse(context, "\(place) can't be opened: \(error)")
        }
        context.error("\(context.name): what follows may hold personal data\n")
        context.output(page(entry, letter))
        return .ok
    }

    static let redrive = DaemonCommand(
        ["dead", "redrive"], usage: "PARTITION/OFFSET | --all [--reason R] [--dry-run] [--force]",
        summary: "sends the message again to where it was, once (--force: once more)",
        parameters: common + [PipelineEnvironment.keyringParameter]
    ) { context in
        let arguments = try DeadArguments(
            context.arguments, place: true, flags: ["--all", "--dry-run", "--force"], values: ["--reason"])
        guard (arguments.place == nil) == arguments.flags.contains("--all") else { throw placeMissing }
        return try await DeadRedrive(context, arguments, keyring(context)).run()
    }

    private static let placeMissing = ConfigurationProblems(["which letter? PARTITION/OFFSET, as dead list shows it"])

    static func refuse(_ context: CommandContext, _ reason: String) -> ExitCode {
        context.error("\(context.name): \(reason)\n")
        return .failed
    }

    private static func keyring(_ context: CommandContext) -> Keyring {
        let text = String(
            decoding: context.configuration.secret(PipelineEnvironment.keyringParameter.name), as: UTF8.self)
        do throws(KeyringError) {
            return try Keyring(parsing: text)
        } catch {
            preconditionFailure("the keyring was checked when the configuration was")
        }
    }

    private static func page(_ entry: DeadEntry, _ letter: DeadLetter) -> String {
        var lines = [
            "letter: \(entry.place)", "time: \(RFC3339.precise(entry.timestamp))", "daemon: \(entry.daemon)",
            "reason: \(entry.reason)", "from: \(entry.from)",
            "key: \(letter.key.map { DeadText.shown([UInt8]($0)) } ?? "none")",
        ]
        for header in letter.headers {
            let name = DeadText.shown(Array(header.name.utf8))
            lines.append("header \(name): \(DeadText.shown([UInt8](header.value)))")
        }
        guard let value = letter.value else { return (lines + ["value: none"]).joined(separator: "\n") + "\n" }
        let text = DeadText.page([UInt8](value))
        lines.append("value: \(value.count) bytes\(text == nil ? ", in base64" : "")")
        lines.append(text ?? value.base64EncodedString())
        return lines.joined(separator: "\n") + "\n"
    }
}
