import Base
import Kafka
import Pipeline
import Runtime
import Synchronization

extension Sweeper.Environment {
    /// Over Kafka: a reader of its own for each sweep, with a small queue, ended with it.
    init(
        _ environment: PipelineEnvironment, producer: Producer, clock: Clock,
        assigned: @escaping @Sendable () -> [Int32],
        passedOver: @escaping @Sendable (IncomingRecord) -> Bool, log: Log
    ) {
        self.init(
            topology: environment.topology, assigned: assigned, stream: Self.stream(environment, log),
            deliver: { try producer.sendAll($0, deadline: .seconds(30)) },
            rest: { OwnedThread.pause(for: $0) }, now: clock.now, passedOver: passedOver)
    }

    private static func stream(_ environment: PipelineEnvironment, _ log: Log) -> Sweeper.Stream {
        var settings = environment.kafka
        settings.options = [("queued.max.messages.kbytes", "4096")] + settings.options
        let topic = environment.topology.name(Catalogue.records)
        return { [settings] partition, isWanted, onRecord in
            let end = Reached()
            do {
                let reader = try TopicReader(
                    settings, topic: topic, partitions: [partition], from: .beginning, givesWay: true,
                    onRecord: onRecord,
                    onCaughtUp: { _ in end.flag.store(true, ordering: .releasing) })
                reader.start()
                while !end.flag.load(ordering: .acquiring), isWanted(), !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(50))
                }
                try await offPool { reader.stop(within: StopBudget.table) }
            } catch {
                log.warning("a sweep can't read", [("partition", .number(partition)), ("error", .error(error))])
                return false
            }
            return end.flag.load(ordering: .acquiring)
        }
    }

    private final class Reached: Sendable {
        let flag = Atomic(false)
    }
}
