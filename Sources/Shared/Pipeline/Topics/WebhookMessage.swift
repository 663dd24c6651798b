import Kafka
import Model

/// The messages of `otp.webhooks`: what a shop's owner (Ingest) is asked and told. All are keyed by the shop.
public enum WebhookMessage: Equatable, Sendable {
    case webhook(SealedWebhook)
    case notice(Notice)
    /// Makes a data key for the shop where it has none.
    case shopKey(ShopKeyRequest)
    case shopPut(ShopPut)
    /// Changes a part of it.
    case shopPatch(ShopPatch)
    /// The merchant installed the app: the shop's own grant.
    case shopInstall(ShopInstall)
    /// What the owner's own outside calls learned of the shop.
    case shopReport(ShopReport)
    /// Orders that were asked for; enters the same path as webhooks.
    case polled(PolledOrders)
    case shopDelete(ShopDelete)

    /// A signed webhook as it came; the value is the sealed body itself, all else stands in headers.
    public struct SealedWebhook: Equatable, Sendable {
        public var platform: String
        /// The platform's own name of the event, for example `orders/create`.
        public var topic: String
        public var deliveryId: String?
        public var eventId: String?
        /// When the event happened, milliseconds since 1970.
        public var triggeredAt: Int64?
        /// The number of the data key the body is sealed under.
        public var shopVersion: Int64
        /// Sealed with topic `webhooks`, key the shop, field `body`.
        public var body: [UInt8]

        public init(
            platform: String, topic: String, deliveryId: String?, eventId: String?, triggeredAt: Int64? = nil,
            shopVersion: Int64, body: [UInt8]
        ) {
            self.platform = platform
            self.topic = topic
            self.deliveryId = deliveryId
            self.eventId = eventId
            self.triggeredAt = triggeredAt
            self.shopVersion = shopVersion
            self.body = body
        }
    }

    public struct ShopKeyRequest: Codable, Equatable, Sendable {
        public var platform: String
        public var putId: String

        public init(platform: String, putId: String) {
            self.platform = platform
            self.putId = putId
        }
    }

    public struct ShopPut: Codable, Equatable, Sendable {
        public var putId: String
        public var shopVersion: Int64
        /// Sealed with topic `shops`, key the shop, field `accessToken`.
        public var accessToken: Sealed
        public var plan: ShopRecord.Plan
        public var shopifyPlan: String?
        public var settings: ShopSettings
        /// Sealed with topic `shops`, key the shop, field `webhookSecrets`.
        public var webhookSecrets: Sealed?

        public init(
            putId: String, shopVersion: Int64, accessToken: Sealed, plan: ShopRecord.Plan, shopifyPlan: String?,
            settings: ShopSettings, webhookSecrets: Sealed? = nil
        ) {
            self.putId = putId
            self.shopVersion = shopVersion
            self.accessToken = accessToken
            self.plan = plan
            self.shopifyPlan = shopifyPlan
            self.settings = settings
            self.webhookSecrets = webhookSecrets
        }
    }

    public struct ShopDelete: Codable, Equatable, Sendable {
        public var requestId: String

        public init(requestId: String) {
            self.requestId = requestId
        }
    }

    public func record(shop: String, _ topology: Topology) -> OutgoingRecord {
        func make(_ type: String, _ value: [UInt8], _ headers: [KafkaHeader] = []) -> OutgoingRecord {
            Wire.record(Catalogue.webhooks, topology, key: shop, type: type, value: value, headers: headers)
        }
        switch self {
        case .webhook(let webhook): return make("webhook", webhook.body, webhook.headers)
        case .notice(let value): return make("notice", Wire.encode(value))
        case .shopKey(let value): return make("shop-key", Wire.encode(value))
        case .shopPut(let value): return make("shop-put", Wire.encode(value))
        case .shopPatch(let value): return make("shop-patch", Wire.encode(value))
        case .shopInstall(let value): return make("shop-install", Wire.encode(value))
        case .shopReport(let value): return make("shop-report", Wire.encode(value))
        case .polled(let value): return make("polled", value.body, value.headers)
        case .shopDelete(let value): return make("shop-delete", Wire.encode(value))
        }
    }

    public init(_ record: IncomingRecord) throws(WireProblem) {
        switch try Wire.type(of: record) {
        case "webhook": self = .webhook(try SealedWebhook(record))
        case "notice": self = .notice(try Wire.decode(Notice.self, from: record))
        case "shop-key": self = .shopKey(try Wire.decode(ShopKeyRequest.self, from: record))
        case "shop-put": self = .shopPut(try Wire.decode(ShopPut.self, from: record))
        case "shop-patch": self = .shopPatch(try Wire.decode(ShopPatch.self, from: record))
        case "shop-install": self = .shopInstall(try Wire.decode(ShopInstall.self, from: record))
        case "shop-report": self = .shopReport(try Wire.decode(ShopReport.self, from: record))
        case "polled": self = .polled(try PolledOrders(record))
        case "shop-delete": self = .shopDelete(try Wire.decode(ShopDelete.self, from: record))
        default: throw WireProblem("unknown type")
        }
    }
}

extension WebhookMessage.SealedWebhook {
    var headers: [KafkaHeader] {
        var headers = [
            KafkaHeader("platform", platform), KafkaHeader("topic", topic),
            KafkaHeader("shop-version", String(shopVersion)),
        ]
        if let deliveryId { headers.append(KafkaHeader("delivery-id", deliveryId)) }
        if let eventId { headers.append(KafkaHeader("event-id", eventId)) }
        if let triggeredAt { headers.append(KafkaHeader("triggered-at", String(triggeredAt))) }
        return headers
    }

    init(_ record: IncomingRecord) throws(WireProblem) {
        guard let platform = record.header("platform"), let topic = record.header("topic") else {
            throw WireProblem("a webhook without platform or topic")
        }
        guard let version = record.header("shop-version").flatMap({ Int64($0) }) else {
            throw WireProblem("a webhook without shop-version")
        }
        let triggeredAt = record.header("triggered-at").flatMap { Int64($0) }
        guard PlausibleRange.versions.contains(version),
            triggeredAt.map(PlausibleRange.foreignMoments.contains) ?? true
        else { throw WireProblem("impossible numbers") }
        guard let body = record.value else { throw WireProblem("a webhook without body") }
        self.init(
            platform: platform, topic: topic, deliveryId: record.header("delivery-id"),
            eventId: record.header("event-id"), triggeredAt: triggeredAt, shopVersion: version, body: body)
    }
}
