import Kafka
import Model
import Pipeline
import Runtime
import Security

@testable import Verifier

/// A Verifier's desk on a bench: one partition, messages written by hand, no Kafka.
final class Bench {
    static let topology = Topology(prefix: "t.", partitions: 4)
    static let keyring: Keyring = {
        do {
            return try Keyring(parsing: "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
        } catch {
            preconditionFailure("the key ring of the tests is wrong")
        }
    }()
    static let pool = HashPool(width: 2, capacity: 16)
    static let id = VerificationID("0190f9c2-0000-8000-8000-000000000001").unsafelyUnwrapped
    static let code = "123456"

    static let subject = Subject(
        platform: "shopify", shop: "a.myshopify.com", order: "gid://shopify/Order/1", orderName: "#1", shopVersion: 3,
        phone: Sealed([9, 9]), phoneHash: "ph", phoneMask: "+1*****4567", range: "rg", customerHash: nil, locale: "en",
        keyId: "k1", timerSeconds: 900, codeSeconds: 600, codeLength: 6)

    let logic: VerifierLogic
    private let metrics = VerifierMetrics(Metrics())
    /// Codes compared with their hash so far.
    var comparisons: Int { Int(metrics.comparisons.value) }
    var offset: Int64 = 0
    var now: Int64 = 1_800_000_000_000

    init() {
        logic = VerifierLogic(
            lane: .standalone(partition: 0), topology: Self.topology, keyring: Self.keyring, pool: Self.pool,
            metrics: metrics)
        logic.restored(now: now - 1_000_000)
    }

    static func mac(_ code: String, _ id: VerificationID = id) -> [UInt8] {
        GuessMAC.mac(pepper: keyring.current.pepper, id: id.uuid, code: code)
    }

    static func ask(_ correlation: String) -> AttemptMessage.Ask {
        AttemptMessage.Ask(correlation: correlation, replyPartition: 2)
    }

    static func guess(_ code: String, _ id: VerificationID = id) -> AttemptMessage {
        .guess(.init(ask: ask("c-\(code)"), fingerprints: ["k1": Fingerprint.text(mac(code, id))]))
    }

    static func challenge(_ id: VerificationID = id) throws -> AttemptMessage {
        .challenged(Challenge(generation: 1, hash: try Bcrypt.hash(mac(code, id), cost: 4)))
    }

    static let sent = AttemptMessage.sent(TextReport(number: 1, generation: 1))

    func incoming(_ message: AttemptMessage, _ id: VerificationID = id) -> IncomingRecord {
        let record = message.record(id, Self.topology)
        offset += 1
        return IncomingRecord(
            topic: record.topic, partition: 0, offset: offset, timestamp: now, key: record.key, value: record.value,
            headers: record.headers)
    }

    /// One batch, committed.
    @discardableResult
    func take(_ messages: AttemptMessage..., after seconds: Int64 = 0) -> [StagedRecord] {
        now += seconds * 1000
        let staged = logic.decide(messages.map { incoming($0) })
        logic.committed()
        return staged
    }

    static func answers(_ staged: [StagedRecord]) throws -> [Answer.Kind] {
        try staged.filter { $0.stage == .reply }.map { try Wire.decode(Answer.self, from: arrived($0.record)).kind }
    }

    static func outcomes(_ staged: [StagedRecord]) -> [String] {
        staged.filter { $0.record.topic == "t.outcomes" && $0.record.value != nil }.compactMap { staged in
            staged.record.headers.first { $0.name == "ce_type" }?.text?.split(separator: ".").dropLast().last
                .map(String.init)
        }
    }

    static func topics(_ staged: [StagedRecord]) -> [String] { staged.map { String($0.record.topic.dropFirst(2)) } }

    /// A record as a reader of its topic gets it.
    static func arrived(_ record: OutgoingRecord, offset: Int64 = 0) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: offset, timestamp: 0, key: record.key,
            value: record.value, headers: record.headers)
    }
}
