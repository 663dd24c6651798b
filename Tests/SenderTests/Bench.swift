import Base
import Foundation
import Kafka
import Model
import Pipeline
import Platforms
import Runtime
import Security
import Synchronization

@testable import Sender

/// A lane without Kafka: messages go in, staged records come out, attempts run against a scripted provider and come
/// back as messages, all by a clock that stands still.
final class Bench {
    static let phone = "+14155550123"
    static let shop = "example-store.myshopify.com"
    static let start: Int64 = 1_700_000_000_000
    static let keyText = "k1:" + Data(repeating: 7, count: 32).base64EncodedString()

    let clock = ManualClock(Bench.start)
    let topology = Topology()
    let identity = IdentityKey(Secret([UInt8](repeating: 9, count: 32)))
    let keyring: Keyring
    let shops: ShopDirectory
    let script: Script
    let metrics = Metrics()
    let logLines = Lines()
    let lane: Lane
    let token: LinkToken
    let id: VerificationID
    let range: String
    private let dataKey: DataKey
    private let errands = Queue<Errand>()
    let sender: SenderMetrics
    let provider: ProviderMetrics
    var gate: ProviderGate
    /// Those beside the scripted one, and in which order; nil is that one alone.
    var others: [GatedProvider] = []
    var order: ProviderOrder?
    private let held = Queue<(Errand, Int64)>()
    var logic: SenderLogic
    var offset: Int64 = 100
    /// Everything that was staged and committed.
    var produced: [StagedRecord] = []

    init(
        script: Script = Script(), keys: String = Bench.keyText, knowsShop: Bool = true,
        testPhones: Set<String> = [], reports: ReportRule = .none
    ) throws {
        self.script = script
        keyring = try Keyring(parsing: keys)
        let full = try Keyring(parsing: Self.keyText)
        dataKey = DataKey.generate()
        shops = ShopDirectory(keyring: full)
        token = identity.token(platform: "shopify", shop: Self.shop, order: "gid://shopify/Order/1001")
        id = VerificationID(token.verificationId)
        range = identity.rangeHash(Self.phone)
        lane = Lane.standalone(partition: topology.partition(of: range))
        sender = SenderMetrics(metrics)
        let log = Log(name: "otp-sender", level: .debug, clock: clock.clock, write: logLines.add)
        provider = ProviderMetrics(metrics, provider: script.name)
        gate = ProviderGate(clock: clock.clock, metrics: provider, log: log, provider: script.name)
        let forge = CodeForge(
            keyring: keyring, pool: HashPool(width: 1, capacity: 8), cost: 4, hashes: sender.hashes)
        logic = SenderLogic(
            lane: lane, topology: topology, forge: forge, shops: shops, metrics: sender, clock: clock.clock, log: log,
            unknownKey: RateLimitedWarning(log, clock.clock),
            limiter: SendGuard(testPhones: testPhones, blocked: RateLimitedWarning(log, clock.clock)),
            reports: reports, start: errands.add)
        if knowsShop { learnShop() }
    }

    func learnShop(version: Int64 = 3, _ set: (inout ShopSettings) -> Void = { _ in }) {
        var settings = ShopSettings()
        set(&settings)
        let record = ShopRecord(
            platform: "shopify", version: version,
            wrappedKey: Sealed(dataKey.wrapped(by: shopsKey, shop: Self.shop)), keyId: "k1",
            installation: .init(
                accessToken: Sealed([1]), plan: .starter, shopifyPlan: nil, settings: settings, activatedAt: 0),
            putId: "p", applied: 1)
        shops.take(row(of: Self.shop, Wire.encode(record)))
    }

    func forgetShop() {
        shops.take(row(of: Self.shop, nil))
    }

    private var shopsKey: Keyring.Key {
        do { return try Keyring(parsing: Self.keyText).current } catch { fatalError("\(error)") }
    }

    private func row(of shop: String, _ value: [UInt8]?) -> IncomingRecord {
        let record = Wire.record(Catalogue.shops, topology, key: shop, type: "shop", value: value)
        return Self.incoming(record, offset: 1, at: clock.now)
    }

    // MARK: Messages

    func request(
        number: Int = 1, generation: Int = 1, keyId: String = "k1", codeSeconds: Int = 600,
        openedAt: Int64 = Bench.start
    ) -> SendRequest {
        let sealed = dataKey.seal(
            Array(Self.phone.utf8), topic: PhoneSeal.topic, key: id.text, field: PhoneSeal.field)
        let subject = Subject(
            platform: "shopify", shop: Self.shop, order: "gid://shopify/Order/1001", orderName: "#1001", shopVersion: 3,
            phone: Sealed(sealed), phoneHash: identity.phoneHash(Self.phone), phoneMask: "+1*****0123", range: range,
            customerHash: nil, locale: "en", keyId: keyId, timerSeconds: 900, codeSeconds: codeSeconds, codeLength: 6)
        return SendRequest(
            number: number, generation: generation, subject: subject,
            sendBy: SendRequest.sendBy(openedAt: openedAt, timerSeconds: 900))
    }

