import Foundation
import Kafka
import Model
import Security
import Testing

@testable import Pipeline

@Suite("Impossible messages")
struct PlausibleTests {
    private static let topology = Topology(partitions: 4)
    private static let id = VerificationID(UUID())

    private static func arrived(_ record: OutgoingRecord) -> IncomingRecord {
        IncomingRecord(
            topic: record.topic, partition: 0, offset: 9, timestamp: 1, key: record.key, value: record.value,
            headers: record.headers)
    }

    @Test(
        "numbers that would end a daemon are refused before anything is decided from them",
        arguments: [Int.min, -1, Int.max])
    func numbers(number: Int) {
        let impossible = WireProblem("impossible numbers")
        let erase = AttemptMessage.erase(Erasure(shop: "a.myshopify.com", texts: number))
        #expect(throws: impossible) { try AttemptMessage(Self.arrived(erase.record(Self.id, Self.topology))) }
        let sent = AttemptMessage.sent(TextReport(number: number, generation: 1))
        #expect(throws: impossible) { try AttemptMessage(Self.arrived(sent.record(Self.id, Self.topology))) }
        let stop = RequestMessage.stop(throughGeneration: number)
        #expect(throws: impossible) {
            try RequestMessage(Self.arrived(stop.record(Self.id, range: "r", Self.topology)))
        }
        let webhook = WebhookMessage.webhook(
            .init(
                platform: "shopify", topic: "orders/create", deliveryId: nil, eventId: nil,
                shopVersion: Int64(number), body: []))
        #expect(throws: impossible) {
            try WebhookMessage(Self.arrived(webhook.record(shop: "a.myshopify.com", Self.topology)))
        }
    }

    @Test("a message whose letter would be too large is put aside by its place alone")
    func large() throws {
        let keyring = try Keyring(parsing: "k1:\(Data(repeating: 7, count: 32).base64EncodedString())")
        func letter(bytes: Int) -> IncomingRecord {
            // A slash takes the most room in JSON.
            let message = IncomingRecord(
                topic: "otp.webhooks", partition: 0, offset: 9, timestamp: 1, key: [1],
                value: Array(repeating: 0xFF, count: bytes))
            return Self.arrived(DeadLetter.record(message, reason: "x", daemon: "d", keyring, Self.topology))
        }
        let whole = letter(bytes: 1_500_000)
        #expect(try DeadLetter(opening: whole, keyring).value?.count == 1_500_000)
        #expect(whole.header("left-out") == nil)
        let large = letter(bytes: 4_000_000)
        #expect(try DeadLetter(opening: large, keyring).leftOut ?? 0 > 4_000_000)
        #expect(large.header("left-out") != nil)
        #expect(large.header("from") == "otp.webhooks/0/9")
        #expect((large.value?.count ?? .max) < 1_000)
    }
}
