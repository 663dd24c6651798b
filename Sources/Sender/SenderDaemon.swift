import HTTP
import Kafka
import Model
import Outbound
import Pipeline
import Platforms
import Runtime
import Security

/// What `otp-sender` is made of: the desk over `otp.requests`, the worker that asks the provider, the table of shops.
enum SenderDaemon {
    static let description = DaemonDescription(
        name: "otp-sender", summary: "sends one-time codes by text message and follows them to their delivery",
        port: 8082,
        parameters: [
            CommonParameters.idKey, PipelineEnvironment.keyringParameter, CommonParameters.bcryptCost,
            CommonParameters.publicURL, CommonParameters.webhookURL, CommonParameters.twilioAccountSID,
            CommonParameters.twilioAuthToken, CommonParameters.twilioMessagingServiceSID, CommonParameters.twilioURL,
        ] + SenderParameters.all, check: PipelineEnvironment.kafkaProblems)

    static func services(_ context: DaemonContext) async throws -> [Service] {
        let environment = try PipelineEnvironment(context, daemon: "sender")
        try await environment.ensureTopics()
        let configuration = context.configuration
        let cost = configuration.integer(CommonParameters.bcryptCost.name)
        let metrics = SenderMetrics(context.metrics)
        let producer = try Producer(environment.kafka)
        let (shops, shopsService) = try environment.shopDirectory(context)
        let identity = IdentityKey(Secret(configuration.secret(CommonParameters.idKey.name)))
        let testTexts = try SenderParameters.testTexts(configuration, identity)
        let concurrency = configuration.integer(SenderParameters.concurrency.name)
        let file = try ProviderFile(configuration)
        let providers = try providers(file, context, concurrency)
        let attempt = TextAttempt(
            shops: shops, keyring: environment.keyring,
            writer: TextWriter(
                identity: identity,
                publicURL: configuration.url(CommonParameters.publicURL.name),
                webhookURL: configuration.url(CommonParameters.webhookURL.name)),
            providers: providers, clock: context.clock, metrics: metrics,
            ownTrouble: RateLimitedWarning(context.log, context.clock), testTexts: testTexts)
        if let testTexts { context.addRoutes { testTexts.addRoutes(to: &$0) } }
        let worker = TextWorker(
            concurrency: concurrency * providers.count, attempt: attempt, topology: environment.topology,
            metrics: metrics,
            log: context.log
        ) { record throws(KafkaError) in _ = try await producer.send(record) }
        let limiter = try SendGuard(context, testPhones: testTexts?.phones ?? [])
        let desk = try await desk(
            environment, context, shops, worker, metrics, limiter, file.reports, cost: cost)
        let partitions = Double(environment.topology.partitions)
        return [
            environment.service(producer), shopsService, environment.service(desk, context),
            Service(name: "texts", run: { await worker.run() }, stop: { worker.stop() }),
            Service.ticking("held texts", every: .milliseconds(250)) {
                providers.setShare(Double(max(desk.assigned.count, 1)) / partitions)
                worker.releaseHeld()
            },
        ]
    }

    private static func desk(
        _ environment: PipelineEnvironment, _ context: DaemonContext, _ shops: ShopDirectory, _ worker: TextWorker,
        _ metrics: SenderMetrics, _ limiter: SendGuard, _ reports: ReportRule, cost: Int
    ) async throws -> Desk {
        let pool = HashPool(width: HTTPServer.coreCount, capacity: 64)
        let forge = CodeForge(keyring: environment.keyring, pool: pool, cost: cost, hashes: metrics.hashes)
        try await offPool { try forge.check() }
        let unknownKey = RateLimitedWarning(context.log, context.clock)
        return try Desk(
            environment.deskSettings(
                input: Catalogue.requests,
                tables: [
                    environment.table(Catalogue.sends, from: PipelineEnvironment.recently),
                    environment.table(Catalogue.numbers),
                ],
                outputs: [Catalogue.sends, Catalogue.attempts, Catalogue.requests, Catalogue.numbers, Catalogue.dead],
                batchLimit: 64)
        ) { lane in
            SenderLogic(
                lane: lane, topology: environment.topology, forge: forge, shops: shops, metrics: metrics,
                clock: context.clock, log: context.log, unknownKey: unknownKey, limiter: limiter,
                reports: reports, start: { worker.submit($0) })
        }
    }
}
