import Foundation

/// Strikes daemons as long as it is left to: at random, at named crash points, by stopping their time, by asking them
/// to go, by starting and ending more of them.
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

    /// Returns when the time is over and everybody who was stopped goes on.
    func run() async throws {
        let end = ContinuousClock.now + .seconds(plan.seconds)
        try await withThrowingDiscardingTaskGroup { group in
            var chance = plan.chance("killer")
            while true {
                let wait = Double.random(in: plan.calmSeconds, using: &chance)
                guard ContinuousClock.now + .seconds(wait) < end else { return }
                try await Task.sleep(for: .seconds(wait))
                let own = plan.chance("blow \(chance.next())")
                // The others are not spared while one stands still.
                group.addTask { try await strike(own) }
            }
        }
    }

    private func strike(_ own: Chance) async throws {
        var chance = own
        // Drawn before anybody is looked at, so that the choices depend on the seed alone.
        let (daemon, dice) = (chance.pick(Fleet.daemons), Int.random(in: 0..<100, using: &chance))
        let restart = Double.random(in: 0...1.5, using: &chance)
        let stop = Double.random(in: plan.stopSeconds, using: &chance)
        let point = chance.pick(Self.crashPoints(of: daemon, isExactlyOnce: plan.isExactlyOnce))
        let armed = "\(point):\(Int.random(in: 1...4, using: &chance))"
        let isArmed = chance.happens(0.5)
        let numbers = await fleet.living.filter { $0.daemon == daemon }.map(\.number)
        guard let number = numbers.randomElement(using: &chance) else { return }
        switch dice {
        case 0..<35:
            await fleet.kill(daemon, number, restartAfter: restart, crashAt: isArmed ? armed : nil)
        case 35..<55:
            try await fleet.ask(daemon, number, forGood: false, crashAt: armed)
        case 55..<75:
            // Somebody has to be there to take over what the stopped one holds.
            if await fleet.count(of: daemon) < 2 { try await fleet.scaleOut(daemon) }
            try await fleet.pause(daemon, number, seconds: stop)
        case 75..<88 where numbers.count < Self.mostInstances:
            try await fleet.scaleOut(daemon)
        default:
            let extra = numbers.filter { $0 > 1 }.randomElement(using: &chance)
            try await fleet.ask(daemon, extra ?? number, forGood: extra != nil)
        }
    }
}
