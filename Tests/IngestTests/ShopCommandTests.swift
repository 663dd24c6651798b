import Base
import Foundation
import HTTP
import Pipeline
import Platforms
import Security
import Synchronization
import Testing

@testable import Ingest
@testable import Runtime

@Suite("otp-ingest shops")
struct ShopCommandTests {
    struct Result {
        let code: ExitCode
        let output: String
        let errors: String

        var lines: [Substring] { output.split(separator: "\n") }
    }

    /// The commands before the real door of a bench, or before a script.
    private final class Operator: @unchecked Sendable {
        // Only the test's own task uses it.
        let bench: Bench
        var files: [String: String] = [
            "token": Bench.accessToken + "\n", "secret": StandardWebhooks.text(of: Bench.sourceSecret) + "\n",
            "settings": #"{"name": "Example", "timerSeconds": 1800}"#,
        ]
        var answer: String?
        var http: HTTPClient
        private(set) var questions: [String] = []

        init() throws {
            let bench = try Bench()
            self.bench = bench
            http = .unimplemented
            http = HTTPClient { [bench] request throws(OutboundError) in
                var router = Router()
                bench.admin.addRoutes(&router)
                #expect(request.url.hasPrefix("http://127.0.0.1:8081/admin/shops"))
                let answer = await router.answer(
                    HTTPRequest(
                        method: request.method, target: String(request.url.dropFirst("http://127.0.0.1:8081".count)),
                        headers: request.headers, body: request.body))
                return OutboundResponse(status: answer.status, headers: answer.headers, body: answer.body)
            }
        }

        func shops(_ arguments: String..., token: String? = Bench.adminToken) async -> Result {
            await run(arguments, token: token)
        }

        func run(_ arguments: [String], token: String? = Bench.adminToken) async -> Result {
            let terminal = Terminal(
                read: { [files] path in
                    guard let text = files[path] else { throw CocoaError(.fileNoSuchFile) }
                    return Array(text.utf8)
                },
                ask: { question in
                    self.questions.append(question)
                    return self.answer
                })
            let (output, errors) = (Lines(), Lines())
            let description = DaemonDescription(
                name: "otp-ingest", summary: "", port: 1,
                commands: ShopCommands(http: { self.http }, terminal: terminal).all)
            let process = DaemonProcess(
                arguments: ["shops"] + arguments, environment: token.map { ["OTP_ADMIN_TOKEN": $0] } ?? [:],
                output: output.append, error: errors.append, signals: AsyncStream { _ in })
            let code = await Daemon.runCommand(description, process)
            return Result(
                code: code ?? .configuration, output: output.all.joined(), errors: errors.all.joined())
        }
    }

