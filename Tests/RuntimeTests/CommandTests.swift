import Testing

@testable import Runtime

@Suite("Commands of a daemon's program")
struct CommandTests {
    private let output = Lines()
    private let errors = Lines()

    private static let side = Parameter("OTP_SIDE", kind: .oneOf(["left", "right"]), help: "a side", required: true)

    private func description(
        _ run: @escaping @Sendable (CommandContext) async throws -> ExitCode
    ) -> DaemonDescription {
        DaemonDescription(
            name: "otp-test", summary: "does nothing", port: 8089, parameters: [CommonParameters.idKey],
            commands: [
                DaemonCommand(
                    ["parts", "turn"], usage: "[--far]", summary: "turns a part", parameters: [Self.side], run: run)
            ])
    }

    private func run(
        _ arguments: [String], _ environment: [String: String] = ["OTP_SIDE": "left"],
        _ run: @escaping @Sendable (CommandContext) async throws -> ExitCode
    ) async -> ExitCode {
        let (signals, _) = AsyncStream<String>.makeStream()
        let process = DaemonProcess(
            arguments: arguments, environment: environment, output: output.write, error: errors.write,
            signals: signals)
        return await Daemon.run(description(run), in: process) { _ in
            Issue.record("the daemon must not start")
            return []
        }
    }

    @Test("a command has its own parameters, gets the arguments after its words, and its code ends the program")
    func whole() async {
        let code = await run(["parts", "turn", "--far", "7"]) { context in
            context.output("\(context.name) \(context.arguments) \(context.configuration.text("OTP_SIDE"))\n")
            return .failed
        }
        #expect(code == .failed && code.rawValue == 1)
        #expect(output.text == "otp-test [\"--far\", \"7\"] left\n" && errors.text.isEmpty)
    }

    @Test("its missing configuration is 78, what it throws ends it as it would end the daemon")
    func troubles() async {
        #expect(await run(["parts", "turn"], [:]) { _ in .ok } == .configuration)
        #expect(errors.text == "otp-test parts turn: OTP_SIDE is missing: a side\n")
        #expect(await run(["parts", "turn"]) { _ in throw EnvironmentFailure("no wrench") } == .environment)
        #expect(errors.text.hasSuffix("otp-test parts turn: no wrench\n"))
        #expect(await run(["parts", "turn"]) { _ in throw ConfigurationProblems(["a", "b"]) } == .configuration)
        #expect(errors.text.hasSuffix("otp-test parts turn: a\notp-test parts turn: b\n"))
        #expect(await run(["parts", "turn"]) { _ in throw CancellationError() } == .bug)
    }

    @Test("half of a command's words is an unknown argument, and the problem names what there is")
    func half() async {
        #expect(await run(["parts"]) { _ in .ok } == .configuration)
        #expect(
            errors.all.first
                == "otp-test: unknown argument \"parts\": there are parts turn, --check and --help")
    }

    @Test("--help shows the commands, also behind a command's words")
    func help() async {
        #expect(await run(["parts", "turn", "--help"]) { _ in .failed } == .ok)
        #expect(output.text.contains("  otp-test parts turn [--far]\n      turns a part\n"))
    }
}
