import Foundation
import Kafka

import Pipeline
import Security

@testable import Chaos
@testable import Model

/// A small world as the evidence would show it: one order, told rightly unless a test bends it.
struct Fable {
    static let shop = "fable.myshopify.com"
    static let gid = "gid://shopify/Order/1"
    static let phone = "+12025550100"

    let topology = Topology(partitions: 4)
    let keyring: Keyring
    let id = VerificationID(UUID(uuidString: "00000000-0000-8000-8000-000000000001")!)
    private(set) var evidence: Evidence
    private var offsets: [String: Int64] = [:]
    private var now: Int64 = 1_800_000_000_000

    init(isExactlyOnce: Bool = true) throws {
        keyring = try Keyring(parsing: "k1:\(Data(repeating: 7, count: 32).base64EncodedString())")
        evidence = Evidence(
            topology: topology, keyring: keyring, isExactlyOnce: isExactlyOnce, records: [], journal: [], texts: [:],
            shopOrders: [:])
    }

    var subject: Subject {
        Subject(
            platform: "shopify", shop: Self.shop, order: Self.gid, orderName: "#1", shopVersion: 1, phone: Sealed([]),
            phoneHash: "p", phoneMask: "+1*****0100", range: "r", customerHash: nil, locale: nil, keyId: "k1",
            timerSeconds: 60, codeSeconds: 30, codeLength: 6)
    }

    func code(_ generation: Int = 1) -> String {
        OneTimeCode.derive(key: keyring.current.code, id: id.uuid, generation: generation, digits: 6).digits
    }

    // MARK: What happens

    mutating func log(_ record: OutgoingRecord) {
        now += 10
        let partition = record.partition ?? 0
        let place = "\(record.topic)/\(partition)"
        let offset = offsets[place, default: 0]
        offsets[place] = offset + 1
        evidence.records.append(
            IncomingRecord(
                topic: record.topic, partition: partition, offset: offset, timestamp: now, key: record.key,
                value: record.value, headers: record.headers))
    }

    mutating func note(_ fact: ChaosJournal.Fact) {
        now += 10
        evidence.journal.append(.init(at: now, fact: fact))
    }

    /// Placed and accepted.
    mutating func place(story: Story = .right) {
        note(.placed(.init(id: "1", gid: Self.gid, shop: Self.shop, phone: Self.phone, story: story)))
        let webhook = WebhookMessage.SealedWebhook(
            platform: "shopify", topic: "orders/create", deliveryId: "d1", eventId: nil, shopVersion: 1, body: [1])
        log(WebhookMessage.webhook(webhook).record(shop: Self.shop, topology))
        note(.accepted(delivery: "d1", topic: "orders/create", order: Self.gid))
        evidence.shopOrders[Self.gid] = .init(gid: Self.gid, tags: [], note: nil, cancelled: false)
    }

    /// Placed, accepted, opened, challenged; the intent of its first text.
    mutating func open(story: Story = .right) {
        place(story: story)
        log(AttemptMessage.opened(subject).record(id, topology))
        job(state: .intended)
    }

    mutating func job(state: SendJob.State) {
        let request = SendRequest(number: 1, generation: 1, subject: subject, sendBy: now + 60_000)
        let job = SendJob(
            number: 1, generation: 1, state: state, request: Boxed(request), attempts: 0, nextAttemptAt: now,
            challengedAt: now, acceptedAt: nil, isUncertain: false, uncertainSince: nil, messageId: nil, reason: nil,
            isDelivered: false, changedAt: now, applied: 0)
        log(Wire.record(Catalogue.sends, topology, key: id.text, type: "send-job", value: Wire.encode(job)))
    }

    mutating func text(_ code: String) {
        now += 10
        evidence.texts[Self.gid, default: []].append(
            .init(to: Self.phone, body: "", code: code, token: "t", at: now))
    }

