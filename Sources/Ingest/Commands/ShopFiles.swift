import Base
import Platforms
import Runtime

/// The body of a put, from the files the operator named: what is wrong with them is said here, what is wrong with their
/// contents the daemon says.
struct ShopFiles {
    private let arguments: ShopArguments
    private let terminal: Terminal

    init(_ arguments: ShopArguments, _ terminal: Terminal) {
        self.arguments = arguments
        self.terminal = terminal
    }

    func body() throws(ConfigurationProblems) -> JSONTree {
        let values = arguments.values
        let files = ["--token-file", "--secrets-file", "--settings"].compactMap { values[$0] }
        guard files.count(where: { $0 == "-" }) <= 1 else {
            throw ConfigurationProblems(["only one of the files can be standard input"])
        }
        let platform = values["--platform"] ?? ShopName.platform(of: arguments.shop)
        var body: [String: JSONTree] = ["platform": .string(platform)]
        switch (platform, values["--token-file"], values["--secrets-file"]) {
        case (ShopName.shopify, let path?, nil):
            body["accessToken"] = .string(try lines(path, "--token-file").joined(separator: "\n"))
        case (ShopName.orders, nil, let path?):
            body["webhookSecrets"] = .array(try lines(path, "--secrets-file").map(JSONTree.string))
        case (ShopName.shopify, _, _):
            throw ConfigurationProblems(["a Shopify shop has a --token-file, and no --secrets-file"])
        case (ShopName.orders, _, _):
            throw ConfigurationProblems(["a shop that is not at Shopify has a --secrets-file, and no --token-file"])
        default:
            throw ConfigurationProblems(["--platform is \(ShopName.shopify) or \(ShopName.orders)"])
        }
        if let plan = values["--plan"] { body["plan"] = .string(plan) }
        if let path = values["--settings"] {
            guard let settings = JSONTree(parsing: try read(path, "--settings")), case .object = settings else {
                throw ConfigurationProblems(["--settings is no JSON object"])
            }
            body["settings"] = settings
        }
        return .object(body)
    }

    /// The body of a patch that changes nothing but a source's secrets.
    func secrets() throws(ConfigurationProblems) -> JSONTree {
        guard let path = arguments.values["--secrets-file"] else {
            throw ConfigurationProblems(["which secrets? --secrets-file F, one whsec_… a line, the newest first"])
        }
        return .object(["webhookSecrets": .array(try lines(path, "--secrets-file").map(JSONTree.string))])
    }

    /// Those that are not empty, without what stands around them.
    private func lines(_ path: String, _ option: String) throws(ConfigurationProblems) -> [String] {
        let bytes = try read(path, option)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationProblems(["\(option) is not UTF-8"])
        }
        let lines = text.split(whereSeparator: \.isNewline).map { ShopText.trimmed($0) }
        guard lines.contains(where: { !$0.isEmpty }) else { throw ConfigurationProblems(["\(option) is empty"]) }
        return lines.filter { !$0.isEmpty }
    }

    private func read(_ path: String, _ option: String) throws(ConfigurationProblems) -> [UInt8] {
        do {
            return try terminal.read(path)
        } catch {
            throw ConfigurationProblems(["\(option) \(ShopText.quoted(path)) can't be read"])
        }
    }
}
