/// Kinds of sales channels that have a name of their own in a shop's settings, recognised by Shopify's `source_name`.
///
/// Every other source is known by its own name alone.
public enum SalesChannel: String, Sendable, CaseIterable {
    /// The online shop; also an order that names no source.
    case web
    case pos
    /// Orders the shop's staff wrote.
    case drafts
    /// Orders that a subscription makes by itself.
    case renewals
    /// What an app brought, known by its number: imports, marketplaces.
    case apps

    /// - Parameter source: `web`, `pos`, `shopify_draft_order`, `subscription_contract`, an app's number …
    init?(source: String) {
        let source = source.lowercased()
        switch source {
        case "web": self = .web
        case "pos": self = .pos
        case "shopify_draft_order": self = .drafts
        case _ where source.hasPrefix("subscription_contract"): self = .renewals
        case _ where !source.isEmpty && source.utf8.allSatisfy { (0x30...0x39).contains($0) }: self = .apps
        case _: return nil
        }
    }
}
