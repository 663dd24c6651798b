import Base
import CRdKafka
import CSystem
import Dispatch

/// What all lanes of a desk share: settings, clients for look-ups, the places to ask for offsets. Blocking; for lanes.
final class DeskContext: Sendable {
    let settings: DeskSettings
    let makeLogic: @Sendable (Lane) -> any DeskLogic
    /// The group's committed offsets, with what is noted there.
    let notes: StumbleNotes
    private let lookup: OffsetLookup
    /// At-least-once: one producer for all lanes.
    private let producer: Producer?
    /// More restores at a time only take each other's memory and disk.
    private let restores = DispatchSemaphore(value: 4)

    /// - Parameter member: the client of the group, asked for committed offsets.
    init(
        _ settings: DeskSettings, member: Client, makeLogic: @escaping @Sendable (Lane) -> any DeskLogic
    ) throws(KafkaError) {
        self.settings = settings
        notes = StumbleNotes(settings.kafka, member, topic: settings.input)
        self.makeLogic = makeLogic
        lookup = try OffsetLookup(settings.kafka)
        producer = settings.delivery == .atLeastOnce ? try Producer(settings.kafka, tuning: .desk) : nil
    }

    func settlement(_ lane: Lane) -> any Settlement {
        if let producer { return AcknowledgedSettlement(producer, settings.kafka, lane) }
        return TransactionalSettlement(settings, lane)
    }

    /// Fetches the output topics' metadata; failing to is only a slower first message.
    func warm() { producer?.warm(settings.outputs) }

    func close(until deadline: Deadline) { producer?.close(deadline: .milliseconds(deadline.milliseconds)) }

    /// Reads the lane's tables; nil when the lane went away meanwhile.
    func restore(_ lane: Lane, row: (IncomingRecord) -> Void) throws(KafkaError) -> Int? {
        restores.wait()
        defer { restores.signal() }
        let replay = TableRestore(settings: settings.kafka, lookup: lookup, partition: lane.partition, step: lane.step)
        let rows = try replay.run(settings.tables, while: { lane.isOwned }, row: row)
        // The reading's queues and the decoding left the heap full of holes, more than the tables themselves.
        if let rows, rows > 10_000 { otp_release_memory() }
        return rows
    }

    /// First and next offset of the lane's input; nil when the lane went away meanwhile.
    func inputRange(_ lane: Lane) -> OffsetLookup.Range? {
        while lane.isOwned {
            do throws(KafkaError) {
                let limit = Deadline.after(.seconds(5))
                return try lookup.ranges(settings.input, [lane.partition], until: limit)[lane.partition]
            } catch {
                settings.kafka.log(4, "DESK", "input \(lane.partition): \(error), asking again")
                lane.step()
                OwnedThread.pause(for: .milliseconds(100))
            }
        }
        return nil
    }

    /// An offset that was applied or committed but does not exist means that the input was made anew: going on would
    /// silently skip its first messages.
    func check(
        _ partition: Int32, _ input: OffsetLookup.Range, _ committed: Int64, applied: Int64?
    ) throws(KafkaError) {
        let place = "\(settings.input)[\(partition)] ends at \(input.high)"
        if let applied, applied >= input.high {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__INCONSISTENT,
                "\(place), but its tables have applied offset \(applied): was the topic made anew?")
        }
        if committed > input.high {
            throw KafkaError(
                RD_KAFKA_RESP_ERR__INCONSISTENT,
                "\(place), but offset \(committed) is committed: was the topic made anew?")
        }
        if committed >= 0 && committed < input.low {
            settings.kafka.log(
                3, "DESK", "\(settings.input)[\(partition)]: messages \(committed)..<\(input.low) expired unread")
        }
    }
}
