import Kafka
import Model

extension WebhookMessage {
    /// What an operator changes of a shop, merged with the record of the put `over`: done where the record still shows
    /// that put, for good ignored where it does not.
    public struct ShopPatch: Codable, Equatable, Sendable {
        public var putId: String
        public var over: String
        public var shopVersion: Int64
        /// Nil where it stays.
        public var plan: ShopRecord.Plan?
        /// All of them; nil where they stay.
        public var settings: ShopSettings?
        /// As a put's; nil where they stay.
        public var webhookSecrets: Sealed?

        public init(
            putId: String, over: String, shopVersion: Int64, plan: ShopRecord.Plan? = nil,
            settings: ShopSettings? = nil, webhookSecrets: Sealed? = nil
        ) {
            self.putId = putId
            self.over = over
            self.shopVersion = shopVersion
            self.plan = plan
            self.settings = settings
            self.webhookSecrets = webhookSecrets
        }
    }

    /// A grant of the shop's own: from the token exchange, or the authorization code grant. Settings stay as they are;
    /// a shop that has none gets the defaults.
    public struct ShopInstall: Codable, Equatable, Sendable {
        public var putId: String
        public var shopVersion: Int64
        public var grant: Grant

        public init(putId: String, shopVersion: Int64, grant: Grant) {
            self.putId = putId
            self.shopVersion = shopVersion
            self.grant = grant
        }
    }

    /// Tokens on their way to the owner, sealed under the shop's data key with topic `shops`, key the shop and the
    /// fields `accessToken` and `refreshToken`. Times are milliseconds since 1970.
    public struct Grant: Codable, Equatable, Sendable {
        public var accessToken: Sealed
        public var refreshToken: Sealed?
        public var expiresAt: Int64?
        public var refreshExpiresAt: Int64?
        public var renewAt: Int64?
        public var scopes: [String]

        public init(
            accessToken: Sealed, refreshToken: Sealed? = nil, expiresAt: Int64? = nil, refreshExpiresAt: Int64? = nil,
            renewAt: Int64? = nil, scopes: [String]
        ) {
            self.accessToken = accessToken
            self.refreshToken = refreshToken
            self.expiresAt = expiresAt
            self.refreshExpiresAt = refreshExpiresAt
            self.renewAt = renewAt
            self.scopes = scopes
        }
    }

    /// What became of an outside call the owner made for one token of a shop.
    public struct ShopReport: Codable, Equatable, Sendable {
        public var shopVersion: Int64
        /// `ShopGrant.number`; nil for a token an operator put.
        public var grantNumber: Int64?
        /// Of the record the token was taken from; tells one token an operator put from the next.
        public var putId: String?
        /// When the call began, milliseconds since 1970.
        public var askedAt: Int64
        public var news: News

        public init(shopVersion: Int64, grantNumber: Int64?, putId: String?, askedAt: Int64, news: News) {
            self.shopVersion = shopVersion
            self.grantNumber = grantNumber
            self.putId = putId
            self.askedAt = askedAt
            self.news = news
        }

        public enum News: Codable, Equatable, Sendable {
            /// A new pair; the old one is kept until this one has worked.
            case refreshed(Grant)
            /// The Admin API let us in; with what the shop says of itself.
            case alive(ShopProfile, shopifyPlan: String?)
            /// The Admin API answered 401, and so did the refresh where there was one.
            case refused
            /// What the platform refuses of the orders we ask for, by its names; `orders` is all of it, none is nothing
            /// any more.
            case denied([String])
        }
    }

    /// A page of orders the shop's owner asked for, oldest change first; the value is the sealed page itself.
    public struct PolledOrders: Equatable, Sendable {
        public var shopVersion: Int64
        /// Changes up to then are in this page or were before it; milliseconds since 1970.
        public var upTo: Int64
        /// A JSON array of orders, sealed with topic `webhooks`, key the shop, field `polled`.
        public var body: [UInt8]

        public init(shopVersion: Int64, upTo: Int64, body: [UInt8]) {
            self.shopVersion = shopVersion
            self.upTo = upTo
            self.body = body
        }

        var headers: [KafkaHeader] {
            [KafkaHeader("shop-version", String(shopVersion)), KafkaHeader("up-to", String(upTo))]
        }

        init(_ record: IncomingRecord) throws(WireProblem) {
            guard let version = record.header("shop-version").flatMap({ Int64($0) }),
                let upTo = record.header("up-to").flatMap({ Int64($0) }), let body = record.value
            else { throw WireProblem("polled orders without shop-version, up-to or body") }
            self.init(shopVersion: version, upTo: upTo, body: body)
            guard isPlausible else { throw WireProblem("impossible numbers") }
        }
    }
}
