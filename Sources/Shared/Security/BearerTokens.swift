/// The operator's bearer tokens (RFC 6750), several while one replaces another.
public struct BearerTokens: Sendable {
    private let tokens: [Secret]

    public init(_ tokens: [Secret]) {
        self.tokens = tokens
    }

    /// - Parameter field: the request's `Authorization`.
    public func allow(_ field: String?) -> Bool {
        let scheme = "bearer "
        guard let field, field.lowercased().hasPrefix(scheme) else { return false }
        let given = Array(field.utf8.dropFirst(scheme.utf8.count))
        // Every token is compared, so that the time does not tell which one came close.
        return tokens.reduce(false) { matched, token in constantTimeEquals(token.bytes, given) || matched }
    }
}
