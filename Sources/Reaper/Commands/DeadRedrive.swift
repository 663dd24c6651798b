import Kafka
import Pipeline
import Runtime
import Security
import Synchronization

/// `dead redrive`: every chosen letter's message goes to the topic and partition that it came from, then a mark behind
/// the letter says so. Marked letters are left alone. A crash between the two leaves no mark, and the message may be
/// sent twice: every daemon can take that.
struct DeadRedrive: Sendable {
    private let context: CommandContext
    private let arguments: DeadArguments
    private let keyring: Keyring
    private let dead: DeadTopic

    private struct Tally {
        var waiting: Set<DeadPlace>
        var done = 0
        var failed = 0
        var broken: EnvironmentFailure?
    }

    init(_ context: CommandContext, _ arguments: DeadArguments, _ keyring: Keyring) throws {
        self.context = context
        self.arguments = arguments
        self.keyring = keyring
        dead = try DeadTopic(context)
    }

    func run() async throws -> ExitCode {
        let entries = try await dead.entries().filter { entry in
            (arguments.place == nil || arguments.place == entry.place)
                && (arguments.reason == nil || arguments.reason == entry.reason)
        }
        guard !entries.isEmpty else { return DeadCommands.refuse(context, "no dead letter matches") }
        let chosen = entries.filter { !$0.redriven || arguments.flags.contains("--force") }
        let skipped = entries.count - chosen.count
        guard !chosen.isEmpty else {
            return DeadCommands.refuse(context, "sent again before: \(skipped); --force sends once more")
        }
        let tally = try await send(Set(chosen.map(\.place)))
        if let broken = tally.broken { throw broken }
        let verb = isDryRun ? "would be sent again" : "sent again"
        context.error("\(context.name): \(verb): \(tally.done), failed: \(tally.failed), skipped: \(skipped)\n")
        return tally.failed == 0 && tally.done > 0 ? .ok : .failed
    }

    private var isDryRun: Bool { arguments.flags.contains("--dry-run") }

    /// Reads the letters once more and deals with each as it comes by, so that never more than one is held.
    private func send(_ chosen: Set<DeadPlace>) async throws -> Tally {
        let producer = try Producer(dead.kafka)
        defer { producer.close(deadline: .seconds(1)) }
        let tally = Mutex(Tally(waiting: chosen))
        try await dead.read { record in
            let place = DeadPlace(partition: record.partition, offset: record.offset)
            guard tally.withLock({ $0.waiting.remove(place) }) != nil else { return true }
            do {
                try send(record, place, by: producer)
                tally.withLock { $0.done += 1 }
            } catch let failure as EnvironmentFailure {
                tally.withLock { $0.broken = failure }
            } catch {
                context.error("\(context.name): \(place): \(error)\n")
                tally.withLock { $0.failed += 1 }
            }
            return tally.withLock { $0.broken == nil && !$0.waiting.isEmpty }
        }
        return tally.withLock { tally in
            // Retention can have taken one between the two readings.
            tally.failed += tally.broken == nil ? tally.waiting.count : 0
            return tally
        }
    }

    private func send(_ record: IncomingRecord, _ place: DeadPlace, by producer: Producer) throws {
        let letter = try DeadLetter(opening: record, keyring)
        guard let origin = DeadLetter.origin(of: record),
            Catalogue.all.contains(where: { dead.topology.name($0) == origin.topic })
        else { throw WireProblem("it does not come from a topic of this installation") }
        guard letter.leftOut == nil else { throw WireProblem("the message was too large to be put aside") }
        if !isDryRun {
            try acknowledge(letter.message(for: origin), producer, "\(place) was not sent")
            try acknowledge(
                DeadLetter.mark(of: record), producer,
                "\(place) was sent, but its mark was not written: a second redrive will send it once more")
        }
        context.output("\(place)\t\(origin.topic)/\(origin.partition)\n")
    }

    private func acknowledge(_ record: OutgoingRecord, _ producer: Producer, _ otherwise: String) throws {
        do throws(KafkaError) {
            try producer.sendAll([record], deadline: .seconds(15))
        } catch {
            if error.isRetriable { throw EnvironmentFailure("\(otherwise): \(error)") }
            throw WireProblem("\(otherwise): \(error)")
        }
    }
}
