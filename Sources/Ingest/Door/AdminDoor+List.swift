import Base
import FoundationEssentials
import HTTP
import Model
import Platforms

/// `GET /admin/shops?after={domain}&limit={1…1000}`: every shop in the order of its name, a page at a time.
extension AdminDoor {
    static let pageSizes = 1...1000
    static let usualPage = 100

    struct Page: Encodable {
        let shops: [Entry]
        /// What to ask for `after` next; null on the last page.
        let next: String?

        private enum Key: String, CodingKey {
            case shops, next
        }

        func encode(to encoder: any Encoder) throws {
            var page = encoder.container(keyedBy: Key.self)
            try page.encode(shops, forKey: .shops)
            try page.encode(next, forKey: .next)
        }
    }

    /// One shop of the list; its settings are asked for one by one.
    struct Entry: Encodable {
        let shop: String
        let platform: String
        let active: Bool
        let plan: ShopRecord.Plan
        let name: String?
        /// RFC 3339: when it was put for the first time.
        let since: String

        /// Nil for a shop that has a key and nothing else yet.
        init?(_ shop: String, _ record: ShopRecord) {
            guard let installation = record.installation else { return nil }
            self.shop = shop
            platform = record.platform
            active = installation.settings.active
            plan = installation.plan
            name = installation.settings.name
            since = RFC3339.text(installation.activatedAt)
        }

        private enum Key: String, CodingKey {
            case shop, platform, active, plan, name, since
        }

        func encode(to encoder: any Encoder) throws {
            var entry = encoder.container(keyedBy: Key.self)
            try entry.encode(shop, forKey: .shop)
            try entry.encode(platform, forKey: .platform)
            try entry.encode(active, forKey: .active)
            try entry.encode(plan, forKey: .plan)
            try entry.encode(name, forKey: .name)
            try entry.encode(since, forKey: .since)
        }
    }

    func list(_ request: HTTPRequest) -> HTTPResponse {
        var (after, limit) = ("", Self.usualPage)
        var problems: [String] = []
        for (name, value) in request.queryItems() {
            switch name {
            case "after": after = value.lowercased()
            case "limit":
                if let number = Int(value), Self.pageSizes.contains(number) {
                    limit = number
                } else {
                    problems.append("limit: must be a number from 1 to \(Self.pageSizes.upperBound)")
                }
            default: problems.append("the query knows after and limit")
            }
        }
        guard problems.isEmpty else {
            return .problem(400, detail: "The shops can't be listed like this.", errors: problems)
        }
        let found = directory.installed(after: after, limit: limit + 1)
        let entries = found.prefix(limit).compactMap { Entry($0.shop, $0.record) }
        let page = Page(shops: entries, next: found.count > limit ? entries.last?.shop : nil)
        return HTTPResponse.json(page).with("Cache-Control", "no-store")
    }
}
