/// What docker compose makes of `$` in a value: `${NAME}`, `${NAME:-otherwise}`, `${NAME:?complaint}`,
/// `${NAME:+instead}`, one inside another; `$$` is a dollar sign. Anything else behind a dollar sign is an error.
struct Interpolation {
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    private let values: [String: String]

    static func fill(_ text: String, _ values: [String: String]) throws -> String {
        try Interpolation(values: values).fill(text[...])
    }

    /// The names in it, those of parts that are not taken among them.
    static func names(in text: String) -> Set<String> {
        Set(text.matches(of: #/\$\{([A-Za-z0-9_]+)/#).map { String($0.1) })
    }

    private func fill(_ text: Substring) throws -> String {
        var (result, rest) = ("", text)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result += "$"
                rest.removeFirst()
            case "{":
                let end = try closing(rest)
                result += try replaced(rest[..<end].dropFirst())
                rest = rest[end...].dropFirst()
            case nil, _?:
                throw Problem(description: "a lone dollar sign in \(text)")
            }
        }
        return result + rest
    }

    /// Where the brace that opens `text` is closed.
    private func closing(_ text: Substring) throws -> Substring.Index {
        var depth = 0
        for index in text.indices {
            if text[index] == "{" { depth += 1 }
            if text[index] == "}" { depth -= 1 }
            if depth == 0 { return index }
        }
        throw Problem(description: "a brace is not closed in \(text)")
    }

    private func replaced(_ inner: Substring) throws -> String {
        guard let match = inner.wholeMatch(of: #/([A-Za-z0-9_]+)(?::([-?+])(.*))?/#) else {
            throw Problem(description: "${\(inner)} is not understood")
        }
        let name = String(match.1)
        let value = values[name].flatMap { $0.isEmpty ? nil : $0 }
        switch match.2 {
        case "-": return try value ?? fill(match.3 ?? "")
        case "+": return try value == nil ? "" : fill(match.3 ?? "")
        case "?":
            guard let value else { throw Problem(description: "\(name): \(match.3 ?? "")") }
            return value
        case nil, _?: return value ?? ""
        }
    }
}
