import Runtime

@main
enum Main {
    static func main() async {
        await Daemon.main(ReaperDescription.description) { context in try await Reaper.services(context) }
    }
}
