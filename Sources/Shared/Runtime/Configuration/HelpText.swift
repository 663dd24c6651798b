/// What `--help` prints: the daemon, its two options, its commands, and every parameter with its default.
enum HelpText {
    static func make(
        name: String, summary: String, parameters: [Parameter], commands: [DaemonCommand] = []
    ) -> String {
        var lines = [
            "\(name): \(summary)", "",
            "usage: \(name) [--check | --help]",
            "  --check  check the configuration, name every problem, and stop",
            "  --help   this text", "",
        ]
        if !commands.isEmpty { lines.append("commands, instead of running the daemon:") }
        for command in commands {
            lines.append("  " + ([name] + command.words + [command.usage]).joined(separator: " "))
            lines.append("      \(command.summary)")
        }
        if !commands.isEmpty { lines.append("") }
        lines.append("Configuration comes from the environment:")
        for parameter in parameters {
            lines.append("  \(parameter.name)\(parameter.secret ? " or \(parameter.name)_FILE" : "")")
            lines.append("      \(parameter.help)\(shape(parameter)) [\(fallback(parameter))]")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func fallback(_ parameter: Parameter) -> String {
        if let value = parameter.default { return "default: \(value)" }
        return parameter.required ? "required" : "default: unset"
    }

    private static func shape(_ parameter: Parameter) -> String {
        switch parameter.kind {
        case .text, .custom: ""
        case .oneOf(let words): "; \(words.joined(separator: " | "))"
        case .integer(let range): "; \(range.lowerBound) to \(range.upperBound)"
        case .address: "; host:port"
        case .addresses: "; host:port,…"
        case .url: "; URL"
        case .base64Key32: "; base64 of 32 bytes"
        case .list: "; a,b,…"
        case .flag: "; on or off"
        }
    }
}
