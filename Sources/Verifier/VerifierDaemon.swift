import Base
import HTTP
import Kafka
import Model
import Pipeline
import Runtime
import Security

/// `otp-verifier`: decides on attempts, for its partitions of `otp.attempts`; its door serves any shopper.
enum VerifierDaemon {
    static let description = DaemonDescription(
        name: "otp-verifier", summary: "Decides on shoppers' codes and keeps the record of every verification.",
        port: 8083,
        parameters: [
            CommonParameters.idKey, PipelineEnvironment.keyringParameter, CommonParameters.publicURL.optional,
            CommonParameters.trustedProxies, CommonParameters.shopifyClientSecret.optional,
        ],
        check: { configuration in
            let problem = publicURL(configuration).flatMap(PublicPath.complaint)
                .map { "\(CommonParameters.publicURL.name) \($0)" }
            return PipelineEnvironment.kafkaProblems(configuration) + [problem].compactMap { $0 }
        })

    private static func publicURL(_ configuration: Configuration) -> String? {
        let name = CommonParameters.publicURL.name
        return configuration.has(name) ? configuration.url(name) : nil
    }

    static func services(_ context: DaemonContext) async throws -> [Service] {
        let environment = try PipelineEnvironment(context, daemon: "verifier")
        try await environment.ensureTopics()
        let producer = try Producer(environment.kafka)
        let (switchboard, switching) = try switchboard(context, environment, producer)
        let configuration = context.configuration
        let (looks, looking) = try looks(context, environment)
        let door = Door(
            identity: IdentityKey(Secret(configuration.secret(CommonParameters.idKey.name))),
            keyring: environment.keyring, switchboard: switchboard, looks: looks,
            limits: DoorLimits(
                proxies: TrustedProxies(configuration.list(CommonParameters.trustedProxies.name)),
                forwarded: ForwardedWatch(context.metrics, context.log, clock: context.clock.now),
                clock: Clock.monotonic.now),
            ownOrigin: OwnOrigin(publicURL: publicURL(configuration)),
            publicPath: publicURL(configuration).map(PublicPath.of) ?? "",
            proxySecrets: configuration.secretList(CommonParameters.shopifyClientSecret.name).map { Secret($0) },
            metrics: DoorMetrics(context.metrics), clock: context.clock.now,
            closedBecause: switching.closedBecause)
        context.addRoutes {
            door.addRoutes(to: &$0)
            looks.addRoutes(to: &$0, below: door.publicPath)
        }
        return [
            environment.service(producer), looking, switching.reading, switching.patience,
            try desk(context, environment),
        ]
    }

    /// The shops' looks with their reader; the daemon is unready until the table has been read once.
    private static func looks(_ context: DaemonContext, _ environment: PipelineEnvironment) throws -> (
        ShopLooks, Service
    ) {
        let looks = ShopLooks()
        let reader = try TopicReader(
            environment.kafka, topic: environment.topology.name(Catalogue.shops), from: .beginning,
            onRecord: { looks.take($0) })
        context.health.readiness("looks") { reader.isCaughtUp ? nil : "the shops' looks are still being read" }
        context.metrics.sample("otp_verifier_looks", help: "shops with a name, colour or logo of their own") {
            Double(looks.count)
        }
        context.metrics.sample("otp_verifier_logo_bytes", help: "bytes of the logos held") { Double(looks.logoBytes) }
        context.metrics.sample("otp_verifier_logos_left_out", help: "shops whose logo had no room") {
            Double(looks.leftOut)
        }
        return (
            looks, Service(name: "looks", start: { reader.start() }, stop: { reader.stop(within: StopBudget.table) })
        )
    }

    private static func desk(_ context: DaemonContext, _ environment: PipelineEnvironment) throws -> Service {
        let metrics = VerifierMetrics(context.metrics)
        let pool = HashPool(width: HTTPServer.coreCount, capacity: 64 * HTTPServer.coreCount)
        var settings = environment.deskSettings(
            input: Catalogue.attempts,
            tables: [environment.table(Catalogue.records, from: PipelineEnvironment.recently)],
            outputs: [
                Catalogue.records, Catalogue.outcomes, Catalogue.verdicts, Catalogue.requests, Catalogue.webhooks,
                Catalogue.dead,
            ], batchLimit: 512)
        // A guess may need a hash: nobody shall wait for more than 64 of them. All else goes through in large
        // transactions.
        settings.weigh = { $0.isGuess ? 8 : 1 }
        let desk = try Desk(settings) { lane in
            VerifierLogic(
                lane: lane, topology: environment.topology, keyring: environment.keyring, pool: pool, metrics: metrics)
        }
        return environment.service(desk, context)
    }

    private struct Switching {
        let reading: Service
        let patience: Service
        let closedBecause: @Sendable () -> String?
    }

    /// The switchboard with the reader of its verdicts and the clock that gives up on late ones.
    private static func switchboard(
        _ context: DaemonContext, _ environment: PipelineEnvironment, _ producer: Producer
    ) throws -> (Switchboard, Switching) {
        let switchboard = Switchboard(
            topology: environment.topology, replyPartition: Int32.random(in: 0..<environment.topology.partitions),
            clock: Clock.monotonic.now
        ) { record, done in
            producer.send(record) { result in
                if case .success = result { done(true) } else { done(false) }
            }
        }
        let reader = try TopicReader(
            environment.kafka, topic: environment.topology.name(Catalogue.verdicts),
            partitions: [switchboard.replyPartition], from: .end,
            onRecord: { switchboard.take($0) }, onCaughtUp: { _ in })
        let closedBecause: @Sendable () -> String? = { reader.isCaughtUp ? nil : "no place for verdicts yet" }
        context.health.readiness("verdicts", closedBecause)
        context.metrics.sample("otp_verifier_questions", help: "shoppers waiting for an answer") {
            Double(switchboard.pending)
        }
        context.metrics.sample("otp_verifier_turned_away", help: "questions refused because their owner was behind") {
            Double(switchboard.refused)
        }
        let reading = Service(
            name: "verdicts", start: { reader.start() }, stop: { reader.stop(within: StopBudget.table) })
        let patience = Service.ticking("patience", every: .milliseconds(100)) { switchboard.expire() }
        return (switchboard, Switching(reading: reading, patience: patience, closedBecause: closedBecause))
    }
}

extension IncomingRecord {
    fileprivate var isGuess: Bool { header(Wire.typeHeader) == "guess" }
}
