/// A text with `{{names}}` in it, filled in one pass: what is put in is never read as a name again.
public struct TextTemplate: Equatable, Sendable {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    /// Unknown names stay as they are; an empty value takes the space before it along. A blank is put on either side of
    /// `{{link}}` where a phone would take what stands there for a part of the address.
    public func filled(_ values: [String: String]) -> String {
        var result = ""
        /// Where the last link ended, in bytes.
        var linkEnd: Int?
        func add(_ text: String) {
            guard !text.isEmpty else { return }
            if linkEnd == result.utf8.count, !Self.endsLink(text) { result += " " }
            result += text
        }
        for part in parts {
            switch part {
            case .words(let words): add(words)
            case .name(let name):
                guard let value = values[name] else {
                    add("{{\(name)}}")
                    continue
                }
                if value.isEmpty, result.last == " " { result.removeLast() }
                guard name == "link", !value.isEmpty else {
                    add(value)
                    continue
                }
                if !Self.mayPrecedeLink(result) { result += " " }
                result += value
                linkEnd = result.utf8.count
            }
        }
        return result
    }

    /// Only what no program takes for a part of an address: phones differ in dots, brackets, quotes and letters of
    /// other scripts.
    private static func endsLink(_ text: String) -> Bool {
        text.unicodeScalars.first.map { [" ", "\n", "\r"].contains($0) } ?? true
    }

    /// A blank, a line end, a colon, or what opens a bracket or a quotation.
    private static func mayPrecedeLink(_ text: String) -> Bool {
        guard let last = text.unicodeScalars.last else { return true }
        switch last.properties.generalCategory {
        case .openPunctuation, .initialPunctuation: return true
        default: return last.properties.isWhitespace || [":", "\u{FF1A}", "\"", "'"].contains(last)
        }
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
