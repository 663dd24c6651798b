import Base
import HTTP
import Runtime

/// `otp-ingest shops …`: what operators do with shops, by the HTTP API of a running daemon. 0 done, 1 refused or not
/// there, 75 the daemon is away or not ready, 78 wrong arguments or configuration. Secrets are read from files, never
/// shown.
struct ShopCommands: Sendable {
    /// The way to the daemon, made when a command runs; tests script it.
    var http: @Sendable () -> HTTPClient
    var terminal = Terminal.live

    static let url = Parameter(
        "OTP_INGEST_URL", default: "http://127.0.0.1:8081", kind: .url, help: "where the daemon's own door is")

    static let parameters = [
        url, CommonParameters.adminToken, CommonParameters.plainHTTPHosts, CommonParameters.logLevel,
    ]

    var all: [DaemonCommand] { [list, show, add, secrets, pause, resume, remove] }

    private var list: DaemonCommand {
        command("list", "[--json]", "every shop, in the order of their names; with --json one a line") { context in
            let arguments = try ShopArguments(context.arguments, shop: false)
            let api = ShopAPI(context, http())
            var (entries, after): ([JSONTree], String?) = ([], nil)
            repeat {
                let page = try await api.page(after: after)
                if arguments.json { page.shops.forEach { context.output(ShopText.json($0)) } }
                entries += page.shops
                after = page.next
            } while after != nil
            if !arguments.json { context.output(ShopText.table(entries)) }
            return .ok
        }
    }

    private var show: DaemonCommand {
        command("show", "SHOP [--json]", "all settings of one") { context in
            let arguments = try ShopArguments(context.arguments)
            let shop = try await ShopAPI(context, http()).call("GET", arguments.shop)
            context.output(arguments.json ? ShopText.json(shop) : ShopText.page(shop, name: arguments.shop))
            return .ok
        }
    }

    private var add: DaemonCommand {
        command(
            "add",
            "SHOP [--token-file F|-] [--secrets-file F|-] [--settings F|-] [--plan P] [--platform P] [--replace] [--json]",
            "puts a shop: a Shopify shop with its token, any other with the secrets (whsec_…, one a line) its webhooks are "
                + "signed with"
        ) { context in
            let arguments = try ShopArguments(
                context.arguments, flags: ["--replace"],
                values: ["--token-file", "--secrets-file", "--settings", "--plan", "--platform"])
            let body = try ShopFiles(arguments, terminal).body()
            let headers: HTTPHeaders = arguments.flags.contains("--replace") ? [:] : ["If-None-Match": "*"]
            let shop = try await ShopAPI(context, http()).call("PUT", arguments.shop, body, headers)
            return try done(context, arguments, "added", shop)
        }
    }

    private var secrets: DaemonCommand {
        command(
            "secrets", "SHOP --secrets-file F|- [--json]",
            "replaces the secrets a shop's webhooks are signed with; the rest stays"
        ) { context in
            let arguments = try ShopArguments(context.arguments, values: ["--secrets-file"])
            let body = try ShopFiles(arguments, terminal).secrets()
            let shop = try await ShopAPI(context, http()).call("PATCH", arguments.shop, body)
            return try done(context, arguments, "has new secrets", shop)
        }
    }

    private var pause: DaemonCommand { switching("pause", "its orders are skipped from now on", "paused", to: false) }

    private var resume: DaemonCommand { switching("resume", "its orders are verified again", "resumed", to: true) }

    private var remove: DaemonCommand {
        command("remove", "SHOP [--yes] [--json]", "removes a shop and its key: nothing of it can be read again") {
            context in
            let arguments = try ShopArguments(context.arguments, flags: ["--yes"])
            if !arguments.flags.contains("--yes") {
                let question = "\(context.name): type \(arguments.shop) to remove it and all that is stored of it: "
                guard terminal.ask(question) == arguments.shop else {
                    throw ConfigurationProblems(["nothing was removed: --yes does it without a question"])
                }
            }
            _ = try await ShopAPI(context, http()).call("DELETE", arguments.shop)
            return try done(context, arguments, "removed", .object(["removed": .string(arguments.shop)]))
        }
    }

    private func switching(_ word: String, _ summary: String, _ done: String, to isActive: Bool) -> DaemonCommand {
        command(word, "SHOP [--json]", summary) { context in
            let arguments = try ShopArguments(context.arguments)
            let body = JSONTree.object(["settings": .object(["active": .bool(isActive)])])
            let shop = try await ShopAPI(context, http()).call("PATCH", arguments.shop, body)
            return try self.done(context, arguments, done, shop)
        }
    }

    private func done(
        _ context: CommandContext, _ arguments: ShopArguments, _ what: String, _ shop: JSONTree
    ) throws -> ExitCode {
        context.output(arguments.json ? ShopText.json(shop) : "\(arguments.shop): \(what)\n")
        return .ok
    }

    /// A refusal is one line and 1.
    private func command(
        _ word: String, _ usage: String, _ summary: String,
        _ run: @escaping @Sendable (CommandContext) async throws -> ExitCode
    ) -> DaemonCommand {
        DaemonCommand(["shops", word], usage: usage, summary: summary, parameters: Self.parameters) { context in
            do {
                return try await run(context)
            } catch let refusal as ShopAPI.Refusal {
                context.error("\(context.name) shops \(word): \(refusal.reason)\n")
                return .failed
            }
        }
    }
}
