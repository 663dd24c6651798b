import Runtime

/// `otp-sandbox` hosts the development world; `otp-sandbox demo` plays two orders in a running one.
@main
enum Main {
    static func main() async {
        if CommandLine.arguments.dropFirst().first == "demo" {
            await DemoProgram.main(arguments: Array(CommandLine.arguments.dropFirst(2)))
        }
        await Daemon.main(SandboxProgram.description) { context in try await SandboxProgram.build(context) }
    }
}
