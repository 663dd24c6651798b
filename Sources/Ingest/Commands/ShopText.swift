import Base

/// Shops as text: aligned for people, JSON a line for machines. Nothing that could move a terminal's cursor gets
/// through.
enum ShopText {
    static func json(_ tree: JSONTree) -> String { String(decoding: tree.bytes, as: UTF8.self) + "\n" }

    /// A line for each shop, under the columns' names; the name that may hold anything comes last.
    static func table(_ shops: [JSONTree]) -> String {
        guard !shops.isEmpty else { return "" }
        let rows = shops.map { shop in
            [
                word(shop, "shop"), word(shop, "platform"), word(shop, "active") == "true" ? "active" : "paused",
                word(shop, "plan"), word(shop, "since"), word(shop, "name"),
            ]
        }
        return aligned([["SHOP", "PLATFORM", "STATE", "PLAN", "SINCE", "NAME"]] + rows)
    }

    /// A line for each of its fields, those of the settings by their names alone.
    static func page(_ shop: JSONTree, name: String) -> String {
        guard case .object(let fields) = shop else { return "" }
        var rows = [["shop", name]]
        for field in ["platform", "plan", "shopifyPlan"] { rows.append([field, word(shop, field)]) }
        if fields["accessDenied"] != nil { rows.append(["accessDenied", word(shop, "accessDenied")]) }
        if case .object(let settings)? = fields["settings"] {
            for name in settings.keys.sorted() {
                rows.append([
                    "settings.\(name)", name == "logo" ? logo(settings[name]) : word(fields["settings"], name),
                ])
            }
        }
        if case .array(let passed)? = fields["passedGateways"] {
            for gateway in passed {
                rows.append(["passed over", "\(word(gateway, "name")): \(word(gateway, "orders"))"])
            }
        }
        return aligned(rows)
    }

    static func quoted(_ text: String) -> String { "\"\(plain(text, "?"))\"" }

    static func plain(_ text: String, _ instead: Character) -> String {
        String(text.map { $0.unicodeScalars.allSatisfy(\.isPrintable) ? $0 : instead })
    }

    /// Without blanks at either end.
    static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop(while: \.isWhitespace)
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }

    private static func aligned(_ rows: [[String]]) -> String {
        let columns = rows.first?.count ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return trimmed(padded.joined(separator: "  ")) + "\n"
        }.joined()
    }

    private static func word(_ tree: JSONTree?, _ name: String) -> String {
        guard case .object(let fields)? = tree else { return "-" }
        switch fields[name] {
        case nil, .null?: return "-"
        case .string(let text)?: return plain(text, "?")
        case .bool(let value)?: return String(value)
        case .integer(let value)?: return String(value)
        case let value?: return plain(String(decoding: value.bytes, as: UTF8.self), "?")
        }
    }

    /// Not its 14 KB of base64.
    private static func logo(_ tree: JSONTree?) -> String {
        guard case .object(let fields)? = tree, case .string(let type)? = fields["type"] else { return "-" }
        return plain(type, "?")
    }
}
