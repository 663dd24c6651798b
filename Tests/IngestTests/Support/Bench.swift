import Base
import Foundation
import HTTP
import Kafka
import Model
import Pipeline
import Runtime
import Security
import Texts
@testable import Ingest

/// The whole of Ingest without Kafka: what a door sends is decided by the desk's logic at once, and what that writes to
/// `otp.shops` the door's table shows at once.
final class Bench: @unchecked Sendable {
    // Tests call it from one task; the doors' callbacks run on that task's thread, guarded by the lock all the same.
    enum Kafka { case acknowledging, silent, full }

    static let shop = "otp-guard-demo.myshopify.com"
    static let accessToken = "shpat_0123456789abcdef0123456789abcdef"
    /// 2026-11-20T10:02:45Z
    static let start: Int64 = 1_795_168_965_000
    static let secret = Secret(text: "shpss_example_client_secret_0000")
    static let adminToken = "an-admin-token-of-at-least-32-bytes!"

    let topology = Topology(partitions: 4)
    let keyring: Keyring
    let identity = IdentityKey(Secret([UInt8](repeating: 7, count: 32)))
    let clock = ManualClock(start)
    let registry = Metrics()
    let directory: ShopDirectory
    let metrics: IngestMetrics
    let logLines = Lines()
    private let lock = NSRecursiveLock()
    private(set) var logic: IngestLogic!
    private(set) var outbox: Outbox!
    private(set) var watch: ShopWatch!
    let secrets: SourceSecrets
    private(set) var nextOffset: Int64 = 100
    /// What the doors sent, and what the desk's decisions wrote.
    private(set) var sent: [OutgoingRecord] = []
    private(set) var staged: [StagedRecord] = []
    private(set) var reports: [Outbox.Report] = []
    private let mayCancel: Bool
    private let planLimits: PlanLimits
    var kafka = Kafka.acknowledging
    /// How many records are refused before Kafka takes one.
    var refusals = 0
    /// Done once, before the next record is sent: what others do meanwhile.
    var before: (() -> Void)?
    var isCaughtUp = true

    init(mayCancel: Bool = true, planLimits: PlanLimits = .standard) throws {
        self.mayCancel = mayCancel
        self.planLimits = planLimits
        keyring = try Keyring(parsing: "k1:" + Data(repeating: 3, count: 32).base64EncodedString())
        directory = ShopDirectory(keyring: keyring)
        metrics = IngestMetrics(registry)
        secrets = SourceSecrets(directory)
        logic = makeLogic()
        outbox = Outbox(clock: clock.clock) { [unowned self] record, report in self.send(record, report) }
        watch = ShopWatch(directory, clock: clock.clock)
    }

    func makeLogic() -> IngestLogic {
        return IngestLogic(
            lane: .standalone(partition: 1),
            setup: IngestLogic.Setup(
                topology: topology, keyring: keyring, identity: identity, mayCancel: mayCancel,
                planLimits: planLimits, isOurs: { [directory] in directory[$0] != nil },
                isOfAnother: { [directory] in directory.hasNumber($0, beside: $1) }, metrics: metrics,
                log: log, clock: clock.clock))
    }

    var log: Log {
        let lines = logLines
        return Log(name: "test", clock: clock.clock, write: { lines.append($0) })
    }

    // MARK: Doors

    var shopify: ShopifyDoor {
        ShopifyDoor(
            secrets: [Secret(text: "an-older-secret"), Self.secret], intake: intake)
    }

    var intake: WebhookIntake {
        WebhookIntake(
            topology: topology, directory: directory, isCaughtUp: { [unowned self] in self.isCaughtUp },
            outbox: outbox, metrics: metrics)
    }

    private(set) lazy var pace = SourcePace(clock: clock.clock)

    var orders: OrdersDoor { OrdersDoor(intake: intake, secrets: secrets, pace: pace, clock: clock.clock) }

    var twilio: TwilioDoor {
        TwilioDoor(
            url: "https://app.example.com", tokens: [Secret(text: "newer"), Secret(text: "12345")],
            identity: identity, topology: topology, outbox: outbox, metrics: metrics)
    }

    var admin: AdminDoor {
        AdminDoor(
            tokens: BearerTokens([Secret(text: String(repeating: "x", count: 40)), Secret(text: Self.adminToken)]),
            allowShortTimers: false, templateCheck: TemplateCheck(publicURL: nil), topology: topology,
            directory: directory,
            isCaughtUp: { [unowned self] in self.isCaughtUp }, outbox: outbox, watch: watch)
    }

