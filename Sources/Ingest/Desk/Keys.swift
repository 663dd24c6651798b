#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The key of `otp.orders`: `shop/order`. An order's id may hold slashes, a shop's name never does.
struct OrderKey: Hashable {
    let shop: String
    let order: String

    init(shop: String, order: String) {
        self.shop = shop
        self.order = order
    }

    init?(_ text: String) {
        guard let (shop, order) = halves(text) else { return nil }
        self.init(shop: shop, order: order)
    }

    var text: String { "\(shop)/\(order)" }
}

/// The key of `otp.usage`: `shop/2026-11`.
struct UsageKey: Hashable {
    let shop: String
    let month: String

    /// - Parameter time: milliseconds since 1970; its month in UTC counts.
    init(shop: String, time: Int64) {
        self.shop = shop
        month = Self.month(of: time)
    }

    static func month(of time: Int64) -> String {
        Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601.year().month())
    }

    init?(_ text: String) {
        guard let (shop, month) = halves(text) else { return nil }
        self.shop = shop
        self.month = month
    }

    var text: String { "\(shop)/\(month)" }
}

func halves(_ text: String) -> (String, String)? {
    guard let slash = text.firstIndex(of: "/") else { return nil }
    let (first, second) = (text[..<slash], text[text.index(after: slash)...])
    return first.isEmpty || second.isEmpty ? nil : (String(first), String(second))
}
