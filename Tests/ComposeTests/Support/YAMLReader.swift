import Foundation

/// Reads block mappings and sequences, one-line flow sequences of scalars, `{}`, quoted and plain scalars, comments,
/// anchors on mappings, aliases and the merge key. Strict: whatever else stands there is an error with its line, as is
/// a key that stands twice.
struct YAMLReader {
    private struct Line {
        let number: Int
        let indent: Int
        let text: String
    }

    private var lines: [Line] = []
    private var next = 0
    private var anchors: [String: YAML] = [:]

    static func read(_ text: String) throws -> YAML {
        var reader = try YAMLReader(text)
        let document = try reader.block(indent: 0)
        if let rest = reader.current { throw YAMLError(line: rest.number, reason: "is not indented like its siblings") }
        return document
    }

    private init(_ text: String) throws {
        for (offset, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard !raw.contains("\t") else { throw YAMLError(line: offset + 1, reason: "holds a tab") }
            let content = Self.withoutComment(raw)
            let indent = content.prefix { $0 == " " }.count
            let trimmed = content.trimmingCharacters(in: .whitespaces)
            if !trimmed.isEmpty { lines.append(Line(number: offset + 1, indent: indent, text: trimmed)) }
        }
    }

    private var current: Line? { next < lines.count ? lines[next] : nil }

    private mutating func block(indent: Int) throws -> YAML {
        guard let line = current, line.indent == indent else {
            throw YAMLError(line: current?.number ?? 0, reason: "a block was expected here")
        }
        return line.text.hasPrefix("- ") ? try sequence(indent: indent) : try mapping(indent: indent)
    }

    private mutating func sequence(indent: Int) throws -> YAML {
        var items: [YAML] = []
        while let line = current, line.indent == indent, line.text.hasPrefix("- ") {
            let item = String(line.text.dropFirst(2)).trimmingCharacters(in: .whitespaces)
            if Self.split(item) != nil {
                // A mapping that begins on the dash's line goes on two columns further in.
                lines[next] = Line(number: line.number, indent: indent + 2, text: item)
                items.append(try mapping(indent: indent + 2))
            } else {
                next += 1
                items.append(try value(item, line.number))
            }
        }
        return .list(items)
    }

    private mutating func mapping(indent: Int) throws -> YAML {
        var own: [String: YAML] = [:]
        var merged: [String: YAML] = [:]
        while let line = current, line.indent == indent {
            guard let (key, rest) = Self.split(line.text) else {
                throw YAMLError(line: line.number, reason: "is neither a key nor an item")
            }
            guard own[key] == nil else { throw YAMLError(line: line.number, reason: "\(key) stands twice") }
            next += 1
            let value = try mappingValue(rest, under: line)
            if key == "<<" {
                guard let pairs = value.pairs else { throw YAMLError(line: line.number, reason: "can't be merged") }
                merged.merge(pairs) { first, _ in first }
            } else {
                own[key] = value
            }
        }
        return .map(own.merging(merged) { mine, _ in mine })
    }

    private mutating func mappingValue(_ rest: String, under line: Line) throws -> YAML {
        guard rest.isEmpty || rest.hasPrefix("&") else { return try value(rest, line.number) }
        guard let inner = current, inner.indent > line.indent else {
            throw YAMLError(line: line.number, reason: "has no value")
        }
        let value = try block(indent: inner.indent)
        if !rest.isEmpty { anchors[String(rest.dropFirst())] = value }
        return value
    }

    private func value(_ text: String, _ line: Int) throws -> YAML {
        switch text.first {
        case "*":
            guard let known = anchors[String(text.dropFirst())] else {
                throw YAMLError(line: line, reason: "\(text) is not anchored above")
            }
            return known
        case "{":
            guard text == "{}" else { throw YAMLError(line: line, reason: "flow mappings are not read") }
            return .map([:])
        case "[":
            guard text.last == "]" else { throw YAMLError(line: line, reason: "the list does not end on its line") }
            return .list(try Self.entries(text.dropFirst().dropLast(), line).map { .scalar(try scalar($0, line)) })
        default:
            return .scalar(try scalar(text, line))
        }
    }

    private func scalar(_ text: String, _ line: Int) throws -> String {
        for quote in ["\"", "'"] where text.hasPrefix(quote) {
            let inner = text.dropFirst().dropLast()
            guard text.count >= 2, text.hasSuffix(quote), !inner.contains(quote), !inner.contains("\\") else {
                throw YAMLError(line: line, reason: "quotes inside quotes and escapes are not read")
            }
            return String(inner)
        }
        guard !text.isEmpty, !text.contains(": "), let first = text.first, !"&*!|>@`%{}[],".contains(first) else {
            throw YAMLError(line: line, reason: "\(text) is not a plain scalar")
        }
        return text
    }

    /// The entries of a flow sequence; a comma inside quotes does not end one.
    private static func entries(_ text: Substring, _ line: Int) throws -> [String] {
        var entries = [""]
        var quote: Character?
        for character in text {
            if character == "," && quote == nil {
                entries.append("")
                continue
            }
            if character == quote { quote = nil } else if quote == nil, "\"'".contains(character) { quote = character }
            entries[entries.count - 1].append(character)
        }
        guard quote == nil else { throw YAMLError(line: line, reason: "a quote is not closed") }
        return entries.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// `key: rest` or `key:`; nil for anything else.
    private static func split(_ text: String) -> (key: String, rest: String)? {
        guard let match = text.wholeMatch(of: #/([A-Za-z0-9_.<-]+):(?: +(.*))?/#) else { return nil }
        return (String(match.1), match.2.map(String.init) ?? "")
    }

    private static func withoutComment(_ line: Substring) -> Substring {
        var quote: Character?
        var previous: Character = " "
        for index in line.indices {
            let character = line[index]
            if character == quote {
                quote = nil
            } else if quote == nil {
                if character == "#", previous == " " { return line[..<index] }
                if "\"'".contains(character), !previous.isLetter { quote = character }
            }
            previous = character
        }
        return line
    }
}
