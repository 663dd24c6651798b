import Foundation
import TestWorld
import Testing

@testable import Chaos

/// Orders come in while daemons are killed, stopped, asked to go and joined by others; then an audit of the topics and
/// the stand-ins. Short here; `compose/chaos` runs it as long as one likes, `OTP_TEST_BROKERS` on a real broker.
@Suite("Any daemon may end at any moment")
struct ChaosTests {
    static let environment = ProcessInfo.processInfo.environment
    /// Two minutes of processes coming and going would cost the other tests their quiet.
    static let isAsked = environment[ChaosPlan.secondsVariable] != nil

    @Test(
        "and nothing is lost, nothing is decided twice",
        .enabled(if: isAsked, "skipped: run by compose/chaos"), .timeLimit(.minutes(90)))
    func promises() async throws {
        let plan = ChaosPlan(environment: Self.environment, isRealBroker: Broker.real != nil)
        let audit = try await ChaosRun(plan: plan).run()
        print("chaos: \(plan.command): \(audit.report)")
        #expect(audit.violations.isEmpty, "again with: \(plan.command)")
        #expect(audit.figures["orders accepted"] > 0)
        #expect(audit.evidence.blows.contains { $0.blow.kind.loses })
    }
}