    func incoming(_ message: RequestMessage) -> IncomingRecord {
        incoming(message.record(id, range: range, topology))
    }

    func incoming(_ record: OutgoingRecord) -> IncomingRecord {
        offset += 1
        return Self.incoming(record, offset: offset, at: clock.now)
    }

    static func incoming(_ record: OutgoingRecord, offset: Int64, at time: Int64) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? -1, offset: offset, timestamp: time, key: record.key,
            value: record.value, headers: record.headers)
    }

    @discardableResult
    func deliver(_ messages: RequestMessage...) -> [StagedRecord] {
        deliver(messages.map { incoming($0) })
    }

    @discardableResult
    func deliver(_ records: [IncomingRecord]) -> [StagedRecord] {
        commit(logic.decide(records))
    }

    @discardableResult
    func tick(after duration: Duration = .zero) -> [StagedRecord] {
        clock.advance(by: duration)
        return commit(logic.tick(now: clock.now))
    }

    private func commit(_ staged: [StagedRecord]) -> [StagedRecord] {
        logic.committed()
        produced += staged
        return staged
    }

    // MARK: Attempts

    /// What the logic has handed out since it was last asked.
    func takeErrands() -> [Errand] { errands.take() }

    var attempt: TextAttempt {
        let log = Log(name: "otp-sender", level: .debug, clock: clock.clock, write: logLines.add)
        return TextAttempt(
            shops: shops, keyring: keyring,
            writer: TextWriter(
                identity: identity, publicURL: "https://verify.example.com", webhookURL: "https://hooks.example.com"),
            providers: providers, clock: clock.clock, metrics: sender,
            ownTrouble: RateLimitedWarning(log, clock.clock))
    }

    var providers: TextProviders {
        let scripted = GatedProvider(provider: script.provider, gate: gate, metrics: provider)
        return TextProviders([scripted] + others, order: order ?? ProviderOrder(otherwise: [script.name]))
    }

    /// A second provider with its own gate.
    func gated(_ script: Script) -> GatedProvider {
        let metrics = ProviderMetrics(metrics, provider: script.name)
        return GatedProvider(
            provider: script.provider,
            gate: ProviderGate(clock: clock.clock, metrics: metrics, log: logic.log, provider: script.name),
            metrics: metrics)
    }

    func worker(concurrency: Int = 4, report: @escaping TextWorker.Report) -> TextWorker {
        TextWorker(
            concurrency: concurrency, attempt: attempt, topology: topology, metrics: sender,
            log: Log(name: "otp-sender", clock: clock.clock, write: logLines.add), report: report)
    }

    /// Makes the attempts handed out and returns the results as they would be written.
    func makeAttempts() async -> [OutgoingRecord] {
        let results = Queue<OutgoingRecord>()
        let worker = worker { record in results.add(record) }
        for errand in takeErrands() { await worker.make(errand) }
        // The worker is a new one each time: what it holds is kept here.
        for (errand, at) in held.take() {
            if at <= clock.now { await worker.make(errand) } else { held.add((errand, at)) }
        }
        for entry in worker.takeHeld() { held.add(entry) }
        return results.take()
    }

    /// Makes the attempts handed out and delivers their results.
    @discardableResult
    func run() async -> [StagedRecord] {
        let records = await makeAttempts()
        produced += records.map { StagedRecord(.effect, $0) }
        guard !records.isEmpty else { return [] }
        return deliver(records.map { incoming($0) })
    }

    /// The same lane after a restart: restored from what was written to its tables.
    func restart() -> Bench {
        do {
            let next = try Bench(script: script, keys: Self.keyText, reports: logic.reports)
            next.others = others
            next.order = order
            next.clock.set(clock.now)
            next.offset = offset
            next.shops.take(row(of: Self.shop, nil))
            for staged in produced where ["otp.sends", "otp.numbers"].contains(staged.record.topic) {
                next.logic.restore(Self.incoming(staged.record, offset: 0, at: clock.now))
            }
            next.adopt(self)
            next.logic.restored(now: clock.now)
            return next
        } catch {
            fatalError("\(error)")
        }
    }

    private func adopt(_ other: Bench) {
        shops.take(
            row(
                of: Self.shop,
                Wire.encode(
                    ShopRecord(
                        platform: "shopify", version: 3,
                        wrappedKey: Sealed(other.dataKey.wrapped(by: shopsKey, shop: Self.shop)), keyId: "k1",
                        installation: nil, putId: "p", applied: 2))))
    }
}
