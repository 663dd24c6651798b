import HTTP
import Kafka
import Model
import Outbound
import Pipeline
import Platforms
import Runtime
import Security
import Texts

/// otp-ingest: the door of the platforms' webhooks and of the operator, and the owner of shops and orders.
///
/// What it answers 200 is in the log; what it could not put there in time it answers 503, to be sent again.
enum Ingest {
    static let description = DaemonDescription(
        name: "otp-ingest", summary: "takes in webhooks and shops, decides which orders are verified", port: 8081,
        parameters: [
            PipelineEnvironment.keyringParameter, CommonParameters.idKey, CommonParameters.webhookURL,
            CommonParameters.adminToken, CommonParameters.shopifyClientSecret, CommonParameters.twilioAuthToken,
            CommonParameters.cancel, CommonParameters.allowShortTimers, newShopCap,
            CommonParameters.publicURL.optional, CommonParameters.shopifyClientId, shopifyScopes,
            CommonParameters.shopifyURL, CommonParameters.shopifyAPIVersion, planLimits, pollSeconds,
        ], commands: ShopCommands(http: { .urlSession() }).all, check: PipelineEnvironment.kafkaProblems)

    static let newShopCap = Parameter(
        "OTP_DAILY_CAP", default: "1000", kind: .integer(0...10_000_000),
        help: "texts a day of a shop in its first 30 days without a dailyCap of its own; 0: no cap")

    static let planLimits = Parameter(
        "OTP_PLAN_LIMITS", default: "starter=100,growth=1000,pro=10000",
        kind: .custom { text in
            PlanLimits(parsing: text) == nil ? "must be like starter=100,growth=1000,pro=unlimited" : nil
        }, help: "orders verified a month by plan; unlimited: no limit")

    static let pollSeconds = Parameter(
        "OTP_POLL_SECONDS", default: "600", kind: .integer(1...86_400),
        help: "how often each shop is asked for orders whose webhooks may have been lost")

    static let shopifyScopes = Parameter(
        "OTP_SHOPIFY_SCOPES", default: "read_orders,write_orders", kind: .list,
        help: "what a merchant is asked to grant; an installation with less is refused")

    /// A message that is not acknowledged by then has been answered 503 already: librdkafka gives it up as well.
    private static let tuning = ProducerTuning(lingerMs: 0, messageTimeoutMs: Int(Outbox.patienceMs))

    /// - Parameter http: the way to the shops; tests script it.
    static func services(_ context: DaemonContext, http: HTTPClient = .urlSession()) async throws -> [Service] {
        let environment = try PipelineEnvironment(context, daemon: "ingest")
        try await environment.ensureTopics()
        let metrics = IngestMetrics(context.metrics)
        let producer = try Producer(environment.kafka, tuning: tuning)
        let (directory, shops) = try environment.shopDirectory(context, keepsLogos: true)
        let outbox = Outbox(clock: .monotonic) { record, report in producer.send(record, onDelivery: report) }
        let watch = ShopWatch(directory, clock: .monotonic)
        context.health.readiness("producer") { outbox.trouble }
        addRoutes(context, environment, metrics, outbox, directory, watch, http)
        let keeper = makeKeeper(context, environment, http, directory, outbox)
        let desk = try makeDesk(context, environment, metrics, keeper, directory)
        let deadlines = Service.ticking("deadlines", every: .milliseconds(25)) {
            outbox.expire()
            watch.expire()
        }
        let outputs = [Catalogue.webhooks, Catalogue.requests].map(environment.topology.name)
        let warming = Service(
            name: "warming", start: { try await offPool { producer.warm(outputs) } }, stop: {})
        return [
            environment.service(producer), warming, deadlines, shops,
            Service(name: "chores", run: { await keeper.run() }, stop: { keeper.stop() }),
            environment.service(desk, context),
        ]
    }

    private static func makeKeeper(
        _ context: DaemonContext, _ environment: PipelineEnvironment, _ http: HTTPClient, _ directory: ShopDirectory,
        _ outbox: Outbox
    ) -> ShopKeeper {
        let configuration = context.configuration
        let url = configuration.url(CommonParameters.shopifyURL.name)
        let secret = configuration.secretList(CommonParameters.shopifyClientSecret.name).first.map(Secret.init)
        let oauth = configuration.optionalText(CommonParameters.shopifyClientId.name).flatMap { clientId in
            secret.map {
                ShopifyOAuth.make(
                    http: http, baseURL: url, clientId: clientId, clientSecret: $0, now: context.clock.now)
            }
        }
        let pace = ShopChore.Pace(pollEverySeconds: configuration.integer(pollSeconds.name))
        let errands = ShopErrands(
            reading: ShopifyReading.make(
                http: http, baseURL: url, version: configuration.text(CommonParameters.shopifyAPIVersion.name),
                now: context.clock.now),
            oauth: oauth, directory: directory, topology: environment.topology,
            post: { await outbox.post($0) }, pace: pace, clock: context.clock, metrics: KeeperMetrics(context.metrics),
            log: context.log)
        let keeper = ShopKeeper(errands, pace: pace, clock: context.clock)
        context.metrics.sample("otp_ingest_chores_running", help: "calls to shops under way") { Double(keeper.busy) }
        return keeper
    }

