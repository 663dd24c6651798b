import Base
import Platforms
import Security

/// What a token may see of orders. Shopify answers HTTP 200 with what it may see, and an error for each field it may
/// not.
extension StandInShopify {
    /// What the merchant granted decides; a token that an operator put may see everything.
    func hiddenFields(_ shop: String, _ token: Secret, _ query: String) -> [String] {
        let scopes = state.withLock { state -> [String]? in
            guard let found = state.shops[shop], found.accessToken != token else { return nil }
            return found.grants.scopes
        }
        guard let scopes, query.contains("customer {"),
            !ShopifyScopes.covers(granted: scopes, wanted: ["read_customers"])
        else { return [] }
        return ["customer"]
    }

    /// The answer without these fields of each order, and the errors that say so.
    static func leavingOut(
        _ names: [String], of field: JSONTree, _ document: GraphQLDocument
    ) -> (field: JSONTree, errors: [JSONTree]) {
        guard document.field == "orders", !names.isEmpty else { return (field, []) }
        if names.contains("orders") { return (.null, [denied("orders", path: [.string(document.key)])]) }
        var answer = field
        var errors: [JSONTree] = []
        var nodes: [JSONTree] = []
        for (index, node) in (field["nodes"]?.array ?? []).enumerated() {
            var node = node
            for name in Set(names).sorted() {
                node[name] = JSONTree.null
                errors.append(
                    denied(name, path: [.string(document.key), "nodes", .integer(Int64(index)), .string(name)]))
            }
            nodes.append(node)
        }
        answer["nodes"] = .array(nodes)
        return (answer, errors)
    }

    private static func denied(_ name: String, path: [JSONTree]) -> JSONTree {
        [
            "message": .string("Access denied for \(name) field."), "path": .array(path),
            "extensions": [
                "code": "ACCESS_DENIED", "documentation": "https://shopify.dev/api/usage/access-scopes",
            ],
        ]
    }
}
