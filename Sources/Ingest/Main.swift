import Runtime

@main
enum Main {
    static func main() async {
        await Daemon.main(Ingest.description) { context in try await Ingest.services(context) }
    }
}
