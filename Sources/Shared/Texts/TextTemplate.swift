/// A text with `{{names}}` in it, filled in one pass: what is put in is never read as a name again.
public struct TextTemplate: Equatable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// Unknown names stay as they are; an empty value takes the space before it along.
    public func filled(_ values: [String: String]) -> String {
        var result = ""
        for part in parts {
            switch part {
            case .words(let words): result += words
            case .name(let name):
                guard let value = values[name] else {
                    result += "{{\(name)}}"
                    continue
                }
                if value.isEmpty, result.last == " " { result.removeLast() }
                result += value
            }
        }
        return result
    }

    enum Part: Equatable {
        case words(String)
        case name(String)
    }

    var parts: [Part] {
        var parts: [Part] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{") {
            let inner = rest[open.upperBound...]
            guard let close = inner.firstRange(of: "}}") else { break }
            // The innermost pair counts: `{{{b}}` is a brace and a name.
            let name = inner[..<close.lowerBound]
            let start = name.lastIndex(of: "{").map { name.index(after: $0) } ?? name.startIndex
            let skipped = rest[..<rest.index(start, offsetBy: -2)]
            if !skipped.isEmpty { parts.append(.words(String(skipped))) }
            parts.append(.name(String(name[start...])))
            rest = inner[close.upperBound...]
        }
        if !rest.isEmpty { parts.append(.words(String(rest))) }
        return parts
    }
}
