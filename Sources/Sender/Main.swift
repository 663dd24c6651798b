import Runtime

/// `otp-sender`: owner of number ranges; sends the texts.
@main
enum Main {
    static func main() async {
        await Daemon.main(SenderDaemon.description) { try await SenderDaemon.services($0) }
    }
}
