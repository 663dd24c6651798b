import Foundation
import TestWorld
import Testing

/// A daemon asked to end while orders flow.
@Suite("Shutdown under traffic", .serialized, .world, .timeLimit(.minutes(5)))
struct ShutdownTests {
    @Test(
        "ends with 0 within ten seconds, and after its restart nothing is lost or doubled",
        arguments: [("otp-ingest", 1), ("otp-sender", 2), ("otp-verifier", 3), ("otp-reaper", 4)])
    func shutdown(daemon: String, number: Int) async throws {
        let world = World.now
        let traffic = Traffic(world, shop: "shutdown-\(number).myshopify.com", number: number)
        let (end, took) = try await traffic.flow {
            _ = try await world.eventually("traffic") { traffic.accepted.count >= 5 ? true : nil }
            let began = ContinuousClock.now
            let process = world[daemon]
            process.signal(SIGTERM)
            let end = try await world.eventually("\(daemon) to end", within: 30) { process.end }
            let took = ContinuousClock.now - began
            try await world.restart(daemon)
            let before = traffic.accepted.count
            _ = try await world.eventually("more traffic") { traffic.accepted.count > before + 3 ? true : nil }
            return (end, took)
        }
        #expect(end == .exited(0), "\(world[daemon].tail())")
        #expect(took < .seconds(10))
        for answer in traffic.answers { #expect([200, 503, nil].contains(answer.status)) }
        try await traffic.expectAllVerified()
    }
}
