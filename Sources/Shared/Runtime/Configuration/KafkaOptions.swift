/// The text of `OTP_KAFKA_OPTIONS`: librdkafka properties as `name=value`, one a line; or, when there is no line end in
/// it, separated by commas. Between commas `\,` is a comma of a value and `\\` a backslash; on lines of their own
/// values stand as they are. The first `=` of an entry ends its name, every other belongs to the value.
public enum KafkaOptions {
    public static func parse(_ text: String) -> Result<[(String, String)], ConfigurationProblems> {
        var options: [(String, String)] = []
        var problems: [String] = []
        let isByLine = text.contains(where: \.isNewline)
        let entries = isByLine ? text.split(whereSeparator: \.isNewline).map(String.init) : separated(text)
        for (index, entry) in entries.filter({ !$0.allSatisfy(\.isWhitespace) }).enumerated() {
            guard let equals = entry.firstIndex(of: "="), case let name = entry[..<equals].trimmed, !name.isEmpty else {
                // Nothing of it is shown: it may be the second half of a password.
                let hint = isByLine ? "" : " (a comma of a value is written \\,)"
                problems.append("entry \(index + 1) is not name=value\(hint)")
                continue
            }
            options.append((String(name), String(entry[entry.index(after: equals)...].trimmed)))
        }
        return problems.isEmpty ? .success(options) : .failure(ConfigurationProblems(problems))
    }

    /// By commas that no backslash stands before. A backslash before anything but a comma or a backslash is itself.
    private static func separated(_ text: String) -> [String] {
        var entries = [""]
        var isEscaped = false
        for character in text {
            if isEscaped {
                entries[entries.count - 1] += (character == "," || character == "\\" ? "" : "\\") + String(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                entries.append("")
            } else {
                entries[entries.count - 1].append(character)
            }
        }
        if isEscaped { entries[entries.count - 1] += "\\" }
        return entries
    }

    /// Whether these options make librdkafka talk TLS.
    static func isEncrypted(_ options: [(String, String)]) -> Bool {
        let last = options.last { $0.0 == "security.protocol" }
        return ["ssl", "sasl_ssl"].contains(last?.1.lowercased())
    }
}

extension StringProtocol {
    /// Without white space at both ends.
    var trimmed: SubSequence {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
