import Base
import CRdKafka
import Dispatch

/// Asks Kafka once a second whether it answers and how far the input goes, and holds that against how far its owner has
/// come. Has a thread and a client of its own, so that it sees also what keeps the owner's thread.
///
/// While Kafka is silent or a partition stands still, `trouble` says so; a partition that stands still for twice the
/// patience ends the owner through `giveUp`, and through `abandon` when the owner does not end by itself.
final class Watchman: Sendable {
    private struct State {
        var isStopping = false
        var answered = Deadline.now
        var still: [Int32: String] = [:]
    }

    struct Ward: Sendable {
        let topic: String
        let patience: Duration
        let standings: @Sendable () -> [Int32: StallWatch.Standing]
        /// Writes down what these partitions stand still over, before their owner is ended; blocks for some seconds.
        var note: @Sendable (Set<Int32>) -> Void
    }

    /// Kafka may be silent that long before the daemon says that it can't work.
    static let silence = Duration.seconds(5)
    private static let interval = Duration.seconds(1)
    private static let parting = Duration.seconds(6)

    private let settings: KafkaSettings
    private let ward: Ward
    private let lookup: OffsetLookup
    private let state = Monitor(State())
    /// A log that nobody reads keeps only this.
    private let words = DispatchQueue(label: "watchman's words")

    init(_ settings: KafkaSettings, _ ward: Ward) throws(KafkaError) {
        self.settings = settings
        self.ward = ward
        // What nobody may read yet is no work that waits: the end is the last stable offset.
        lookup = try OffsetLookup(settings, .readCommitted)
    }

    /// Runs until `stop`. The callbacks come from its thread, each once.
    func start(giveUp: @escaping @Sendable (KafkaError) -> Void, abandon: @escaping @Sendable (KafkaError) -> Void) {
        state.update { $0.answered = Deadline.now }
        OwnedThread.start("watchman") {
            guard let error = self.watch() else { return }
            giveUp(error)
            if self.isOver(after: Self.parting) == nil { abandon(error) }
        }
    }

    func stop() { state.update { $0.isStopping = true } }

    /// Why the owner can't be relied on at the moment.
    var trouble: String? {
        state.read { state in
            if let still = state.still.min(by: { $0.key < $1.key }) { return still.value }
            let silent = (Deadline.now - state.answered) / 1_000_000
            return silent > Self.silence.milliseconds ? "Kafka does not answer" : nil
        }
    }

    /// Partitions that stand still.
    var stalled: Int { state.read { $0.still.count } }

    /// Seconds since Kafka answered.
    var silentSeconds: Double { state.read { Double(max(0, Deadline.now - $0.answered)) / 1e9 } }

    /// - Returns: what can't go on; nil when stopped.
    private func watch() -> KafkaError? {
        var watch = StallWatch(patience: ward.patience)
        while isOver(after: Self.interval) == nil {
            let standings = ward.standings()
            let ends = ask(Array(standings.keys))
            let now = Deadline.now
            watch.comesBack(at: now / 1_000_000)
            let finding = watch.look(at: now / 1_000_000, standings, ends: ends)
            let before = state.read(\.still)
            state.update { state in
                if ends != nil { state.answered = now }
                state.still = finding.still
            }
            if finding.isOver { ward.note(finding.over) }
            for (number, text) in finding.still where before[number] == nil { say(2, "STALL", text) }
            guard finding.isOver else { continue }
            let text = finding.still.sorted { $0.key < $1.key }.map(\.value).joined(separator: "; ")
            return KafkaError(RD_KAFKA_RESP_ERR__TIMED_OUT, text)
        }
        return nil
    }

    /// The ends of the partitions that tell theirs; nil when no broker answers.
    private func ask(_ partitions: [Int32]) -> [Int32: Int64]? {
        do throws(KafkaError) {
            _ = try lookup.partitionCount(ward.topic, until: .after(.seconds(2)))
        } catch {
            return nil
        }
        do throws(KafkaError) {
            return try lookup.ends(ward.topic, partitions, until: .after(.seconds(2)))
        } catch {
            // Somebody answers, but not whoever leads: that is waited out like any trouble.
            say(5, "WATCH", "ends of \(ward.topic): \(error)")
            return [:]
        }
    }

    private func say(_ level: Int32, _ facility: String, _ text: String) {
        words.async { [settings] in settings.log(level, facility, text) }
    }

    /// True when stopped within that time, else nil.
    private func isOver(after wait: Duration) -> Bool? {
        state.wait(until: .after(wait)) { $0.isStopping ? true : nil }
    }
}
