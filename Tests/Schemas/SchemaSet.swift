import Base
import Foundation

/// The JSON Schemas of a folder, and a validator of the part of 2020-12 that they use.
///
/// Strict: a keyword, type or format it does not know is an error, even where no value reaches it, so that a schema
/// can't seem to check what nobody checks.
package struct SchemaSet: Sendable {
    package struct Problem: Error, CustomStringConvertible {
        package let description: String

        package init(description: String) { self.description = description }
    }

    /// A schema and the file it stands in, which its references are relative to.
    package struct Located {
        package let file: String
        package let schema: JSONTree
    }

    static let annotations: Set = ["$schema", "$defs", "title", "description", "examples"]
    static let assertions: Set = [
        "$ref", "allOf", "type", "const", "enum", "required", "properties", "minLength", "maxLength", "pattern",
        "format", "minimum", "maximum", "additionalProperties", "items", "maxItems",
        "dependentRequired",
    ]
    package static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// By file name.
    package let files: [String: JSONTree]

    package init(files: [String: JSONTree]) {
        self.files = files
    }

    package init(folder: URL) throws {
        var files: [String: JSONTree] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            files[name] = try JSONTree(document: Data(contentsOf: folder.appending(path: name)))
        }
        self.files = files
    }

    /// The schema that `name.json#/pointer`, or `#/pointer` within `file`, leads to.
    package func resolve(_ reference: String, from file: String) throws -> Located {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].isEmpty ? file : String(parts[0])
        guard let schema = files[name]?.at(parts.count > 1 ? parts[1] : "") else {
            throw Problem(description: "\(file): \(reference) leads nowhere")
        }
        return Located(file: name, schema: schema)
    }

    /// Checks the schemas themselves: the dialect, every keyword, every reference, every pattern.
    package func check() throws {
        for (file, schema) in files {
            guard schema["$schema"] == .string(Self.dialect) else { throw Problem(description: "\(file): $schema") }
            try check(Located(file: file, schema: schema))
        }
    }

    /// Checks one schema of a document that is more than schemas (OpenAPI).
    package func check(_ reference: String) throws {
        try check(resolve(reference, from: ""))
    }

    private func check(_ located: Located) throws {
        guard let members = located.schema.object else {
            throw Problem(description: "\(located.file): a schema must be an object")
        }
        for (keyword, value) in members {
            guard Self.annotations.contains(keyword) || Self.assertions.contains(keyword) else {
                throw Problem(description: "\(located.file): unknown keyword \(keyword)")
            }
            switch keyword {
            case "$defs", "properties":
                for schema in (value.object ?? [:]).values { try check(Located(file: located.file, schema: schema)) }
            case "allOf":
                for schema in value.array ?? [] { try check(Located(file: located.file, schema: schema)) }
            case "items":
                try check(Located(file: located.file, schema: value))
            case "$ref":
                _ = try resolve(value.string ?? "", from: located.file)
            case "pattern":
                _ = try Regex(value.string ?? "(")
            default:
                break
            }
        }
        for example in members["examples"]?.array ?? [] { try validate(example, against: located) }
    }

    package func validate(_ value: JSONTree, against reference: String) throws {
        try validate(value, against: resolve(reference, from: ""))
    }

    package func validate(_ value: JSONTree, against located: Located) throws {
        if located.schema["additionalProperties"] == .bool(false) {
            let known = Set((located.schema["properties"]?.object ?? [:]).keys)
            if let stranger = (value.object ?? [:]).keys.first(where: { !known.contains($0) }) {
                throw Problem(description: "nothing is said of \(stranger)")
            }
        }
        for (keyword, argument) in located.schema.object ?? [:] where !Self.annotations.contains(keyword) {
            do {
                try assert(keyword, argument, value, file: located.file)
            } catch let problem as Problem {
                throw Problem(description: "\(keyword) › \(problem)")
            }
        }
    }

    private func assert(_ keyword: String, _ argument: JSONTree, _ value: JSONTree, file: String) throws {
        func require(_ condition: Bool) throws {
            if !condition { throw Problem(description: "\(argument), but the value is \(value)") }
        }
        switch keyword {
        case "$ref":
            try validate(value, against: resolve(argument.string ?? "", from: file))
        case "allOf":
            for schema in argument.array ?? [] { try validate(value, against: Located(file: file, schema: schema)) }
        case "properties":
            for (name, schema) in argument.object ?? [:] {
                guard let member = value[name] else { continue }
                try validate(member, against: Located(file: file, schema: schema))
            }
        case "items":
            for element in value.array ?? [] { try validate(element, against: Located(file: file, schema: argument)) }
        case "additionalProperties":
            guard argument == .bool(false) else { throw Problem(description: "only false is known") }
        case "required":
            guard let members = value.object else { return }
            try require((argument.strings ?? []).allSatisfy { members[$0] != nil })
        case "dependentRequired":
            for (name, others) in argument.object ?? [:] where value[name] != nil {
                try require((others.strings ?? []).allSatisfy { value[$0] != nil })
            }
        case "type":
            let types = argument.string.map { [$0] } ?? argument.strings ?? []
            try require(types.contains { try isOf($0, value) })
        case "const": try require(value == argument)
        case "enum": try require(argument.array?.contains(value) ?? false)
        default: try assertScalar(keyword, argument, value, require)
        }
    }

    /// The keywords that say something about one type only, and nothing about values of another.
    private func assertScalar(
        _ keyword: String, _ argument: JSONTree, _ value: JSONTree, _ require: (Bool) throws -> Void
    ) throws {
        switch (keyword, value) {
        case ("minimum", .integer(let number)): try require(number >= argument.integer ?? .max)
        case ("maximum", .integer(let number)): try require(number <= argument.integer ?? .min)
        case ("minimum", .number(let number)): try require(number >= Double(argument.integer ?? .max))
        case ("minLength", .string(let text)): try require(text.unicodeScalars.count >= argument.integer ?? .max)
        case ("maxLength", .string(let text)): try require(text.unicodeScalars.count <= argument.integer ?? 0)
        case ("maxItems", .array(let elements)): try require(elements.count <= argument.integer ?? 0)
        case ("pattern", .string(let text)): try require(text.contains(Regex(argument.string ?? "(")))
        case ("format", .string(let text)): try require(hasFormat(argument.string ?? "", text))
        case ("minimum", _), ("maximum", _), ("minLength", _), ("maxLength", _), ("pattern", _), ("format", _),
            ("maxItems", _):
            break
        default: throw Problem(description: "unknown keyword \(keyword)")
        }
    }

    private func isOf(_ type: String, _ value: JSONTree) throws -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("integer", .integer), ("boolean", .bool),
            ("null", .null), ("number", .integer), ("number", .number):
            true
        case ("object", _), ("array", _), ("string", _), ("integer", _), ("boolean", _), ("null", _), ("number", _):
            false
        default: throw Problem(description: "unknown type \(type)")
        }
    }

    private func hasFormat(_ format: String, _ text: String) throws -> Bool {
        switch format {
        case "uuid": UUID(uuidString: text) != nil
        case "uri-reference": URL(string: text, encodingInvalidCharacters: false) != nil
        case "date-time": (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)) != nil
        default: throw Problem(description: "unknown format \(format)")
        }
    }
}
