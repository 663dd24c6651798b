import FoundationEssentials

extension Configuration {
    /// Reads the parameters from `environment` (an empty value counts as unset) and, for secrets, from the file that
    /// NAME_FILE names; one line end at a file's end is not part of the value. All problems at once.
    public static func load(
        _ parameters: [Parameter], environment: [String: String],
        readFile: (String) throws -> [UInt8] = Configuration.contents
    ) -> Result<Configuration, ConfigurationProblems> {
        var values: [String: String] = [:]
        var problems: [String] = []
        let plainHosts = Set(Parameter.entries(of: environment["OTP_PLAIN_HTTP_HOSTS"] ?? "").map { $0.lowercased() })
        for parameter in parameters {
            switch raw(parameter, environment, readFile) {
            case .failure(let problem): problems += problem.problems
            case .success(nil): values[parameter.name] = parameter.default
            case .success(let value?): values[parameter.name] = value
            }
            guard let value = values[parameter.name] else { continue }
            if let complaint = parameter.complaint(about: value, plainHosts: plainHosts) {
                let shown = parameter.secret ? "" : " (it is \(Logfmt.quoted(value)))"
                problems.append("\(parameter.name) \(complaint)\(shown)")
            }
        }
        let configuration = Configuration(values: values, parameters: parameters)
        problems += configuration.plaintextKafkaProblem()
        return problems.isEmpty ? .success(configuration) : .failure(ConfigurationProblems(problems))
    }

    /// A file's bytes.
    public static func contents(of path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private static func raw(
        _ parameter: Parameter, _ environment: [String: String], _ readFile: (String) throws -> [UInt8]
    ) -> Result<String?, ConfigurationProblems> {
        let name = parameter.name
        let direct = environment[name].flatMap { $0.isEmpty ? nil : $0 }
        let file = environment["\(name)_FILE"].flatMap { $0.isEmpty || !parameter.secret ? nil : $0 }
        switch (direct, file) {
        case (.some, .some):
            return .failure(ConfigurationProblems(["\(name) and \(name)_FILE are both set"]))
        case (nil, let path?):
            return text(of: path, for: name, readFile)
        case (nil, nil) where parameter.required && parameter.default == nil:
            let alternative = parameter.secret ? " (or \(name)_FILE)" : ""
            return .failure(ConfigurationProblems(["\(name)\(alternative) is missing: \(parameter.help)"]))
        case (let value, nil):
            return .success(value)
        }
    }

    private static func text(
        of path: String, for name: String, _ readFile: (String) throws -> [UInt8]
    ) -> Result<String?, ConfigurationProblems> {
        let shown = "\(name)_FILE (\(Logfmt.quoted(path)))"
        let bytes: [UInt8]
        do {
            bytes = try readFile(path)
        } catch {
            return .failure(ConfigurationProblems(["\(shown) can't be read"]))
        }
        guard var text = String(validating: bytes, as: UTF8.self) else {
            return .failure(ConfigurationProblems(["\(shown) is not UTF-8"]))
        }
        if text.last?.isNewline == true { text.removeLast() }
        return text.isEmpty ? .failure(ConfigurationProblems(["\(shown) is empty"])) : .success(text)
    }

    /// Brokers off loopback are reached by TLS, unless the operator says otherwise by name.
    private func plaintextKafkaProblem() -> [String] {
        let (brokers, options) = (CommonParameters.kafkaBrokers.name, CommonParameters.kafkaOptions.name)
        let override = CommonParameters.kafkaPlaintext.name
        guard declares(brokers), declares(options), declares(override), !flag(override),
            case .success(let parsed) = KafkaOptions.parse(optionalText(options) ?? ""),
            !KafkaOptions.isEncrypted(parsed),
            list(brokers).contains(where: { HostPort($0)?.isLoopback == false })
        else { return [] }
        return [
            "\(brokers) names a broker off loopback without TLS: set security.protocol=ssl or sasl_ssl in \(options), "
                + "or \(override)=1 for a network you trust"
        ]
    }
}
