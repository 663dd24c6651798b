import Base
import Security

/// A shop of the stand-in Shopify: what opens its Admin API and how it was registered at Ingest.
struct StandInShop: Sendable {
    var domain: String
    /// A second name at Shopify, which its orders' pages are under and which it says of itself.
    var otherName: String?
    /// The one an operator puts; does not expire.
    var accessToken: Secret
    /// What the merchant granted by installing the app.
    var grants = StandInGrants()
    /// The scopes the merchant agrees to; nil is all that is asked.
    var agreesTo: Set<String>?
    /// The settings last put at Ingest.
    var settings: JSONTree
    var bucket: CostBucket
}
