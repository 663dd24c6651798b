import Base
import Platforms

/// Orders by when they changed, a page at a time: `orders(sortKey: UPDATED_AT, query: "updated_at:>='…'
/// updated_at:<='…'")`, the one search our client sends.
extension StandInShopify {
    static let pageSize = 50

    /// A number that is the same for the same shop.
    static func number(ofShop shop: String) -> Int64 {
        shop.utf8.reduce(5381) { ($0 &* 33 &+ Int64($1)) & 0x7fff_ffff }
    }

    static func gid(ofShop shop: String) -> String { "gid://shopify/Shop/\(number(ofShop: shop))" }

    func changedOrders(_ variables: JSONTree, _ shop: String) -> JSONTree {
        let query = variables["query"]?.string ?? ""
        let (since, until) = (Self.bound(query, ">="), Self.bound(query, "<="))
        let cursor = variables["after"]?.string ?? ""
        let found = orders.filter { order in
            let second = order.updatedAt / 1000 * 1000
            return order.shop == shop && second >= since ?? .min && second <= until ?? .max
        }
        let sorted = found.sorted { ($0.updatedAt, $0.id) < ($1.updatedAt, $1.id) }
        let rest = sorted.filter { Self.cursor($0) > cursor }
        let page = rest.prefix(Self.pageSize)
        return [
            "nodes": .array(page.map(\.node)),
            "pageInfo": [
                "hasNextPage": .bool(rest.count > page.count), "endCursor": .optional(page.last.map(Self.cursor)),
            ],
        ]
    }

    /// Texts that sort as the orders do.
    private static func cursor(_ order: StandInOrder) -> String {
        func padded(_ number: Int64) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        }
        return padded(order.updatedAt) + "-" + padded(order.id)
    }

    /// The time after `updated_at:` and the sign, in milliseconds since 1970.
    private static func bound(_ query: String, _ sign: String) -> Int64? {
        guard let term = query.split(separator: " ").first(where: { $0.hasPrefix("updated_at:\(sign)") }) else {
            return nil
        }
        return RFC3339.milliseconds(term.dropFirst("updated_at:".count + sign.count).filter { $0 != "'" })
    }
}
