/// As much of a GraphQL parser (spec.graphql.org, October 2021, §2) as our own documents need: one operation,
/// variables, arguments that are variables, nested fields.
struct GraphQLDocument {
    struct Field {
        let name: String
        /// Argument → name of the variable.
        let arguments: [String: String]
        let fields: [Field]
    }

    enum Problem: Error {
        case unexpected(String)
    }

    /// `query` or `mutation`.
    let kind: String
    /// Name → type, `[String!]!`.
    let variables: [String: String]
    let fields: [Field]

    init(parsing text: String) throws {
        var tokens = GraphQLDocument.tokens(text)[...]
        kind = try GraphQLDocument.next(&tokens)
        _ = try GraphQLDocument.next(&tokens)
        variables = try GraphQLDocument.pairs(&tokens)
        fields = try GraphQLDocument.selection(&tokens)
        if let rest = tokens.first { throw Problem.unexpected(rest) }
    }

    /// Names with their sigils and marks; `(`, `)`, `{`, `}` and `:` stand alone.
    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        var word = ""
        for character in text + " " {
            let isMark = "(){}:".contains(character)
            guard character.isWhitespace || character == "," || isMark else {
                word.append(character)
                continue
            }
            if !word.isEmpty { tokens.append(word) }
            word = ""
            if isMark { tokens.append(String(character)) }
        }
        return tokens
    }

    private static func next(_ tokens: inout ArraySlice<String>) throws -> String {
        guard let token = tokens.popFirst() else { throw Problem.unexpected("end") }
        return token
    }

    private static func expect(_ token: String, _ tokens: inout ArraySlice<String>) throws {
        let found = try next(&tokens)
        guard found == token else { throw Problem.unexpected(found) }
    }

    /// `(a: b, c: d)`, or nothing; a `$` in front of a name is dropped.
    private static func pairs(_ tokens: inout ArraySlice<String>) throws -> [String: String] {
        guard tokens.first == "(" else { return [:] }
        tokens.removeFirst()
        var pairs: [String: String] = [:]
        while tokens.first != ")" {
            let name = try next(&tokens)
            try expect(":", &tokens)
            pairs[bare(name)] = bare(try next(&tokens))
        }
        tokens.removeFirst()
        return pairs
    }

    private static func bare(_ name: String) -> String {
        name.hasPrefix("$") ? String(name.dropFirst()) : name
    }

    private static func selection(_ tokens: inout ArraySlice<String>) throws -> [Field] {
        guard tokens.first == "{" else { return [] }
        tokens.removeFirst()
        var fields: [Field] = []
        while tokens.first != "}" {
            let name = try next(&tokens)
            fields.append(Field(name: name, arguments: try pairs(&tokens), fields: try selection(&tokens)))
        }
        tokens.removeFirst()
        return fields
    }
}
