import Kafka
import Pipeline

/// Since when this partition has had an owner without a gap over 30 s, told by beats in `otp.records`.
///
/// A timer that began before that may have ended while nobody could answer: such an order is reviewed, not cancelled.
struct Presence {
    static let gapMs: Int64 = 30_000
    static let beatMs: Int64 = 10_000
    /// How often a beat goes to `otp.attempts`, so that its segments roll (at least every 3 h).
    static let rollMs: Int64 = 3 * 3_600_000 - 60_000

    struct Beat: Codable, Equatable, Plausible {
        var since: Int64
        var at: Int64

        var isPlausible: Bool { [since, at].allSatisfy(PlausibleRange.rowMoments.contains) }
    }

    private(set) var since: Int64 = .max
    private var last: Beat?
    private var rolledAt: Int64?
    private var proposed: (beat: Beat, rolledAt: Int64?)?

    mutating func restore(_ row: IncomingRecord) {
        guard row.value != nil else { return }
        do throws(WireProblem) {
            let beat = try Wire.decode(Beat.self, from: row)
            if beat.at >= last?.at ?? .min { last = beat }
        } catch {
            // A beat that can't be read is no presence: the next one starts anew.
            last = nil
        }
    }

    mutating func resume(now: Int64) {
        since = last.flatMap { now - $0.at <= Self.gapMs ? $0.since : nil } ?? now
    }

    /// The beats that are due; nothing changes until `commit`.
    mutating func beats(now: Int64, partition: Int32, _ topology: Topology) -> [StagedRecord] {
        if let last, now - last.at > Self.gapMs { since = now }
        guard now - (last?.at ?? 0) >= Self.beatMs else { return [] }
        let beat = Beat(since: since, at: now)
        var staged = [
            StagedRecord(
                .state, Wire.beat(Catalogue.records, topology, partition: partition, value: Wire.encode(beat)))
        ]
        let rolls = now - (rolledAt ?? 0) >= Self.rollMs
        if rolls { staged.append(StagedRecord(.effect, Wire.beat(Catalogue.attempts, topology, partition: partition))) }
        proposed = (beat, rolls ? now : rolledAt)
        return staged
    }

    mutating func commit() {
        guard let proposed else { return }
        last = proposed.beat
        rolledAt = proposed.rolledAt
        self.proposed = nil
    }

    mutating func rollback() {
        proposed = nil
    }
}
