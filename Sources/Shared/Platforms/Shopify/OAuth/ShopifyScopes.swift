/// Access scopes of Shopify's Admin API (shopify.dev, "API access scopes"): `read_orders`, `write_orders` …
public enum ShopifyScopes {
    /// The scopes of a list by comma or space, each once, in the order they came.
    public static func parse(_ text: String) -> [String] {
        var seen: Set<String> = []
        return text.split { $0 == "," || $0.isWhitespace }.map(String.init).filter { seen.insert($0).inserted }
    }

    /// Whether everything wanted was granted; `write_x` brings `read_x` along, and Shopify leaves the latter out then.
    public static func covers(granted: [String], wanted: [String]) -> Bool {
        missing(granted: granted, wanted: wanted).isEmpty
    }

    /// What was wanted and not granted.
    public static func missing(granted: [String], wanted: [String]) -> [String] {
        let granted = Set(granted)
        return wanted.filter { scope in
            !granted.contains(scope)
                && !(scope.hasPrefix("read_") && granted.contains("write_" + scope.dropFirst("read_".count)))
        }
    }
}
