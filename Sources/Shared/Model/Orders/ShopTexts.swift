/// A merchant's own texts: kind → language (`de`, `pt-br`) → template. A kind that is nil is as built in: `code` is
/// sent in any case, the other two only where they are not nil.
public struct ShopTexts: Codable, Equatable, Sendable {
    public var code: [String: String]?
    /// Sent when the order has been verified; empty for the built-in words.
    public var verified: [String: String]?
    /// Sent when we have cancelled the order.
    public var cancelled: [String: String]?

    public init(
        code: [String: String]? = nil, verified: [String: String]? = nil, cancelled: [String: String]? = nil
    ) {
        self.code = code
        self.verified = verified
        self.cancelled = cancelled
    }

    /// The kinds switched on beside the code; nil for none.
    public var words: [TextKind]? {
        let kinds = [TextKind.verified, .cancelled].filter { self[$0] != nil }
        return kinds.isEmpty ? nil : kinds
    }

    public subscript(kind: TextKind) -> [String: String]? {
        switch kind {
        case .code: code
        case .verified: verified
        case .cancelled: cancelled
        }
    }
}

/// What a text is for.
public enum TextKind: String, Codable, Hashable, Sendable, CaseIterable {
    case code, verified, cancelled
}
