import Foundation
import Kafka
import Model
import Pipeline

/// A message that can't be meant, and the reason it is put aside for.
struct Poison: Sendable {
    var what: String
    var reason: String
    var record: OutgoingRecord

    /// Stand in every place that a message has, to be looked for afterwards.
    static let secret = "Poisonous Penelope +12025550147"
    static let code = "804217"

    private static let shop = "poison.myshopify.com"
    private static let impossible = "impossible numbers"

    static func webhooks(_ topology: Topology) -> [Poison] {
        let put = WebhookMessage.ShopPut(
            putId: "p", shopVersion: 0, accessToken: Sealed([1]), plan: .pro, shopifyPlan: nil, settings: .init())
        let notices = [-1, 0, Int.max].map { number in
            WebhookMessage.notice(
                Notice(verification: id, order: "gid://shopify/Order/1", outcome: .sent, number: number, fault: nil))
        }
        let versions = [Int64.min, -1, Int64.max - 1, Int64.max].map { version in
            WebhookMessage.webhook(
                .init(
                    platform: "shopify", topic: "orders/create", deliveryId: nil, eventId: nil, shopVersion: version,
                    body: Array(secret.utf8)))
        }
        let puts = [Int.min, -1, 0, Int.max].map { number in
            var put = put
            put.settings.timerSeconds = number
            put.settings.codeSeconds = number
            return WebhookMessage.shopPut(put)
        }
        let patches = [Int64.min, -1, Int64.max].map { version in
            WebhookMessage.shopPatch(.init(putId: "p", over: "o", shopVersion: version))
        }
        var poisons = common(Catalogue.webhooks, topology, key: shop, type: "shop-put")
        poisons += (notices + versions + puts + patches).enumerated().map {
            Poison(what: "numbers \($0)", reason: impossible, record: $1.record(shop: shop, topology))
        }
        for key in ["evil.example/1", "POISON.myshopify.com", secret, code] {
            let record = WebhookMessage.shopKey(.init(platform: "shopify", putId: "p")).record(shop: key, topology)
            poisons.append(Poison(what: "no shop: \(key)", reason: "the key is not a shop", record: record))
        }
        return poisons
    }

    static func requests(_ topology: Topology) -> [Poison] {
        var messages: [RequestMessage] = []
        for number in [Int.min, -1, 0, Int.max] {
            messages.append(.send(SendRequest(number: number, generation: 1, subject: subject(), sendBy: 1)))
            messages.append(.send(SendRequest(number: 1, generation: number, subject: subject(), sendBy: 1)))
            messages += subjects(number).map {
                .send(SendRequest(number: 1, generation: 1, subject: $0, sendBy: 1))
            }
            messages.append(.stop(throughGeneration: number))
            messages.append(
                .attempted(SendAttempt(number: number, attempt: 1, startedAt: 1, result: .ambiguous(reason: ""))))
            messages.append(
                .attempted(SendAttempt(number: 1, attempt: number, startedAt: 1, result: .ambiguous(reason: ""))))
            messages.append(
                .receipt(
                    DeliveryReceipt(number: number, messageId: "m", outcome: .failed, reason: nil, fault: nil)))
        }
        for time in [Int64.min, -1, Int64.max] {
            messages.append(.send(SendRequest(number: 1, generation: 1, subject: subject(), sendBy: time)))
            messages.append(
                .attempted(SendAttempt(number: 1, attempt: 1, startedAt: time, result: .ambiguous(reason: ""))))
        }
        return common(Catalogue.requests, topology, key: id.text, type: "send") + noId(Catalogue.requests, topology)
            + messages.enumerated().map {
                Poison(what: "numbers \($0)", reason: impossible, record: $1.record(id, range: "r", topology))
            }
    }

