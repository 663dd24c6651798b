import Dispatch
import Kafka
import Model
import Runtime

/// Runs a blocking call on a thread of Dispatch, so that the cooperative pool stays free.
public func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Result { try work() })
        }
    }
}

extension PipelineEnvironment {
    /// A desk as a service: its readiness, its counts, its end. What a desk can't go on from ends the daemon, to be
    /// started again by whatever watches it.
    public func service(_ desk: Desk, _ context: DaemonContext) -> Service {
        FaultWatch.start()
        context.health.readiness("desk") { desk.trouble }
        let statistics: [(String, String, Metrics.Kind, @Sendable (DeskStatistics) -> Double)] = [
            ("otp_desk_messages_total", "messages decided and settled", .counter, { Double($0.messages) }),
            ("otp_desk_batches_total", "batches settled", .counter, { Double($0.batches) }),
            ("otp_desk_rollbacks_total", "batches undone and done again", .counter, { Double($0.rollbacks) }),
            (
                "otp_desk_buried_total", "messages put aside after two aborts, stalls or crashes", .counter,
                { Double($0.buried) }
            ),
            ("otp_desk_restored_rows_total", "rows read from tables", .counter, { Double($0.restoredRows) }),
            ("otp_desk_rebalances_total", "rebalances served", .counter, { Double($0.rebalances) }),
            ("otp_desk_lag", "messages between what is settled and the input's end", .gauge, { Double($0.lag) }),
        ]
        for (name, help, kind, value) in statistics {
            context.metrics.sample(name, help: help, kind: kind) { value(desk.statistics()) }
        }
        context.metrics.sample("otp_desk_partitions", help: "partitions that are ours", kind: .gauge) {
            Double(desk.assigned.count)
        }
        watch(context, stalled: { desk.stalled }, silentSeconds: { desk.silentSeconds })
        return Service(
            name: "desk",
            run: {
                do throws(KafkaError) {
                    try await desk.run()
                } catch {
                    throw EnvironmentFailure("the desk can't go on: \(error)")
                }
            },
            stop: { await desk.stop(deadline: StopBudget.desk) })
    }

    /// An assigned reader as a service: its readiness, its end.
    public func service(_ reader: AssignedReader, _ context: DaemonContext) -> Service {
        FaultWatch.start()
        context.health.readiness("reader") { reader.trouble }
        watch(context, stalled: { reader.stalled }, silentSeconds: { reader.silentSeconds })
        return Service(
            name: "reader",
            run: {
                do throws(KafkaError) {
                    try await reader.run()
                } catch {
                    throw EnvironmentFailure("the reader can't go on: \(error)")
                }
            },
            stop: { await reader.stop(deadline: StopBudget.desk) })
    }

    private func watch(
        _ context: DaemonContext, stalled: @escaping @Sendable () -> Int,
        silentSeconds: @escaping @Sendable () -> Double
    ) {
        context.metrics.sample(
            "otp_stalled_partitions", help: "partitions with work that stand still for OTP_STALL_SECONDS", kind: .gauge
        ) { Double(stalled()) }
        context.metrics.sample(
            "otp_kafka_silent_seconds", help: "since a broker last answered; about one when all is well", kind: .gauge
        ) { silentSeconds() }
    }

    /// A door's or a worker's producer as a service, closed after everything that uses it.
    public func service(_ producer: Producer) -> Service {
        Service(
            name: "producer", start: {},
            stop: {
                await withCheckedContinuation { continuation in
                    DispatchQueue.global().async {
                        producer.close(deadline: StopBudget.producer)
                        continuation.resume()
                    }
                }
            })
    }

    /// Every shop, read and kept up to date; the daemon is unready until the table has been read once.
    ///
    /// - Parameter keepsLogos: whether their logos are of use here.
    public func shopDirectory(_ context: DaemonContext, keepsLogos: Bool = false) throws -> (ShopDirectory, Service) {
        let directory = ShopDirectory(keyring: keyring, keepsLogos: keepsLogos)
        let reader = try TopicReader(
            kafka, topic: topology.name(Catalogue.shops), partitions: nil, from: .beginning,
            onRecord: { directory.take($0) }, onCaughtUp: { _ in })
        context.health.readiness("shops") { reader.isCaughtUp ? nil : "the table of shops is still being read" }
        context.metrics.sample("otp_shops", help: "shops known", kind: .gauge) { Double(directory.count) }
        context.metrics.sample("otp_shops_unreadable_total", help: "unreadable rows of otp.shops", kind: .counter) {
            Double(directory.unreadable)
        }
        return (
            directory,
            Service(name: "shops", start: { reader.start() }, stop: { reader.stop(within: StopBudget.table) })
        )
    }
}
