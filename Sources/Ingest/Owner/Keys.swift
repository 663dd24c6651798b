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

    init(shop: String, month: String) {
        self.shop = shop
        self.month = month
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
