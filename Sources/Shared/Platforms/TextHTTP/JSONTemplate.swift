import Base

/// A JSON document with variables in its strings: `{{to}}` (E.164), `{{digits}}` (the same without `+`), `{{text}}`,
/// `{{id}}` (the same for each repetition of a text), `{{validity}}` (seconds it is of use), `{{from}}` (the operator's
/// sender). Filled string by string: what is put in stays in its string, and is not looked through for variables again.
struct JSONTemplate: Equatable, Sendable {
    static let variables: Set<String> = ["to", "digits", "text", "id", "validity", "from"]

    let tree: JSONTree
    /// The sender's name or number; nil where the provider knows it.
    var from: String?

    /// What is wrong with it; nothing where it holds the text, the number and known variables alone.
    var problems: [String] {
        let used = Self.names(in: tree)
        var problems = used.subtracting(Self.variables).sorted().map { "{{\($0)}} is not known" }
        if !used.contains("text") { problems.append("{{text}} is missing") }
        if used.contains("from"), from == nil { problems.append("{{from}} needs the member from") }
        if used.isDisjoint(with: ["to", "digits"]) { problems.append("{{to}} is missing") }
        return problems
    }

    func filled(_ message: TextMessage) -> JSONTree {
        Self.fill(
            tree,
            [
                "to": message.to, "digits": String(message.to.drop { $0 == "+" }), "text": message.body,
                "id": message.reference, "validity": String(message.validitySeconds), "from": from ?? "",
            ])
    }

    private static func fill(_ tree: JSONTree, _ values: [String: String]) -> JSONTree {
        switch tree {
        case .null, .bool, .integer, .number: tree
        case .array(let elements): .array(elements.map { fill($0, values) })
        case .object(let members): .object(members.mapValues { fill($0, values) })
        case .string(let text): .string(parts(of: text).map { $0.text(values) }.joined())
        }
    }

    private static func names(in tree: JSONTree) -> Set<String> {
        switch tree {
        case .null, .bool, .integer, .number: []
        case .array(let elements): elements.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .object(let members): members.values.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .string(let text): Set(parts(of: text).compactMap(\.name))
        }
    }

    private enum Part {
        case plain(Substring)
        case variable(String)

        var name: String? {
            if case .variable(let name) = self { name } else { nil }
        }

        func text(_ values: [String: String]) -> String {
            switch self {
            case .plain(let text): String(text)
            case .variable(let name): values[name] ?? ""
            }
        }
    }

    private static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let match = rest.firstMatch(of: #/\{\{\s*([^{}]*?)\s*\}\}/#) {
            parts.append(.plain(rest[..<match.range.lowerBound]))
            parts.append(.variable(String(match.1)))
            rest = rest[match.range.upperBound...]
        }
        return parts + [.plain(rest)]
    }
}