    private static func addRoutes(
        _ context: DaemonContext, _ environment: PipelineEnvironment, _ metrics: IngestMetrics, _ outbox: Outbox,
        _ directory: ShopDirectory, _ watch: ShopWatch, _ http: HTTPClient
    ) {
        let configuration = context.configuration
        func secrets(_ parameter: Parameter) -> [Secret] { configuration.secretList(parameter.name).map(Secret.init) }
        let health = context.health
        let shopsRead = Latch { !health.reasons().contains { $0.name == "shops" } }
        let intake = WebhookIntake(
            topology: environment.topology, directory: directory, isCaughtUp: shopsRead.isSet, outbox: outbox,
            metrics: metrics)
        let shopify = ShopifyDoor(secrets: secrets(CommonParameters.shopifyClientSecret), intake: intake)
        let orders = OrdersDoor(
            intake: intake, secrets: SourceSecrets(directory), pace: SourcePace(clock: .monotonic), clock: context.clock
        )
        let twilio = TwilioDoor(
            url: configuration.url(CommonParameters.webhookURL.name),
            tokens: secrets(CommonParameters.twilioAuthToken),
            identity: IdentityKey(Secret(configuration.secret(CommonParameters.idKey.name))),
            topology: environment.topology, outbox: outbox, metrics: metrics)
        let admin = AdminDoor(
            tokens: BearerTokens(secrets(CommonParameters.adminToken)),
            allowShortTimers: configuration.flag(CommonParameters.allowShortTimers.name),
            templateCheck: TemplateCheck(
                publicURL: configuration.has(CommonParameters.publicURL.name)
                    ? configuration.url(CommonParameters.publicURL.name) : nil),
            topology: environment.topology, directory: directory, isCaughtUp: shopsRead.isSet, outbox: outbox,
            watch: watch)
        let install = InstallDoor(
            context, http: http,
            changes: ShopChanges(topology: environment.topology, directory: directory, outbox: outbox, watch: watch),
            isCaughtUp: shopsRead.isSet, metrics: metrics)
        context.addRoutes { router in
            install?.addRoutes(&router)
            shopify.addRoutes(&router)
            orders.addRoutes(&router)
            twilio.addRoutes(&router)
            admin.addRoutes(&router)
        }
    }

    private static func makeDesk(
        _ context: DaemonContext, _ environment: PipelineEnvironment, _ metrics: IngestMetrics, _ keeper: ShopKeeper,
        _ directory: ShopDirectory
    ) throws -> Desk {
        let setup = IngestLogic.Setup(
            topology: environment.topology, keyring: environment.keyring,
            identity: IdentityKey(Secret(context.configuration.secret(CommonParameters.idKey.name))),
            mayCancel: context.configuration.flag(CommonParameters.cancel.name),
            newShopCap: context.configuration.integer(newShopCap.name),
            planLimits: PlanLimits(parsing: context.configuration.text(planLimits.name)) ?? .standard, keeper: keeper,
            isOurs: { directory[$0] != nil }, isOfAnother: { directory.hasNumber($0, beside: $1) }, metrics: metrics,
            log: context.log, clock: context.clock)
        var settings = environment.deskSettings(
            input: Catalogue.webhooks,
            tables: [
                environment.table(Catalogue.shops),
                environment.table(Catalogue.orders, from: PipelineEnvironment.recently),
                environment.table(Catalogue.usage),
                environment.table(Catalogue.customers),
            ],
            outputs: [
                Catalogue.webhooks, Catalogue.shops, Catalogue.orders, Catalogue.usage, Catalogue.customers,
                Catalogue.requests, Catalogue.attempts, Catalogue.outcomes, Catalogue.erasures, Catalogue.dead,
            ])
        // A platform drops who answers late; a decision may come a moment later.
        settings.givesWay = true
        return try Desk(settings) { lane in IngestLogic(lane: lane, setup: setup) }
    }
}
