import Kafka
import Pipeline
import Runtime
import Synchronization

/// `otp.dead` as it is now, read from its beginning to its end. A Kafka that does not answer, or stops answering, ends
/// the reading with an `EnvironmentFailure` (75).
struct DeadTopic: Sendable {
    let kafka: KafkaSettings
    let topology: Topology
    /// How long nothing may happen.
    var patience: Duration = .seconds(10)
    private let lastWords: LastWords

    /// librdkafka's latest complaint, for the operator.
    private final class LastWords: Sendable {
        let text = Mutex("")
    }

    init(_ context: CommandContext) throws {
        let words = LastWords()
        lastWords = words
        let log = context.log
        kafka = try PipelineEnvironment.kafka(context.configuration, clientId: context.name) { line in
            log.debug("librdkafka", [("facility", .text(line.facility)), ("text", .text(line.message))])
            if line.level <= 4 { words.text.withLock { $0 = line.message } }
        }
        topology = Topology(prefix: context.configuration.text(CommonParameters.topicPrefix.name))
    }

    /// Gives every record, in log order within a partition, to `take`, on the reader's thread; until the end as it was
    /// at the start, or until `take` answers false.
    func read(_ take: @escaping @Sendable (IncomingRecord) -> Bool) async throws {
        let progress = Mutex((steps: 0, isOver: false))
        let reader = try TopicReader(
            kafka, topic: topology.name(Catalogue.dead), from: .beginning,
            onRecord: { record in
                guard !progress.withLock({ $0.isOver }) else { return }
                let goesOn = take(record)
                progress.withLock { $0 = ($0.steps + 1, !goesOn) }
            },
            onCaughtUp: { _ in progress.withLock { $0.steps += 1 } })
        reader.start()
        defer { reader.stop() }
        var (known, limit) = (0, ContinuousClock.now + patience)
        while !reader.isCaughtUp {
            let (steps, isOver) = progress.withLock { $0 }
            if isOver { return }
            if steps != known { (known, limit) = (steps, .now + patience) }
            guard ContinuousClock.now < limit else {
                let words = lastWords.text.withLock { $0 }
                throw EnvironmentFailure(
                    "\(topology.name(Catalogue.dead)) can't be read\(words.isEmpty ? "" : ": \(words)")")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// All letters, oldest first, with what is known of their having been sent again.
    func entries() async throws -> [DeadEntry] {
        let found = Mutex((entries: [DeadEntry](), marked: Set<String>()))
        try await read { record in
            found.withLock { found in
                if let place = DeadLetter.marked(by: record) { found.marked.insert(place) }
                if let entry = DeadEntry(record) { found.entries.append(entry) }
            }
            return true
        }
        let (entries, marked) = found.withLock { $0 }
        return entries.map { entry in
            var entry = entry
            entry.redriven = marked.contains(entry.place.description)
            return entry
        }.sorted { ($0.timestamp, $0.partition, $0.offset) < ($1.timestamp, $1.partition, $1.offset) }
    }

    /// One letter as it stands there; nil when there is none at that place.
    func letter(_ place: DeadPlace) async throws -> IncomingRecord? {
        let found = Mutex<IncomingRecord?>(nil)
        try await read { record in
            guard record.partition == place.partition, record.offset == place.offset else { return true }
            found.withLock { $0 = record }
            return false
        }
        return found.withLock { $0 }.flatMap { DeadEntry($0) == nil ? nil : $0 }
    }
}
