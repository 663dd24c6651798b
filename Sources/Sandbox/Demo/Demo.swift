import Base
import HTTP

/// Plays two orders through the running pipeline: one whose code is typed, one whose timer ends. Prints both timelines
/// as they happen, a line an event, and ends with what is missing; in less than a minute either way.
struct Demo: Sendable {
    static let readyDeadline: Int64 = 40_000
    /// For everything, from the start.
    static let deadline: Int64 = 57_000
    /// After all is as it must be, so that a second text or outcome would be seen.
    static let aftermath: Int64 = 1500

    var sandbox: SandboxClient
    var daemons: SandboxSettings.Daemons
    var clock: Clock
    var print: @Sendable (String) -> Void

    /// Empty when all went as it must.
    func run() async -> [String] {
        let start = clock.now()
        let waited = await waitUntilReady(start)
        guard waited.isEmpty else { return waited }
        var play = DemoPlay(sandbox: sandbox, start: start, now: clock.now, print: print)
        do throws(SandboxClient.Failure) {
            try await play.placeOrders()
            var rightSince: Int64?
            while clock.now() - start < Self.deadline {
                try await play.look()
                if play.problems.isEmpty {
                    rightSince = rightSince ?? clock.now()
                } else {
                    rightSince = nil
                }
                if let rightSince, clock.now() - rightSince >= Self.aftermath {
                    print("both orders went as they must")
                    return []
                }
                guard await Errands.pause(.milliseconds(150)) else { break }
            }
        } catch {
            return [error.description]
        }
        return play.problems + ["that was all there was after \(Self.deadline / 1000) s"]
    }

    private func waitUntilReady(_ start: Int64) async -> [String] {
        print("waiting for the daemons")
        var missing: [String] = []
        repeat {
            missing = await notReady()
            if missing.isEmpty { return [] }
        } while await Errands.pause(.milliseconds(250)) && clock.now() - start < Self.readyDeadline
        return missing.map { "not ready after \(Self.readyDeadline / 1000) s: \($0)" }
    }

    private func notReady() async -> [String] {
        var missing: [String] = []
        do throws(SandboxClient.Failure) {
            _ = try await sandbox.get("/info")
        } catch {
            missing.append("otp-sandbox: \(error)")
        }
        for (name, why) in await DaemonProbe(http: sandbox.http).reasons(daemons) {
            if let why { missing.append("\(name): \(why)") }
        }
        return missing
    }
}
