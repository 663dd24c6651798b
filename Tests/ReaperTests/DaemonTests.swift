import Base
import Foundation
import Kafka
import KafkaMock
import Model
import Pipeline
import Security
import Synchronization
import Testing

@testable import Reaper
@testable import Runtime

@Suite("otp-reaper over a mock cluster")
struct DaemonTests {
    private let here = Topology(partitions: 2)
    private let token = "shpat_live"

    @Test("ends timers, settles at the shop, has data erased, writes receipts, and stops as asked")
    func whole() async throws {
        let mock = try MockCluster()
        for topic in Catalogue.all { mock.createTopic(here.name(topic), partitions: here.partitions) }
        let kafka = KafkaSettings(
            brokers: mock.bootstrapServers, options: [("fetch.wait.max.ms", "5")], clientId: "test")
        let producer = try Producer(kafka)
        let now = Clock.system.now()
        try producer.sendAll(try rows(now), deadline: .seconds(10))

        let seen = Mutex<[IncomingRecord]>([])
        let readers = try [Catalogue.attempts, Catalogue.receipts].map { topic in
            try TopicReader(
                kafka, topic: here.name(topic), from: .beginning,
                onRecord: { row in if !Wire.isBeat(row) { seen.withLock { $0.append(row) } } })
        }
        for reader in readers { reader.start() }

        let shop = StandInAPI(token: token)
        let (signals, signal) = AsyncStream<String>.makeStream()
        let lines = Lines()
        let process = process(mock.bootstrapServers, lines, signals)
        async let code = Daemon.run(ReaperDescription.description, in: process) { context in
            try await Reaper.services(context, http: shop.client)
        }
        let expected: Set = [
            "\(id(1)) timed-out", "\(id(2)) settled", "\(id(3)) erase", "\(id(4)) erase",
            "nobody/0 receipt", "nobody/1 receipt",
        ]
        let limit = ContinuousClock.now + .seconds(40)
        var got: Set<String> = []
        while !got.isSuperset(of: expected), ContinuousClock.now < limit {
            try await Task.sleep(for: .milliseconds(50))
            got = Set(seen.withLock { $0 }.map { "\(key($0)) \($0.header(Wire.typeHeader) ?? "?")" })
        }
        #expect(got.isSuperset(of: expected), "\(lines.text)")
        #expect(got.subtracting(expected).isSubset(of: ["person/0 receipt", "person/1 receipt"]))
        #expect(got.intersection(["person/0 receipt", "person/1 receipt"]).count == 1)
        #expect(shop.now.tags == ["otp-cancelled"])
        #expect(shop.now.note?.hasPrefix("[otp-guard ") == true)
        #expect(shop.now.calls.filter { $0 == "CancelOrder" }.count == 1)

        signal.yield("SIGTERM")
        #expect(await code == .ok)
        for reader in readers { reader.stop() }
        for word in [token, "4567", "ph1", "ch1"] { #expect(!lines.text.contains(word)) }
        producer.close(deadline: .seconds(1))
    }

    private func id(_ number: Int) -> String { Life(number).id.text }
    private func key(_ row: IncomingRecord) -> String { String(decoding: row.key ?? [], as: UTF8.self) }

    /// A shop; a timer that ended; an order to cancel; an old record; one of a person to be erased; two erasures.
    private func rows(_ now: Int64) throws -> [OutgoingRecord] {
        var pending = Life(1, openedAt: now - 1_000_000)
        pending.take(.textSent(TextReport(number: 1, generation: 1)))
        var settling = Life(2, openedAt: now - 950_000)
        settling.take(.textSent(TextReport(number: 1, generation: 1)))
        settling.take(.expired(.init(cause: .timedOut, fault: nil)), after: 900)
        settling.take(.settlementIntended(.cancel))
        let old = Life(3, openedAt: now - 89 * 86_400_000)
        var person = Life(4, openedAt: now - 5000)
        person.take(.verified)
        let records = [pending, settling, old, person].map { life in
            Wire.record(
                Catalogue.records, here, key: life.id.text, type: "verification", value: life.state.map(Wire.encode))
        }
        let requests = [("person", "ph4"), ("nobody", "ph9")].map { name, phone in
            ErasureRequest(
                id: name, shop: shopDomain, phoneHashes: [phone], customerHash: nil, orders: [], requestedAt: now
            ).record(here)
        }
        return try [shopRow()] + records + requests
    }

    private func shopRow() throws -> OutgoingRecord {
        let keyring = try Keyring(parsing: Self.keyring)
        let key = DataKey.generate()
        let sealed = key.seal(Array(token.utf8), topic: "shops", key: shopDomain, field: "accessToken")
        let record = ShopRecord(
            platform: "shopify", version: 1, wrappedKey: Sealed(key.wrapped(by: keyring.current, shop: shopDomain)),
            keyId: "k1",
            installation: .init(
                accessToken: Sealed(sealed), plan: .pro, shopifyPlan: nil, settings: ShopSettings(), activatedAt: 0),
            putId: "p", applied: 1)
        return Wire.record(Catalogue.shops, here, key: shopDomain, type: "shop", value: Wire.encode(record))
    }

    private static let keyring = "k1:" + String(repeating: "A", count: 43) + "="

    private func process(_ brokers: String, _ lines: Lines, _ signals: AsyncStream<String>) -> DaemonProcess {
        let environment = [
            "OTP_KAFKA_BROKERS": brokers, "OTP_PARTITIONS": "2", "OTP_DELIVERY": "at-least-once",
            "OTP_KAFKA_OPTIONS": "session.timeout.ms=3000,heartbeat.interval.ms=300,fetch.wait.max.ms=5",
            "OTP_KEYRING": Self.keyring, "OTP_HTTP_BIND": "127.0.0.1:0", "OTP_SHOPIFY_URL": "http://127.0.0.1:1",
        ]
        return DaemonProcess(
            arguments: [], environment: environment, output: { _ in }, error: { lines.add($0) },
            stopDeadline: .seconds(20), signals: signals)
    }
}
