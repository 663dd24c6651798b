import Kafka
import Pipeline
import Testing

@testable import Verifier

@Suite("Presence")
struct PresenceTests {
    private func beat(_ presence: inout Presence, at now: Int64) -> Presence.Beat? {
        let staged = presence.beats(now: now, partition: 1, Bench.topology)
        presence.commit()
        return staged.first.flatMap { staged in
            try? Wire.decode(Presence.Beat.self, from: Bench.arrived(staged.record))
        }
    }

    @Test("beats every ten seconds, and its presence lasts while no gap is over thirty")
    func unbroken() {
        var presence = Presence()
        presence.resume(now: 1_000_000)
        #expect(beat(&presence, at: 1_000_000) == .init(since: 1_000_000, at: 1_000_000))
        #expect(beat(&presence, at: 1_009_999) == nil)
        #expect(beat(&presence, at: 1_010_000)?.since == 1_000_000)
        #expect(beat(&presence, at: 1_040_000)?.since == 1_000_000)
        #expect(beat(&presence, at: 1_070_001)?.since == 1_070_001)
    }

    @Test(
        "a successor within thirty seconds goes on with its predecessor's presence",
        arguments: [
            (Int64(30_000), true), (30_001, false),
        ])
    func handedOver(gap: Int64, isKept: Bool) {
        var first = Presence()
        first.resume(now: 1_000_000)
        let staged = first.beats(now: 1_000_000, partition: 1, Bench.topology)
        var second = Presence()
        second.restore(Bench.arrived(staged[0].record))
        second.resume(now: 1_000_000 + gap)
        #expect(second.since == (isKept ? 1_000_000 : 1_000_000 + gap))
    }

    @Test("a beat that was not committed does not count")
    func rolledBack() {
        var presence = Presence()
        presence.resume(now: 1_000_000)
        _ = presence.beats(now: 1_000_000, partition: 1, Bench.topology)
        presence.rollback()
        #expect(!presence.beats(now: 1_000_001, partition: 1, Bench.topology).isEmpty)
    }
}