    private func send(_ record: OutgoingRecord, _ report: @escaping Outbox.Report) {
        lock.withLock {
            let first = before
            before = nil
            first?()
            switch kafka {
            case .silent: reports.append(report)
            case .full: report(.failure(KafkaError(code: -184)))
            case .acknowledging where refusals > 0:
                refusals -= 1
                report(.failure(KafkaError(code: -184)))
            case .acknowledging:
                sent.append(record)
                if record.topic == topology.name(Catalogue.webhooks) { feed(record) }
                report(.success(Delivery(partition: record.partition ?? 0, offset: nextOffset)))
            }
        }
    }

    // MARK: Desk

    /// Decides one message at the clock's time; its outputs are durable at once.
    @discardableResult
    func feed(_ record: OutgoingRecord) -> [StagedRecord] {
        feed([incoming(record)])
    }

    func incoming(_ record: OutgoingRecord, at time: Int64? = nil) -> IncomingRecord {
        nextOffset += 1
        return IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: nextOffset, timestamp: time ?? clock.now,
            key: record.key, value: record.value, headers: record.headers)
    }

    @discardableResult
    func feed(_ batch: [IncomingRecord]) -> [StagedRecord] {
        lock.withLock {
            let outputs = logic.decide(batch)
            logic.committed()
            staged += outputs
            for record in outputs.map(\.record) where record.topic == topology.name(Catalogue.shops) {
                directory.take(incoming(record))
            }
            return outputs
        }
    }

    /// The desk's clock strikes; what comes of it is durable at once. Beats are left out.
    @discardableResult
    func tick() -> [StagedRecord] {
        let outputs = logic.tick(now: clock.now).filter { !Wire.isBeat($0.incoming) }
        logic.committed()
        staged += outputs
        return outputs
    }

    /// A new logic that knows only what the tables hold, as after a restart.
    func restart() {
        let next = makeLogic()
        for record in staged.map(\.record) { next.restore(incoming(record)) }
        next.restored(now: clock.now)
        logic = next
    }

    /// Puts the shop by its two steps, without the door.
    func install(_ change: (inout ShopSettings) -> Void = { _ in }) throws {
        var settings = ShopSettings()
        change(&settings)
        feed(WebhookMessage.shopKey(.init(platform: "shopify", putId: "p1")).record(shop: Self.shop, topology))
        guard let (record, key) = directory.current(Self.shop) else { throw WireProblem("no key") }
        let token = key.seal(
            Array(Self.accessToken.utf8), topic: "shops", key: Self.shop, field: "accessToken")
        feed(
            WebhookMessage.shopPut(
                .init(
                    putId: "p2", shopVersion: record.version, accessToken: Sealed(token), plan: .starter,
                    shopifyPlan: nil, settings: settings)
            ).record(shop: Self.shop, topology))
        staged.removeAll { $0.record.topic == topology.name(Catalogue.dead) }
    }

    /// A webhook as the door seals it.
    ///
    /// - Parameter delivery: its id; every one has its own when nil.
    func webhook(
        _ topic: String, _ body: [UInt8], version: Int64? = nil, delivery: String? = nil, event: String? = nil,
        triggeredAt: Int64? = nil
    ) throws -> OutgoingRecord {
        guard let (record, key) = directory.current(Self.shop) else { throw WireProblem("no shop") }
        let sealed = key.seal(body, topic: "webhooks", key: Self.shop, field: "body")
        return WebhookMessage.webhook(
            .init(
                platform: "shopify", topic: topic, deliveryId: delivery ?? UUID().uuidString, eventId: event,
                triggeredAt: triggeredAt, shopVersion: version ?? record.version, body: sealed)
        ).record(shop: Self.shop, topology)
    }

    func notice(_ outcome: OutcomeKind, order: String = Sample.indiaOrder) -> OutgoingRecord {
        WebhookMessage.notice(
            Notice(verification: id(of: order), order: order, outcome: outcome, number: nil, fault: nil)
        ).record(shop: Self.shop, topology)
    }

    func sent(_ number: Int, order: String) -> OutgoingRecord {
        WebhookMessage.notice(
            Notice(verification: id(of: order), order: order, outcome: .sent, number: number, fault: nil)
        ).record(shop: Self.shop, topology)
    }

    func id(of order: String) -> VerificationID {
        VerificationID(identity.token(platform: "shopify", shop: Self.shop, order: order).verificationId)
    }

    func metric(_ name: String, _ labels: String = "") -> Double? {
        let text = String(decoding: registry.exposition(), as: UTF8.self)
        let start = labels.isEmpty ? "\(name) " : "\(name){\(labels)} "
        return text.split(separator: "\n").first { $0.hasPrefix(start) }.flatMap { Double($0.dropFirst(start.count)) }
    }
}

/// Lines written from any thread.
final class Lines: @unchecked Sendable {
    // Every access holds the lock.
    private let lock = NSLock()
    private var lines: [String] = []

    func append(_ line: String) { lock.withLock { lines.append(line) } }
    var all: [String] { lock.withLock { lines } }
}
