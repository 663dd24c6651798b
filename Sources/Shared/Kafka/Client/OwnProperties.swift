/// The properties that the pipeline sets for its promises: nothing is lost, nothing is decided twice, an order's
/// messages meet in one partition. No operator's word changes them. docs/OPERATING.md, Kafka's options
enum OwnProperties {
    static let names: Set<String> = [
        // What is acknowledged stays, once and in its order.
        "acks", "request.required.acks", "enable.idempotence", "enable.gapless.guarantee", "max.in.flight",
        "max.in.flight.requests.per.connection", "transactional.id", "transaction.timeout.ms",
        // Every client puts a key into the same partition, and takes what another one sent.
        "partitioner", "message.max.bytes",
        // What was rolled back is never read; who owns what; offsets are committed with what came of them.
        "isolation.level", "group.id", "group.instance.id", "group.protocol", "partition.assignment.strategy",
        "enable.auto.commit", "auto.commit.enable", "enable.auto.offset.store", "auto.offset.reset",
        "enable.partition.eof",
    ]

    static func problem(_ name: String) -> String? {
        names.contains(name) ? "\(name) is the pipeline's own and can't be changed" : nil
    }
}