    @Test("add, list, show, pause, resume, remove: a shop's life, for people")
    func life() async throws {
        let op = try Operator()
        #expect(await op.shops("list").output.isEmpty)
        let added = await op.shops(
            "add", Bench.source, "--secrets-file", "secret", "--settings", "settings", "--plan", "growth")
        #expect(added.code == .ok && added.output == "shop.example.com: added\n" && added.errors.isEmpty)
        #expect(await op.shops("add", Bench.shop, "--token-file", "token").code == .ok)
        let list = await op.shops("list")
        #expect(
            list.output == """
                SHOP                          PLATFORM  STATE   PLAN     SINCE                 NAME
                otp-guard-demo.myshopify.com  shopify   active  starter  2026-11-20T10:02:45Z  -
                shop.example.com              orders    active  growth   2026-11-20T10:02:45Z  Example

                """)
        #expect(await op.shops("pause", "SHOP.example.com").output == "shop.example.com: paused\n")
        #expect(await op.shops("list").output.contains("paused"))
        let shown = await op.shops("show", Bench.source)
        let fields = shown.lines.map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        for field in [["shop", Bench.source], ["settings.active", "false"], ["settings.timerSeconds", "1800"]] {
            #expect(fields.contains { $0.map(String.init) == field }, "\(field)")
        }
        #expect(
            Set(shown.lines.map { $0.prefix { $0 != " " }.count + $0.drop { $0 != " " }.prefix { $0 == " " }.count })
                .count == 1)
        #expect(await op.shops("resume", Bench.source).code == .ok)
        #expect(op.bench.directory[Bench.source]?.installation?.settings.active == true)
        #expect(op.bench.directory[Bench.source]?.installation?.settings.timerSeconds == 1800)
        #expect(await op.shops("remove", Bench.source, "--yes").output == "shop.example.com: removed\n")
        #expect(op.bench.directory[Bench.source] == nil)
        let gone = await op.shops("show", Bench.source)
        #expect(gone.code == .failed && gone.output.isEmpty)
        #expect(gone.errors == "otp-ingest shops show: There is no such shop.\n")
        for word in ["pause", "resume"] { #expect(await op.shops(word, Bench.source).code == .failed) }
        #expect(await op.shops("remove", Bench.source, "--yes").code == .failed)
    }

    @Test("with --json every answer is JSON, one a line")
    func json() async throws {
        let op = try Operator()
        func object(_ result: Result) throws -> [String: Any] {
            #expect(result.code == .ok && result.lines.count == 1 && result.output.hasSuffix("\n"))
            return try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
        }
        let added = try object(await op.shops("add", Bench.shop, "--token-file", "token", "--json"))
        #expect(added["platform"] as? String == "shopify" && added["accessToken"] as? String == "•••")
        let paused = try object(await op.shops("pause", Bench.shop, "--json"))
        #expect((paused["settings"] as? [String: Any])?["active"] as? Bool == false)
        #expect(try object(await op.shops("list", "--json"))["shop"] as? String == Bench.shop)
        #expect(try object(await op.shops("show", "--json", Bench.shop))["plan"] as? String == "starter")
        let removed = try object(await op.shops("remove", Bench.shop, "--yes", "--json"))
        #expect(removed["removed"] as? String == Bench.shop)
    }

    @Test("no secret in anything that is said")
    func secrecy() async throws {
        let op = try Operator()
        var said = ""
        for arguments in [
            ["add", Bench.shop, "--token-file", "token"], ["add", Bench.source, "--secrets-file", "secret", "--json"],
            ["add", Bench.source, "--secrets-file", "secret"], ["show", Bench.source], ["show", Bench.shop, "--json"],
            ["list", "--json"], ["secrets", Bench.source, "--secrets-file", "secret", "--json"],
        ] {
            let result = await op.run(arguments)
            said += result.output + result.errors
        }
        for secret in [Bench.accessToken, StandardWebhooks.text(of: Bench.sourceSecret), Bench.adminToken] {
            #expect(!said.contains(secret))
        }
    }

    @Test("a shop that is there is not put over, unless asked to")
    func replace() async throws {
        let op = try Operator()
        #expect(await op.shops("add", Bench.shop, "--token-file", "token").code == .ok)
        let again = await op.shops("add", Bench.shop, "--token-file", "token", "--plan", "pro")
        #expect(again.code == .failed && again.errors == "otp-ingest shops add: There is such a shop already.\n")
        #expect(await op.shops("add", Bench.shop, "--token-file", "token", "--plan", "pro", "--replace").code == .ok)
        #expect(op.bench.directory[Bench.shop]?.installation?.plan == .pro)
    }

    @Test("removing asks for the name; anything else, or nobody there, removes nothing")
    func question() async throws {
        let op = try Operator()
        #expect(await op.shops("add", Bench.shop, "--token-file", "token").code == .ok)
        for answer in [nil, "", "yes", "y"] {
            op.answer = answer
            let result = await op.shops("remove", Bench.shop)
            #expect(result.code == .configuration && result.errors.contains("--yes"))
        }
        #expect(op.bench.directory[Bench.shop] != nil && op.questions.count == 4)
        op.answer = Bench.shop
        #expect(await op.shops("remove", Bench.shop).code == .ok)
        #expect(op.bench.directory[Bench.shop] == nil)
    }

    @Test(
        "arguments that are not understood are 78 and ask nothing of the daemon",
        arguments: [
            ["list", "x"], ["list", "--limit"], ["show"], ["show", "localhost"], ["show", "a.example", "b.example"],
            ["add", "a.example"], ["add", "a.example", "--token-file", "token"],
            ["add", "a.myshopify.com", "--secrets-file", "secret"], ["add", "a.myshopify.com", "--token-file"],
            ["add", "a.myshopify.com", "--token-file", "missing"], ["add", "a.myshopify.com", "--token-file", "empty"],
            ["add", "a.myshopify.com", "--token-file", "-", "--settings", "-"],
            ["add", "a.myshopify.com", "--token-file", "token", "--settings", "token"],
            ["add", "a.example", "--secrets-file", "secret", "--platform", "woocommerce"],
            ["add", "a.example", "--token", "shpat_x"], ["secrets", "a.example"],
            ["secrets", "--secrets-file", "secret"],
            ["pause"], ["remove"], ["burn", "a.example"],
        ])
    func usage(arguments: [String]) async throws {
        let op = try Operator()
        op.http = .unimplemented
        op.files["empty"] = " \n"
        let result = await op.run(arguments)
        #expect(result.code == .configuration && result.output.isEmpty)
    }

    @Test("the daemon's refusals are one line and 1; an absent one is 75; no token is 78")
    func refusals() async throws {
        let op = try Operator()
        op.files["settings"] = #"{"timerSeconds": 1, "active": "no"}"#
        let bad = await op.shops("add", Bench.shop, "--token-file", "token", "--settings", "settings")
        #expect(bad.code == .failed && bad.errors.filter { $0 == "\n" }.count == 1)
        #expect(bad.errors.contains("settings.timerSeconds: 1 is outside") && bad.errors.contains("settings.active:"))
        let unknown = await op.shops("list", token: String(repeating: "w", count: 40))
        #expect(unknown.code == .failed && unknown.errors.contains("does not know this OTP_ADMIN_TOKEN"))
        #expect(await op.shops("list", token: nil).code == .configuration)
        op.bench.isCaughtUp = false
        let early = await op.shops("list")
        #expect(early.code == .environment && early.errors.contains("is not ready"))
        op.http = HTTPClient { _ throws(OutboundError) in
            throw OutboundError(kind: .couldNotConnect, message: "127.0.0.1", requestMayHaveBeenSent: false)
        }
        let away = await op.shops("show", Bench.shop)
        #expect(away.code == .environment && away.errors.contains("does not answer (couldNotConnect)"))
        for body in ["", "<html>", "[]", #"{"shops": 1}"#] {
            op.http = HTTPClient { _ throws(OutboundError) in
                OutboundResponse(status: 200, body: Array(body.utf8))
            }
            #expect(await op.shops("list").code == .environment)
        }
    }

    @Test("what others named can't move the terminal's cursor")
    func terminal() {
        let shop = JSONTree.object(["shop": .string("a\u{1b}[2Jb.example"), "name": .string("x\ny\u{202e}")])
        let table = ShopText.table([shop])
        #expect(!table.contains("\u{1b}") && !table.contains("\u{202e}") && table.split(separator: "\n").count == 2)
    }
}
