import Kafka
import Model
import Security
import Testing

@testable import Pipeline

@Suite("Messages on topics")
struct WireTests {
    static let topology = Topology(prefix: "t.", partitions: 4)
    static let id = VerificationID("0190f9c2-0000-8000-8000-000000000001").unsafelyUnwrapped
    static let subject = Subject(
        platform: "shopify", shop: "a.myshopify.com", order: "gid://shopify/Order/1", orderName: nil, shopVersion: 3,
        phone: Sealed([0, 255, 7]), phoneHash: "ph", phoneMask: "+1*****4567", range: "rg", customerHash: nil,
        locale: nil, keyId: "k1", timerSeconds: 900, codeSeconds: 600, codeLength: 6)
    static let ask = AttemptMessage.Ask(correlation: "c", replyPartition: 3)

    static func arrived(_ record: OutgoingRecord) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: record.partition ?? 0, offset: 5, timestamp: 0, key: record.key,
            value: record.value, headers: record.headers)
    }

    static let attempts: [AttemptMessage] = [
        .opened(subject), .look(ask), .guess(.init(ask: ask, fingerprints: ["k1": "x"])), .resend(ask),
        .challenged(Challenge(generation: 2, hash: "h")), .sent(TextReport(number: 1, generation: 1)),
        .delivered(TextReport(number: 1, generation: 1)),
        .failed(TextFailure(number: 1, generation: 1, reason: "21211", fault: .number)), .orderCancelled,
        .undelivered(UndeliveredText(number: 1, generation: 1, reason: "30008", again: .anybody)),
        .undelivered(UndeliveredText(number: 1, generation: 1, reason: "30450", again: nil)),
        .phoneChanged(subject), .timedOut, .settle(.cancel), .settle(.review, round: 1), .settled(.cancelledByUs),
        .settled(.tagged, intended: 1_800_000_000_000),
        .erase(Erasure(shop: "a.myshopify.com", texts: 2)),
    ]

    @Test("every attempt message comes back as it went", arguments: attempts)
    func attempt(message: AttemptMessage) throws {
        let record = message.record(Self.id, Self.topology)
        #expect(record.topic == "t.attempts")
        #expect(record.partition == Self.topology.partition(of: Self.id.text))
        #expect(try AttemptMessage(Self.arrived(record)) == message)
    }

    static let requests: [RequestMessage] = [
        .send(SendRequest(number: 1, generation: 1, subject: subject, sendBy: 9)), .stop(throughGeneration: 4),
        .attempted(SendAttempt(number: 1, attempt: 2, startedAt: 3, result: .retry(afterMs: 5, reason: "429"))),
        .attempted(SendAttempt(number: 1, attempt: 2, startedAt: 3, result: .accepted(messageId: "SM1"))),
        .receipt(DeliveryReceipt(number: 1, messageId: "SM1", outcome: .failed, reason: "30005", fault: .number)),
        .receipt(
            DeliveryReceipt(
                number: 1, messageId: "SM1", outcome: .undelivered, reason: "30008", fault: nil, again: .another)),
        .again(SendAgain(SendRequest(number: 1, generation: 1, subject: subject, sendBy: 9), by: .anybody)),
    ]

    @Test("every request comes back as it went, on its range's partition", arguments: requests)
    func request(message: RequestMessage) throws {
        let record = message.record(Self.id, range: "rg", Self.topology)
        #expect(record.partition == Self.topology.partition(of: "rg"))
        #expect(try RequestMessage(Self.arrived(record)) == message)
    }

    static let webhooks: [WebhookMessage] = [
        .webhook(
            .init(
                platform: "shopify", topic: "orders/create", deliveryId: "d", eventId: nil, shopVersion: 7,
                body: [1, 2])),
        .notice(Notice(verification: id, order: "o", outcome: .sent, number: 1, fault: nil)),
        .shopKey(.init(platform: "shopify", putId: "p")),
        .shopPut(
            .init(
                putId: "p", shopVersion: 7, accessToken: Sealed([1]), plan: .pro, shopifyPlan: "Basic",
                settings: ShopSettings())),
        .shopDelete(.init(requestId: "r")),
    ]

    @Test("every webhook message comes back as it went, keyed by its shop", arguments: webhooks)
    func webhook(message: WebhookMessage) throws {
        let record = message.record(shop: "a.myshopify.com", Self.topology)
        #expect(record.key == Array("a.myshopify.com".utf8))
        #expect(try WebhookMessage(Self.arrived(record)) == message)
    }

    @Test("unknown fields are ignored; unknown versions and types are told from each other")
    func tolerance() throws {
        var record = AttemptMessage.look(Self.ask).record(Self.id, Self.topology)
        record.value = Array("{\"correlation\":\"c\",\"replyPartition\":3,\"new\":[1]}".utf8)
        #expect(try AttemptMessage(Self.arrived(record)) == .look(Self.ask))
        record.headers = [KafkaHeader(Wire.typeHeader, "look"), KafkaHeader(Wire.versionHeader, "2")]
        #expect(throws: WireProblem("unknown version")) { try AttemptMessage(Self.arrived(record)) }
        record.headers = [KafkaHeader(Wire.typeHeader, "lock"), KafkaHeader(Wire.versionHeader, "1")]
        #expect(throws: WireProblem("unknown type")) { try AttemptMessage(Self.arrived(record)) }
    }

    @Test("numbers nobody can mean are a problem of the message, not the end of its owner")
    func impossibleNumbers() {
        var endless = Self.subject
        endless.timerSeconds = .max
        var eternal = Self.subject
        eternal.codeSeconds = .max
        let many = Erasure(shop: "a.myshopify.com", texts: .max)
        for message in [AttemptMessage.opened(endless), .phoneChanged(eternal), .erase(many)] {
            let record = Self.arrived(message.record(Self.id, Self.topology))
            #expect(throws: WireProblem("impossible numbers")) { try AttemptMessage(record) }
        }
    }

    @Test("outcomes are CloudEvents with ids that repeat")
    func outcomes() {
        let data = OutcomeData(
            verification: Self.id, shop: "a.myshopify.com", order: "gid://shopify/Order/1", orderName: "#1",
            phone: "+1*****4567", number: 2, at: 1_800_000_000_123)
        let record = OutcomeRecord.make(.sent, Self.id, data, Self.topology)
        let headers = Dictionary(uniqueKeysWithValues: record.headers.map { ($0.name, $0.text) })
        let id = OutcomeRecord.eventId(Self.id, .sent, number: 2)
        #expect(headers["ce_id"] == id)
        #expect(headers["ce_type"] == "app.otpguard.verification.sent.v1")
        #expect(headers["ce_source"] == "/shops/a.myshopify.com")
        #expect(headers["ce_subject"] == "gid://shopify/Order/1")
        #expect(headers["ce_time"] == "2027-01-15T08:00:00.123Z")
        #expect(headers["ce_specversion"] == "1.0")
        #expect(record.key == Array("a.myshopify.com/\(id)".utf8))
        #expect(OutcomeRecord.eventId(Self.id, .sent, number: 1) != id)
        let tombstones = OutcomeRecord.tombstones(Self.id, shop: "a.myshopify.com", texts: 2, Self.topology)
        #expect(tombstones.contains { $0.key == record.key && $0.partition == record.partition })
        let end = OutcomeData(
            verification: Self.id, shop: "a.myshopify.com", order: "gid://shopify/Order/1", orderName: "#1",
            phone: "+1*****4567", at: 1_800_000_000_123)
        for kind in [OutcomeKind.verified, .expired, .undeliverable, .cancelled] {
            let ids = (0...1).map { OutcomeRecord.eventId(Self.id, kind, round: $0) }
            #expect(ids[0] == OutcomeRecord.eventId(Self.id, kind) && ids[0] != ids[1])
            for round in 0...1 {
                let told = OutcomeRecord.make(kind, Self.id, end, Self.topology, round: round)
                #expect(told.key == Array("a.myshopify.com/\(ids[round])".utf8))
                #expect(tombstones.contains { $0.key == told.key })
            }
        }
    }

    @Test("a settlement's round must be one")
    func rounds() {
        var record = AttemptMessage.settle(.cancel, round: 1).record(Self.id, Self.topology)
        for text in ["x", "-1", "1000001", "99999999999999999999"] {
            record.headers = record.headers.map { $0.name == "round" ? KafkaHeader("round", text) : $0 }
            let arrived = Self.arrived(record)
            #expect(throws: WireProblem("impossible numbers")) { try AttemptMessage(arrived) }
        }
    }

    @Test("a settlement's moment must be one")
    func intended() {
        var record = AttemptMessage.settled(.tagged, intended: 1).record(Self.id, Self.topology)
        for text in ["x", "-1", "99999999999999999", "99999999999999999999"] {
            record.headers = record.headers.map { $0.name == "intended" ? KafkaHeader("intended", text) : $0 }
            let arrived = Self.arrived(record)
            #expect(throws: WireProblem("impossible numbers")) { try AttemptMessage(arrived) }
        }
    }

    @Test("a record opened again more often than any can be is none", arguments: [nil, 0, 1, 2, 1_000_000, -1])
    func plausibleRound(round: Int?) {
        var record = Verification.apply(nil, .opened(Self.subject), now: 1, offset: 1)
        record?.round = round
        #expect(record?.isPlausible == (round ?? 0 >= 0 && round ?? 0 <= Verification.lastRound))
    }
}

@Suite("An undoable table")
struct UndoTableTests {
    @Test("rolls back to the last commit, whatever happened to a key in between")
    func rollback() {
        var table = UndoTable<String, Int>()
        table.set("a", 1)
        table.commit()
        table.set("a", 2)
        table.set("a", nil)
        table.set("b", 3)
        table.rollback()
        #expect(table["a"] == 1 && table["b"] == nil && table.count == 1)
        table.set("b", 4)
        table.commit()
        table.rollback()
        #expect(table["b"] == 4)
    }
}
