import Kafka

/// Reaper's way to Kafka as a value: tests script it.
struct Outbox: Sendable {
    /// Puts a record on its topic without blocking, and tells once, on any thread, whether it was acknowledged.
    var send: @Sendable (OutgoingRecord, @escaping @Sendable (Bool) -> Void) -> Void
    /// How many records it takes now before it fills up; a due timer that finds no room waits for the next tick.
    var room: @Sendable () -> Int
}

extension Outbox {
    /// Well below the producer's own bound, so that reports always find room.
    private static let mostQueued = 20_000

    init(_ producer: Producer, metrics: ReaperMetrics) {
        send = { record, report in
            producer.send(record) { result in
                switch result {
                case .success: report(true)
                case .failure:
                    // Whoever sent it repeats it; here it is only counted.
                    metrics.sendFailures.add()
                    report(false)
                }
            }
        }
        room = { max(0, Self.mostQueued - producer.queued) }
    }
}
