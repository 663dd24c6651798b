import Security

/// A shop of the stand-in Shopify: what opens its Admin API and how it was registered at Ingest.
struct StandInShop: Sendable {
    var domain: String
    var accessToken: Secret
    /// The settings last put at Ingest.
    var settings: JSONValue
    var bucket: CostBucket
}
