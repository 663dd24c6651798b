import Base
import CRdKafka

/// Writes down over which message of an input a daemon ends, as metadata of the partition's committed offset.
struct StumbleNotes: Sendable {
    private let settings: KafkaSettings
    /// The group's member: only it may commit.
    private let member: Client
    private let topic: String

    /// Less than a fault waits for it.
    private static let patience = Duration.milliseconds(2_500)

    init(_ settings: KafkaSettings, _ member: Client, topic: String) {
        self.settings = settings
        self.member = member
        self.topic = topic
    }

    /// The decision that stands still, if it is one: what else a lane waits for is no message's fault.
    func stalled(_ lane: Lane) {
        guard let work = lane.work, work.isDecision else { return }
        note(lane, .stalled, work, "stalled")
    }

    /// What the thread worked on that a signal ends.
    func crashed(_ lane: Lane, signal: Int32) {
        let name = "ended by signal \(signal)"
        guard let work = lane.work else {
            return settings.log(2, "CRASH", "partition \(lane.partition) of \(topic), by no message of it: \(name)")
        }
        note(lane, .crashed, work, name)
    }

    /// The committed offset with what is noted there; nil when the lane went away meanwhile.
    func read(_ lane: Lane) -> Int64? {
        while lane.isOwned {
            let list = TopicPartitions([(topic, lane.partition, -1001)])
            let code = list.use { rd_kafka_committed(member.raw, $0, 5_000) }
            let entry = list.entries[0]
            if code == RD_KAFKA_RESP_ERR_NO_ERROR && entry.error == RD_KAFKA_RESP_ERR_NO_ERROR {
                let book = StumbleBook(entry.metadata)
                lane.stumbles.withLock { $0 = book }
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

    private func note(_ lane: Lane, _ kind: StumbleBook.Kind, _ work: Lane.Work, _ what: String) {
        let facility = kind == .stalled ? "STALL" : "CRASH"
        if let table = work.table {
            // A table has no offset of ours to keep a note at.
            let place = "\(table)[\(lane.partition)] offset \(work.offsets.lowerBound)"
            return settings.log(2, facility, "\(place), while reading the table: \(what)")
        }
        let (stumble, text) = lane.stumbles.withLock { book in
            let stumble = book.note(kind, work.offsets)
            return (stumble, book.text())
        }
        settings.log(
            2, facility, "\(topic)[\(lane.partition)] \(stumble.place), time \(stumble.times): \(what)")
        // Below the first of them everything is settled.
        let offsets = [lane.partition: work.offsets.lowerBound]
        guard let error = member.commit(topic, offsets, notes: [lane.partition: text], until: .after(Self.patience))
        else { return }
        settings.log(3, "STUMBLE", "not noted at \(topic)[\(lane.partition)]: \(error)")
    }
}
