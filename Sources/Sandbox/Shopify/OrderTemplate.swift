import Base
import Security

/// Makes orders the way Shopify writes them: a whole REST body of about 7 KB, from a template with invented people.
enum OrderTemplate {
    private struct Place {
        var country: String
        var city: String
        var zip: String
        var province: String
        var currency: String
    }

    /// - Parameter shopName: what the shop's own pages are under.
    static func make(_ draft: OrderDraft, shopName: String, id: Int64, number: Int, now: Int64) -> StandInOrder {
        let createdAt = draft.createdAt ?? now
        let isCod = draft.cod ?? true
        let name = "#\(number)"
        var body = base
        body["id"] = .integer(id)
        body["admin_graphql_api_id"] = .string(StandInOrder.gid(id))
        body["name"] = .string(name)
        body["number"] = .integer(Int64(number - 1000))
        body["order_number"] = .integer(Int64(number))
        body["token"] = .string(RandomName.make())
        body["confirmation_number"] = .string(String(RandomName.make().prefix(9)).uppercased())
        for field in ["created_at", "processed_at", "updated_at"] {
            body[field] = .string(RFC3339.text(createdAt))
        }
        body["order_status_url"] = .string(
            "https://\(shopName)/\(StandInShopify.number(ofShop: draft.shop))/orders/\(RandomName.make())/authenticate")
        body["payment_gateway_names"] = isCod ? ["Cash on Delivery (COD)"] : ["shopify_payments"]
        body["financial_status"] = isCod ? "pending" : "paid"
        body["test"] = .bool(draft.test ?? false)
        body["customer_locale"] = .string(draft.locale ?? "en")
        body["tags"] = .string((draft.tags ?? []).joined(separator: ", "))
        address(&body, draft, customer: id + 1_200_000_000_000)
        for (field, value) in draft.overrides?.object ?? [:] { body[field] = value }
        return StandInOrder(
            id: id, shop: draft.shop, name: name, placed: body, phone: draft.phone, tags: draft.tags ?? [],
            note: body["note"]?.string, createdAt: createdAt, financial: isCod ? "PENDING" : "PAID")
    }

    private static func address(_ body: inout JSONTree, _ draft: OrderDraft, customer: Int64) {
        let country = (draft.country ?? "US").uppercased()
        let place = places[country]
        let full = draft.name ?? "Alex Sample"
        let words = full.split(separator: " ", maxSplits: 1).map(String.init)
        let (first, last) = (words.first ?? full, words.count > 1 ? words[1] : "")
        let chosen = draft.phonePlace ?? .shipping
        func phone(_ here: OrderDraft.PhonePlace) -> JSONTree { here == chosen ? .optional(draft.phone) : .null }
        func fill(_ old: JSONTree?, _ here: OrderDraft.PhonePlace) -> JSONTree {
            var new = old ?? [:]
            new["first_name"] = .string(first)
            new["last_name"] = .string(last)
            new["name"] = .string(full)
            new["phone"] = phone(here)
            new["country_code"] = .string(country)
            new["country"] = .string(place?.country ?? country)
            new["city"] = .string(place?.city ?? "Sampletown")
            new["zip"] = .string(place?.zip ?? "10000")
            new["province"] = .string(place?.province ?? "")
            new["province_code"] = .null
            new["address1"] = "4 Sample Street"
            return new
        }
        let email = "shopper-\(customer % 100_000)@example.com"
        body["phone"] = phone(.order)
        body["email"] = .string(email)
        body["contact_email"] = .string(email)
        body["currency"] = .string(place?.currency ?? "USD")
        body["presentment_currency"] = body["currency"]
        body["shipping_address"] = fill(body["shipping_address"], .shipping)
        body["billing_address"] = fill(body["billing_address"], .billing)
        var person = body["customer"] ?? [:]
        person["id"] = .integer(customer)
        person["admin_graphql_api_id"] = .string("gid://shopify/Customer/\(customer)")
        person["first_name"] = .string(first)
        person["last_name"] = .string(last)
        person["email"] = .string(email)
        person["phone"] = phone(.customer)
        person["default_address"] = fill(person["default_address"], .customerDefault)
        body["customer"] = person
    }

    private static let base: JSONTree = {
        guard let value = JSONTree(parsing: PackageResources.order_json) else {
            preconditionFailure("the order template is not JSON")
        }
        return value
    }()

    private static let places: [String: Place] = [
        "US": Place(country: "United States", city: "Portland", zip: "97205", province: "Oregon", currency: "USD"),
        "CA": Place(country: "Canada", city: "Ottawa", zip: "K1P 1J1", province: "Ontario", currency: "CAD"),
        "GB": Place(country: "United Kingdom", city: "Leeds", zip: "LS1 4AP", province: "England", currency: "GBP"),
        "DE": Place(country: "Germany", city: "Leipzig", zip: "04109", province: "", currency: "EUR"),
        "FR": Place(country: "France", city: "Lyon", zip: "69002", province: "", currency: "EUR"),
        "ES": Place(country: "Spain", city: "Valencia", zip: "46001", province: "Valencia", currency: "EUR"),
        "NL": Place(country: "Netherlands", city: "Utrecht", zip: "3511 AX", province: "", currency: "EUR"),
        "IN": Place(country: "India", city: "Chennai", zip: "600004", province: "Tamil Nadu", currency: "INR"),
        "PK": Place(country: "Pakistan", city: "Lahore", zip: "54000", province: "Punjab", currency: "PKR"),
        "AE": Place(country: "United Arab Emirates", city: "Dubai", zip: "", province: "Dubai", currency: "AED"),
        "NG": Place(country: "Nigeria", city: "Lagos", zip: "100001", province: "Lagos", currency: "NGN"),
        "BR": Place(country: "Brazil", city: "Recife", zip: "50030-230", province: "Pernambuco", currency: "BRL"),
        "MX": Place(country: "Mexico", city: "Puebla", zip: "72000", province: "Puebla", currency: "MXN"),
        "AU": Place(country: "Australia", city: "Hobart", zip: "7000", province: "Tasmania", currency: "AUD"),
        "JP": Place(country: "Japan", city: "Kyoto", zip: "600-8001", province: "Kyoto", currency: "JPY"),
    ]
}
