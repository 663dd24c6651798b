/// What a GraphQL document asks for, as far as the stand-in tells operations apart: the first field of its selection.
/// One operation with one field a document, as our client writes them.
struct GraphQLDocument: Sendable, Equatable {
    enum Kind: String, Sendable {
        case query, mutation
    }

    var kind: Kind
    /// `tagsAdd`
    var field: String
    /// The name of the field in the answer: its alias, or its own.
    var key: String

    /// Nil for what has no selection.
    init?(_ text: String) {
        var depth = 0
        guard
            let open = text.firstIndex(where: { character in
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
                return character == "{" && depth == 0
            })
        else { return nil }
        let header = text[..<open].drop(while: \.isWhitespace)
        kind = header.hasPrefix("mutation") ? .mutation : .query
        let selection = text[text.index(after: open)...].drop(while: \.isWhitespace)
        let first = selection.prefix(while: Self.isName)
        guard !first.isEmpty else { return nil }
        let rest = selection.dropFirst(first.count).drop(while: \.isWhitespace)
        key = String(first)
        field = key
        if rest.first == ":" {
            field = String(rest.dropFirst().drop(while: \.isWhitespace).prefix(while: Self.isName))
        }
    }

    private static func isName(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber || character == "_")
    }
}
