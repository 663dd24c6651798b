/// The text of `OTP_KAFKA_OPTIONS`: librdkafka properties as `name=value`, one a line; or, when there is no line end
/// in it, separated by commas. Values that hold a comma need the lines.
public enum KafkaOptions {
    public static func parse(_ text: String) -> Result<[(String, String)], ConfigurationProblems> {
        var options: [(String, String)] = []
        var problems: [String] = []
        let separator: Character = text.contains(where: \.isNewline) ? "\n" : ","
        let entries = text.split(omittingEmptySubsequences: false) {
            separator == "," ? $0 == "," : $0.isNewline
        }
        for (index, entry) in entries.enumerated() where !entry.allSatisfy(\.isWhitespace) {
            guard let equals = entry.firstIndex(of: "="), case let name = entry[..<equals].trimmed, !name.isEmpty else {
                problems.append("entry \(index + 1) is not name=value")
                continue
            }
            options.append((String(name), String(entry[entry.index(after: equals)...].trimmed)))
        }
        return problems.isEmpty ? .success(options) : .failure(ConfigurationProblems(problems))
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