    static func attempts(_ topology: Topology) -> [Poison] {
        var messages: [AttemptMessage] = []
        for number in [Int.min, -1, Int.max] {
            messages += subjects(number).flatMap { [.opened($0), .phoneChanged($0)] }
            messages.append(.challenged(Challenge(generation: number, hash: "x")))
            messages.append(.sent(TextReport(number: number, generation: 1)))
            messages.append(.delivered(TextReport(number: 1, generation: number)))
            messages.append(.failed(TextFailure(number: number, generation: 1, reason: secret, fault: .number)))
            messages.append(.erase(Erasure(shop: shop, texts: number)))
        }
        for partition in [Int32.min, -1] {
            let ask = AttemptMessage.Ask(correlation: "c", replyPartition: partition)
            messages += [.look(ask), .resend(ask), .guess(.init(ask: ask, fingerprints: [:]))]
        }
        return common(Catalogue.attempts, topology, key: id.text, type: "opened") + noId(Catalogue.attempts, topology)
            + messages.enumerated().map {
                Poison(what: "numbers \($0)", reason: impossible, record: $1.record(id, topology))
            }
    }

    /// What is wrong with the message before anybody looks at its content.
    static func common(_ topic: Topic, _ topology: Topology, key: String, type: String) -> [Poison] {
        func make(
            _ what: String, _ reason: String, key: [UInt8]?, value: [UInt8]? = Array("{\"x\":\"\(secret)\"}".utf8),
            headers: [String: String]
        ) -> Poison {
            let headers = headers.map { KafkaHeader($0, $1) } + [KafkaHeader("x", secret)]
            let record = OutgoingRecord(topic: topology.name(topic), key: key, value: value, headers: headers)
            return Poison(what: what, reason: reason, record: record)
        }
        let (good, id) = ([Wire.typeHeader: type, Wire.versionHeader: "1"], Array(key.utf8))
        let unreadable =
            "not a valid \(["shop-put": "ShopPut", "notice": "Notice", "send": "SendRequest"][type] ?? "Subject")"
        return [
            make("no JSON", unreadable, key: id, value: Array(secret.utf8), headers: good),
            make("other JSON", unreadable, key: id, headers: good),
            make("no bytes", unreadable, key: id, value: [], headers: good),
            make("deep JSON", unreadable, key: id, value: Array(repeating: 0x5B, count: 100_000), headers: good),
            make("no value", "no value", key: id, value: nil, headers: good),
            make("no type", "no otp-type header", key: id, headers: [:]),
            make("no version", "no otp-version header", key: id, headers: [Wire.typeHeader: type]),
            make("a type", "unknown type", key: id, headers: [Wire.typeHeader: secret, Wire.versionHeader: "1"]),
            make(
                "a version", "unknown version", key: id, headers: [Wire.typeHeader: secret, Wire.versionHeader: code]),
            make("no key", "no key", key: nil, headers: good),
            make("a key that is no text", "no key", key: [0xff, 0xfe], headers: good),
        ]
    }

    private static func noId(_ topic: Topic, _ topology: Topology) -> [Poison] {
        [secret, code].map { key in
            Poison(
                what: "no id: \(key)", reason: "the key is not a verification id",
                record: Wire.record(topic, topology, key: key, type: "look", value: Array("{}".utf8)))
        }
    }

    private static let id = VerificationID(UUID())

    private static func subject() -> Subject {
        Subject(
            platform: "shopify", shop: shop, order: "gid://shopify/Order/1", orderName: secret, shopVersion: 0,
            phone: Sealed([1]), phoneHash: "h", phoneMask: "m", range: "r", customerHash: nil, locale: nil, keyId: "k1",
            timerSeconds: 900, codeSeconds: 600, codeLength: 6)
    }

    /// One for each of its numbers.
    private static func subjects(_ number: Int) -> [Subject] {
        [\Subject.timerSeconds, \.codeSeconds, \.codeLength].map { field in
            var subject = subject()
            subject[keyPath: field] = number
            return subject
        }
    }
}
