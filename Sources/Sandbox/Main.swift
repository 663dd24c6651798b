import Runtime

/// `otp-sandbox` hosts the development world.
@main
enum Main {
    static func main() async {
        await Daemon.main(SandboxProgram.description) { context in try await SandboxProgram.build(context) }
    }
}
