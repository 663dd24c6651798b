import HTTP
import Kafka
import Outbound
import Pipeline
import Platforms
import Runtime

/// Reaper's parts put together: what it reads, what acts, what reports. Services stop in reverse: the sweeps and the
/// partitions first, what they report through last.
struct Reaper {
    /// How often partitions look at their timers: the most a timer is late by itself.
    static let tickInterval = Duration.milliseconds(5)

    let context: DaemonContext
    let environment: PipelineEnvironment
    let metrics: ReaperMetrics
    let producer: Producer
    let http: HTTPClient

    init(_ context: DaemonContext, http: HTTPClient) throws {
        self.context = context
        environment = try PipelineEnvironment(context, daemon: "reaper")
        metrics = ReaperMetrics(context.metrics)
        producer = try Producer(environment.kafka, tuning: .door)
        self.http = http
    }

    /// - Parameter http: the way to the shops; tests script it.
    static func services(_ context: DaemonContext, http: HTTPClient = .urlSession()) async throws -> [Service] {
        let reaper = try Reaper(context, http: http)
        try await reaper.environment.ensureTopics()
        return try reaper.services()
    }

    func services() throws -> [Service] {
        let (directory, shops) = try environment.shopDirectory(context)
        let erasures = ErasureTable(unreadable: metrics.unreadableRows)
        let erasureReader = try TopicReader(
            environment.kafka, topic: environment.topology.name(Catalogue.erasures), partitions: nil,
            from: .beginning, onRecord: { erasures.take($0) })
        let pool = pool(directory)
        let reader = try assignedReader(pool)
        context.metrics.sample(
            "otp_reaper_passed_over", help: "rows passed over because they ended Reaper twice", kind: .gauge
        ) { Double(reader.passedOver) }
        let sweeper = Sweeper(
            .init(
                environment, producer: producer, clock: context.clock, assigned: { reader.assigned },
                passedOver: { reader.isPassedOver($0) }, log: context.log),
            erasures: erasures, metrics: metrics, log: context.log)
        return [
            environment.service(producer), shops,
            Service(
                name: "erasures", start: { erasureReader.start() },
                stop: { erasureReader.stop(within: StopBudget.table) }),
            Service(name: "settlements", run: { await pool.run() }, stop: { pool.stop() }),
            environment.service(reader, context),
            Service(name: "sweeps", run: { try await sweeper.run() }, stop: { sweeper.stop() }),
        ]
    }

    private func pool(_ directory: ShopDirectory) -> SettlementPool {
        let configuration = context.configuration
        let refusing = RefusingShops()
        context.metrics.sample("otp_reaper_shops_refusing", help: "shops that refuse us at the moment") {
            Double(refusing.count)
        }
        let health = context.health
        let settler = Settler(
            admin: ShopifyAdmin.make(
                http: http, baseURL: configuration.url(CommonParameters.shopifyURL.name),
                version: configuration.text(CommonParameters.shopifyAPIVersion.name), now: context.clock.now),
            access: { shop in
                directory.access(shop, isCaughtUp: !health.reasons().contains { $0.name == "shops" })
            },
            now: context.clock.now, random: { .random(in: 0..<1) }, refusing: refusing, log: context.log,
            mayCancel: configuration.flag(CommonParameters.cancel.name))
        let metrics = metrics
        let pool = SettlementPool(onThrottled: { metrics.retried(.throttled) }) { await settler.attempt($0) }
        context.metrics.sample("otp_reaper_settlements_running", help: "settlements under way") {
            Double(pool.running)
        }
        context.metrics.sample("otp_reaper_settlements_waiting", help: "settlements waiting for a place") {
            Double(pool.waiting)
        }
        return pool
    }

    private func assignedReader(_ pool: SettlementPool) throws -> AssignedReader {
        let outbox = Outbox(producer, metrics: metrics)
        let (topology, metrics, log, clock) = (environment.topology, metrics, context.log, context.clock)
        return try AssignedReader(
            environment.kafka, topic: topology.name(Catalogue.records), group: topology.group(of: "reaper"),
            instance: environment.instance, from: PipelineEnvironment.recently, tickInterval: Self.tickInterval,
            stallTimeout: environment.stallTimeout
        ) { partition in
            ReaperPartition(
                partition, topology: topology, outbox: outbox, metrics: metrics, log: log, clock: clock,
                submit: { pool.submit($0) })
        }
    }
}
