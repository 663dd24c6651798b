import Foundation

/// Strikes daemons as long as it is left to: at random, at named crash points, by stopping their time, by asking them to
/// go, by starting and ending more of them.
struct Killer: Sendable {
    let plan: ChaosPlan
    let fleet: Fleet

    /// Where each daemon can be told to die.
    static func crashPoints(of daemon: String, isExactlyOnce: Bool) -> [String] {
        let desk =
            ["desk.decided", "desk.committed"]
            + (isExactlyOnce ? ["desk.produced"] : ["desk.opened", "desk.effected", "desk.stated"])
        switch daemon {
        case "otp-ingest": return desk + ["ingest.acknowledged"]
        case "otp-sender": return desk + ["sender.intended", "sender.posted", "sender.reported"]
        case "otp-verifier": return desk + ["verifier.asked"]
        default: return ["reaper.tagged", "reaper.noted", "reaper.cancelled", "reaper.done"]
        }
    }

    /// Most of one daemon at once.
    static let mostInstances = 3

    func run() async throws {
        var chance = plan.chance("killer")
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(Double.random(in: plan.calmSeconds, using: &chance)))
            try await strike(&chance)
        }
    }

    private func strike(_ chance: inout Chance) async throws {
        // Drawn before anybody is looked at, so that the choices depend on the seed alone.
        let (daemon, dice) = (chance.pick(Fleet.daemons), Int.random(in: 0..<100, using: &chance))
        let restart = Double.random(in: 0...1.5, using: &chance)
        let stop = Double.random(in: plan.stopSeconds, using: &chance)
        let point = chance.pick(Self.crashPoints(of: daemon, isExactlyOnce: plan.isExactlyOnce))
        let hit = Int.random(in: 1...4, using: &chance)
        let numbers = await fleet.living.filter { $0.daemon == daemon }.map(\.number)
        guard let number = numbers.randomElement(using: &chance) else { return }
        switch dice {
        case 0..<30:
            await fleet.kill(daemon, number, restartAfter: restart)
        case 30..<60:
            try await fleet.ask(daemon, number, forGood: false, crashAt: "\(point):\(hit)")
        case 60..<75:
            try await fleet.pause(daemon, number, seconds: stop)
        case 75..<88 where numbers.count < Self.mostInstances:
            try await fleet.scaleOut(daemon)
        default:
            let extra = numbers.filter { $0 > 1 }.randomElement(using: &chance)
            try await fleet.ask(daemon, extra ?? number, forGood: extra != nil)
        }
    }
}
