import Foundation
import Pipeline
import Security
import TestWorld

/// One run: the driver and the killer side by side, then calm until everything has ended, then the audit.
struct ChaosRun {
    let plan: ChaosPlan

    /// How long unfinished business may take once nobody strikes any more.
    static let drainSeconds = 75

    func run() async throws -> Audit {
        let fleet = try await Fleet(plan)
        do {
            let audit = try await run(fleet)
            return audit
        } catch {
            await fleet.stop()
            throw error
        }
    }

    private func run(_ fleet: Fleet) async throws -> Audit {
        print("chaos: seed \(plan.seed), \(plan.seconds) s, \(fleet.broker.address), logs in \(fleet.directory.path)")
        let world = ChaosWorld(fleet: fleet)
        let tape = try TopicTape(fleet.broker)
        defer { tape.stop() }
        let driver = Driver(plan: plan, world: world)
        try await driver.prepare()
        let evidence = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fleet.watch() }
            async let killing: Void = Killer(plan: plan, fleet: fleet).run()
            try await driver.run()
            try await killing
            await fleet.disarm()
            let evidence = try await drain(fleet, world, tape)
            group.cancelAll()
            return evidence
        }
        await fleet.stop()
        // What the end itself brought to light.
        var whole = evidence
        whole.journal = fleet.journal.all
        return Audit.run(whole)
    }

    /// Waits until nothing is unfinished by the audit's own measure, or until waiting longer would prove nothing.
    private func drain(_ fleet: Fleet, _ world: ChaosWorld, _ tape: TopicTape) async throws -> Evidence {
        let end = ContinuousClock.now + .seconds(Self.drainSeconds)
        while true {
            let evidence = try await gather(fleet, world, tape)
            let audit = Audit.run(evidence)
            let isWaiting = audit.violations.contains { [.oneEnd, .oneSettlement, .toldTrue].contains($0.promise) }
            if !isWaiting || ContinuousClock.now > end {
                if isWaiting { await fleet.writeStates() }
                // Whatever would come twice has a little longer to do so.
                try await Task.sleep(for: .seconds(3))
                return try await gather(fleet, world, tape)
            }
            try await Task.sleep(for: .seconds(2))
        }
    }

    private func gather(_ fleet: Fleet, _ world: ChaosWorld, _ tape: TopicTape) async throws -> Evidence {
        var evidence = Evidence(
            topology: tape.topology, keyring: try Keyring(parsing: fleet.secrets.keyring),
            isExactlyOnce: plan.isExactlyOnce, records: [], journal: fleet.journal.all, texts: [:], shopOrders: [:])
        for order in evidence.placed {
            evidence.shopOrders[order.gid] = try await world.order(order.id)
            guard let phone = order.phone else { continue }
            evidence.texts[order.gid] = try await world.texts(to: phone).reversed()
        }
        evidence.records = tape.all
        return evidence
    }
}