    mutating func record(
        _ status: Verification.Status, reason: String? = nil, wrong: [String] = [], settlement: Settlement? = nil,
        round: Int? = nil
    ) {
        let applied = (offsets[topology.name(Catalogue.attempts) + "/\(topology.partition(of: id.text))"] ?? 1) - 1
        let verification = Verification(
            subject: subject, openedAt: now, status: status, reason: reason, statusAt: now, generation: 1,
            codeHash: "h", codeExpiresAt: now + 30_000, wrongGuesses: wrong,
            texts: [.init(number: 1, generation: 1, state: .sent, askedAt: now, fault: nil)], firstTextOfPhone: 1,
            timerStartedAt: now, settlement: settlement, round: round, applied: applied)
        log(
            Wire.record(
                Catalogue.records, topology, key: id.text, type: "verification", value: Wire.encode(verification)))
    }

    mutating func outcome(_ kind: OutcomeKind, id other: String? = nil, by: String? = nil, round: Int = 0) {
        let data = OutcomeData(
            verification: id, shop: Self.shop, order: Self.gid, orderName: "#1", reason: nil, by: by, at: now)
        var record = OutcomeRecord.make(kind, id, data, topology, round: round)
        if let other {
            record.headers = record.headers.map { $0.name == "ce_id" ? KafkaHeader("ce_id", other) : $0 }
        }
        log(record)
    }

    /// A guess and the answer that left.
    mutating func guess(_ code: String, _ kind: Answer.Kind, told: Bool = true) {
        note(.typed(order: Self.gid, code: code))
        let correlation = UUID().uuidString
        let mac = GuessMAC.mac(pepper: keyring.current.pepper, id: id.uuid, code: code)
        let ask = AttemptMessage.Ask(correlation: correlation, replyPartition: 0)
        log(
            AttemptMessage.guess(.init(ask: ask, fingerprints: ["k1": Data(mac).base64EncodedString()]))
                .record(id, topology))
        var answer = Wire.record(
            Catalogue.verdicts, topology, key: correlation, type: "answer",
            value: Wire.encode(Answer(kind, about: nil)))
        answer.partition = 0
        log(answer)
        guard told else { return }
        note(.told(.init(order: Self.gid, code: code, status: 200, kind: kind.rawValue, attemptsLeft: nil)))
    }

    /// All of it, as it should go: one text, the right code, the tag.
    mutating func verify() {
        open()
        text(code())
        job(state: .accepted)
        record(.pending)
        guess(code(), .verified)
        outcome(.verified)
        settleVerified()
    }

    /// Its number fails, and it is opened again for another one.
    mutating func reopen(after end: OutcomeKind = .undeliverable) {
        outcome(end)
        record(.expired, reason: "undeliverable")
        record(.pending, round: 1)
    }

    /// Nobody can be asked, and a person is to look at it.
    mutating func skip() {
        place()
        log(AttemptMessage.skipped(SkippedOrder(subject: subject, reason: .noPhone)).record(id, topology))
        outcome(.skipped)
        record(
            .expired, reason: "skipped",
            settlement: Settlement(action: .review, intendedAt: now, result: .tagged, settledAt: now))
        evidence.shopOrders[Self.gid] = .init(
            gid: Self.gid, tags: ["otp-unverified"], note: "[otp-guard 00000000 not asked]", cancelled: false)
    }

    mutating func settleVerified(round: Int? = nil) {
        record(
            .verified,
            settlement: Settlement(action: .tagVerified, intendedAt: now, result: .tagged, settledAt: now),
            round: round)
        evidence.shopOrders[Self.gid] = .init(
            gid: Self.gid, tags: ["otp-verified"], note: "[otp-guard 00000000] verified", cancelled: false)
    }

    mutating func bend(_ change: (inout Evidence) -> Void) { change(&evidence) }

    /// The promises that were broken.
    var broken: [Violation.Promise] { Audit.run(evidence).violations.map(\.promise) }
}
