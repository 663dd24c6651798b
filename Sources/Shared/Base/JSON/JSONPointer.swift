/// A place in a JSON document (RFC 6901), such as `/messages/0/id`. A place that is not there is no error.
public struct JSONPointer: Equatable, Sendable {
    private let tokens: [String]

    /// Nil for what is no pointer: it is empty (the whole document) or begins with `/`; `~0` is `~`, `~1` is `/`.
    public init?(_ text: String) {
        guard !text.isEmpty else {
            tokens = []
            return
        }
        guard text.hasPrefix("/") else { return nil }
        var tokens: [String] = []
        for part in text.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            guard let token = Self.unescaped(part) else { return nil }
            tokens.append(token)
        }
        self.tokens = tokens
    }

    public func value(in tree: JSONTree) -> JSONTree? {
        var place = tree
        for token in tokens {
            switch place {
            case .object(let members):
                guard let member = members[token] else { return nil }
                place = member
            case .array(let elements):
                guard let index = Self.index(token), elements.indices.contains(index) else { return nil }
                place = elements[index]
            case .null, .bool, .integer, .number, .string:
                return nil
            }
        }
        return place
    }

    private static func unescaped(_ part: Substring) -> String? {
        var token = ""
        var rest = part[...]
        while let character = rest.popFirst() {
            guard character == "~" else {
                token.append(character)
                continue
            }
            switch rest.popFirst() {
            case "0": token.append("~")
            case "1": token.append("/")
            default: return nil
            }
        }
        return token
    }

    /// Digits without a zero in front.
    private static func index(_ token: String) -> Int? {
        guard token == "0" || !token.hasPrefix("0"), token.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(token)
    }
}
