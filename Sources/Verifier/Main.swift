import Runtime

@main
enum Main {
    static func main() async {
        await Daemon.main(VerifierDaemon.description) { context in
            try await VerifierDaemon.services(context)
        }
    }
}
