import Base
import CRdKafka
import Dispatch

/// Writes down over which message of an input a daemon ends, as metadata of the partition's committed offset.
struct StumbleNotes: Sendable {
    private let settings: KafkaSettings
    /// The group's member: only it may commit.
    private let member: Client
    private let topic: String
    /// What is committed says nothing of what is settled: notes stay.
    private let keepsAll: Bool
    /// A log that nobody reads keeps only this.
    private let words = DispatchQueue(label: "stumble notes")

    /// Less than a fault waits for it.
    private static let patience = Duration.milliseconds(2_500)

    init(_ settings: KafkaSettings, _ member: Client, topic: String, keepsAll: Bool = false) {
        self.settings = settings
        self.member = member
        self.topic = topic
        self.keepsAll = keepsAll
    }

    /// The decision that stands still, if it is one: what else a lane waits for is no message's fault. Waits for the
    /// brokers, not for the log: the caller ends the daemon next.
    func stalled(_ lane: Lane) {
        guard let work = lane.work, work.isDecision else { return }
        let lines = note(lane, .stalled, work, "stalled")
        words.async { lines.forEach(say) }
    }

    /// The decision that a signal ends. While it is settled its messages are not to blame, and a commit of ours would
    /// undo the transaction's.
    func crashed(_ lane: Lane, signal: Int32) {
        let name = "ended by signal \(signal)"
        guard let work = lane.work, work.isDecision else {
            let place = "partition \(lane.partition) of \(topic), by no message of it"
            return say(Line(2, "CRASH", "\(place), while \(lane.work == nil ? lane.phase : "settling"): \(name)"))
        }
        note(lane, .crashed, work, name).forEach(say)
    }

    /// The committed offset with what is noted there; nil when the lane went away meanwhile.
    func read(_ lane: Lane) -> Int64? {
        while lane.isOwned {
            let list = TopicPartitions([(topic, lane.partition, -1001)])
            let code = list.use { rd_kafka_committed(member.raw, $0, 5_000) }
            let entry = list.entries[0]
            if code == RD_KAFKA_RESP_ERR_NO_ERROR && entry.error == RD_KAFKA_RESP_ERR_NO_ERROR {
                var book = StumbleBook(entry.metadata)
                if !keepsAll { book.drop(below: entry.offset) }
                lane.stumbles.withLock { [book] in $0 = book }
                for stumble in book.stumbles {
                    let place = "\(topic)[\(lane.partition)] \(stumble.place)"
                    settings.log(3, "STUMBLE", "\(place): \(stumble.kind), \(stumble.times) of 2 times")
                }
                return max(entry.offset, -1)
            }
            let error = KafkaError(code == RD_KAFKA_RESP_ERR_NO_ERROR ? entry.error : code)
            settings.log(4, "DESK", "committed offset of \(lane.partition): \(error), asking again")
            lane.step()
            OwnedThread.pause(for: .milliseconds(100))
        }
        return nil
    }

    /// A row that is not handed out any more.
    func passedOver(_ row: IncomingRecord, _ stumble: StumbleBook.Stumble) {
        let place = "\(row.topic)[\(row.partition)] \(stumble.place)"
        settings.log(2, "STUMBLE", "\(place) is passed over: \(stumble.kind) \(stumble.times) times")
    }

    private struct Line {
        let level: Int32
        let facility: String
        let text: String

        init(_ level: Int32, _ facility: String, _ text: String) {
            self.level = level
            self.facility = facility
            self.text = text
        }
    }

    private func say(_ line: Line) { settings.log(line.level, line.facility, line.text) }

    /// - Returns: what is to be said of it, which may block: the note comes first.
    private func note(_ lane: Lane, _ kind: StumbleBook.Kind, _ work: Lane.Work, _ what: String) -> [Line] {
        let facility = kind == .stalled ? "STALL" : "CRASH"
        if let table = work.table {
            // A table has no offset of ours to keep a note at.
            let place = "\(table)[\(lane.partition)] offset \(work.offsets.lowerBound)"
            return [Line(2, facility, "\(place), while reading the table: \(what)")]
        }
        let (stumble, forgotten, text) = lane.stumbles.withLock { book in
            let (stumble, forgotten) = book.note(kind, work.offsets, within: keepsAll ? .reader : .desk)
            return (stumble, forgotten, book.text())
        }
        let place = "\(topic)[\(lane.partition)]"
        let line = Line(2, facility, "\(place) \(stumble.place), time \(stumble.times): \(what)")
        // Its successor's offset is not ours to set back.
        guard lane.isOwned else { return [line, Line(3, "STUMBLE", "not noted at \(place): it was taken away")] }
        // Below the first of them everything is settled.
        let offsets = [lane.partition: work.offsets.lowerBound]
        let error = member.commit(topic, offsets, notes: [lane.partition: text], until: .after(Self.patience))
        return [line]
            + forgotten.map { Line(3, "STUMBLE", "\(place) has no room for more: \($0.place) is forgotten") }
            + (error.map { [Line(3, "STUMBLE", "not noted at \(place): \($0)")] } ?? [])
    }
}
