import Foundation
import Kafka

/// A logic that counts per key: every message adds one to its key's count, writes the count to `state` and a reply.
/// Everything it is told is collected by name, so that tests can see the order.
final class TestLogic: DeskLogic {
    struct Script: Sendable {
        var state = "state"
        var replies = "replies"
        var dead = "dead"
        /// Values that make a reply too large for any producer.
        var poison = "poison"
        var poisonBytes = 5 << 20
        /// Values that lead to nothing.
        var silent = "silent"
        var decideDelay: TimeInterval = 0
        var tickOutputs: @Sendable (Int) -> [StagedRecord] = { _ in [] }
    }

    let lane: Lane
    let script: Script
    let events: Collected<String>
    private var counts: [String: Int] = [:]
    private var saved: [String: Int] = [:]
    private var applied: Int64?
    private var savedApplied: Int64?
    private var ticks = 0

    init(_ lane: Lane, _ script: Script, _ events: Collected<String>) {
        self.lane = lane
        self.script = script
        self.events = events
    }

    private func note(_ text: String) { events.append("\(lane.partition) \(text)") }

    func restore(_ row: IncomingRecord) {
        note("restore \(row.keyText)=\(row.valueText ?? "-")")
        counts[row.keyText] = row.valueText.flatMap(Int.init)
        if let offset = row.header("applied").flatMap(Int64.init) { applied = max(applied ?? -1, offset) }
    }

    func restored(now: Int64) { note("restored") }
    func appliedOffset() -> Int64? { applied }

    func decide(_ batch: [IncomingRecord]) -> [StagedRecord] {
        (saved, savedApplied) = (counts, applied)
        if script.decideDelay > 0 {
            note("deciding")
            Thread.sleep(forTimeInterval: script.decideDelay)
        }
        return batch.flatMap { message -> [StagedRecord] in
            note("decide \(message.offset)")
            guard message.offset > applied ?? -1, message.valueText != script.silent else { return [] }
            counts[message.keyText, default: 0] += 1
            applied = message.offset
            let text = "\(counts[message.keyText, default: 0])"
            var state = record(script.state, message.keyText, text, partition: lane.partition)
            state.headers = [KafkaHeader("applied", "\(message.offset)")]
            var reply = record(script.replies, message.keyText, text, partition: 0)
            if message.valueText == script.poison { reply.value = [UInt8](repeating: 0, count: script.poisonBytes) }
            return [StagedRecord(.reply, reply), StagedRecord(.state, state)]
        }
    }

    func tick(now: Int64) -> [StagedRecord] {
        (saved, savedApplied) = (counts, applied)
        ticks += 1
        let outputs = script.tickOutputs(ticks)
        if !outputs.isEmpty { note("tick") }
        return outputs
    }

    func caughtUp(now: Int64) { note("caughtUp") }
    func committed() {}

    func rolledBack() {
        note("rolledBack")
        (counts, applied) = (saved, savedApplied)
    }

    func bury(_ message: IncomingRecord, reason: String) -> [StagedRecord] {
        (saved, savedApplied) = (counts, applied)
        note("bury \(message.offset) \(reason)")
        return [StagedRecord(.effect, record(script.dead, message.keyText, reason, partition: 0))]
    }

    func closed() { note("closed") }
}
